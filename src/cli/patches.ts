import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { utf8Text } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { openRepository, privatePath, type Repository } from './git.ts';
import type { Place } from './memory.ts';
import { lookAt, writePrivate } from './write-file.ts';

/**
 * Lines that a patch removes hold values in clear, so where each was written is remembered until `--confirm` destroys it.
 * By its first line we know it again and delete nobody else's file; git apply and patch pass over it.
 */
const markOf = ({ project, environment }: Place): string =>
  `Values of ${project}/${environment} in clear, by chatelaine adopt --rewrite; chatelaine adopt --confirm destroys this file.`;

/** Where a patch goes by itself: into git's own folder, which no commit holds, else beside what this machine remembers. */
export const patchPlace = (
  { memory }: Pick<Context, 'memory'>,
  { project, environment }: Place,
  repository: Repository | undefined,
): Promise<string> =>
  repository === undefined
    ? Promise.resolve(join(dirname(memory.file), 'patches', `${project}-${environment}.patch`))
    : privatePath(repository, 'chatelaine.patch');

/** Writes a patch, mode 0600. It is remembered first: no patch is ever forgotten. */
export const writePatch = ({ memory }: Pick<Context, 'memory'>, place: Place, file: string, patch: string): void => {
  memory.update((now) => ({ ...now, patches: { ...now.patches, [file]: place } }));
  writePrivate(file, `${markOf(place)}\n${patch}`);
};

/**
 * Destroys the patches of a place: overwritten, emptied and deleted. What the disk keeps of blocks that it moved, only
 * the disk knows. Files that are none of ours any more are left alone. Errors: `cli.unwritable`.
 */
export const destroyPatches = async (context: Context, place: Place, folder: string): Promise<readonly string[]> => {
  const { memory } = context;
  const remembered = Object.entries(memory.read().patches).flatMap(([file, of]) =>
    of.project === place.project && of.environment === place.environment ? [file] : [],
  );
  const byItself = await patchPlace(context, place, await openRepository(folder, context.environment));
  const destroyed = [...new Set([...remembered, byItself])].filter((file) => destroy(file, markOf(place)));
  if (remembered.length > 0)
    memory.update((now) => ({
      ...now,
      patches: Object.fromEntries(Object.entries(now.patches).filter(([file]) => !remembered.includes(file))),
    }));
  return destroyed;
};

const destroy = (file: string, mark: string): boolean => {
  const stats = lookAt(file);
  if (stats === undefined || !stats.isFile()) return false;
  try {
    const handle = openSync(file, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    try {
      const start = new Uint8Array(mark.length);
      readSync(handle, start, 0, start.length, 0);
      if (!isMark(start, mark)) return false;
      writeSync(handle, new Uint8Array(fstatSync(handle).size), 0, undefined, 0);
      fsyncSync(handle);
      ftruncateSync(handle, 0);
    } finally {
      closeSync(handle);
    }
    rmSync(file);
    return true;
  } catch (error) {
    throw cliError('unwritable', `${file} holds values in clear and cannot be destroyed.`, { place: file }, error);
  }
};

const isMark = (start: Uint8Array, mark: string): boolean => {
  try {
    return utf8Text(start) === mark;
  } catch {
    return false;
  }
};
