import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type JsonObject, stringifyJson, utf8Text } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { openRepository } from './git.ts';
import { ignoreFile } from './rewrite-files.ts';
import { lookAt, replaceFile, writePrivate } from './write-file.ts';

/**
 * Writes what no file of a folder holds into one of its own, mode 0600, kept out of git before it holds anything, and
 * reads it back. Errors: `cli.unsafe_file` when there is such a file, `cli.not_equal` when it holds something else.
 *
 * @returns the `.gitignore` that now names it; null where git ignores it already or there is no repository
 */
export const writeRest = async (
  { environment }: Context,
  file: string,
  values: Readonly<Record<string, JsonObject>>,
): Promise<string | null> => {
  if (existsSync(file))
    throw cliError('unsafe_file', `${file} is there already.`, {
      instead: 'Move it away, or name another with --rest.',
    });
  const ignore = await keepOutOfGit(file, environment);
  const content = `${stringifyJson(values)}\n`;
  writePrivate(file, content);
  if (utf8Text(readFileSync(file)) !== content)
    throw cliError('not_equal', `${file} does not hold what was written to it.`, {
      instead: 'Is the disk full or failing? Delete the file and run chatelaine leave again.',
    });
  return ignore;
};

const keepOutOfGit = async (file: string, environment: Context['environment']): Promise<string | null> => {
  const folder = dirname(file);
  const repository = existsSync(folder) ? await openRepository(folder, environment) : undefined;
  if (repository === undefined) return null;
  const name = basename(file);
  if ((await repository.git(['check-ignore', '--', name], { fails: true })) !== '') return null;
  const place = join(folder, '.gitignore');
  const stats = lookAt(place);
  if (stats !== undefined && !stats.isFile())
    throw cliError('unsafe_file', `${place} is not a plain file.`, { instead: 'Replace it by one.' });
  // What git would read as a pattern (gitignore, "PATTERN FORMAT").
  const line = `/${name.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`)}`;
  const added = ignoreFile([line], stats === undefined ? null : readFileSync(place));
  if (added === null) return null;
  replaceFile(place, added.after, {
    mode: stats === undefined ? 0o644 : stats.mode & 0o7777,
    ...(stats === undefined ? {} : { owner: { uid: stats.uid, gid: stats.gid } }),
  });
  return place;
};
