import { lstatSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Template, credentialsIn, render } from '#formats';
import { type JsonObject, Secret } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { isInside, isWorthReading } from './folder.ts';
import { sha256 } from './hash.ts';
import type { Place } from './memory.ts';
import { readValues } from './read-values.ts';
import type { Server } from './session.ts';
import { isPlainPath, readTemplate } from './templates.ts';
import { singleText } from './value.ts';
import { PRIVATE, replaceFile } from './write-file.ts';

export type RenderOptions = {
  /** Throws edits by hand away. */
  readonly overwrite: boolean;
  /** Only tells what would be written. */
  readonly check: boolean;
};

export type Rendered = {
  readonly written: readonly string[];
  readonly same: readonly string[];
  /** With `check`: what is not as it should be. */
  readonly stale: readonly string[];
};

/**
 * Writes every file that holds values of an environment: one bulk read, everything rendered in memory before the first
 * write, files that are as they should be left alone. Errors: `cli.edited_by_hand` before anything is written.
 */
export const renderPlace = async (
  context: Context,
  server: Server,
  place: Place,
  folder: string,
  { overwrite, check }: RenderOptions,
): Promise<Rendered> => {
  const root = openRoot(folder);
  const listed = await server.call('renderings.list', { params: place });
  if (listed.items.length === 0) return { written: [], same: [], stale: [] };
  const stands = listed.items.map(({ target }) => standOf(root, target));
  const { items } = await server.call('renderings.open', {
    params: place,
    body: { targets: stands.map(({ target, hash }) => ({ target, found: hash })) },
  });
  const templates = items.map(({ plan }) => readTemplate(plan));
  const values = await valuesFor(server, place, templates);
  const files = templates.map((template, at) => {
    const stand = stands.find(({ target }) => target === template.path)!;
    const bytes = render(template, (name) => values.get(name)).reveal();
    return { ...stand, bytes, isSame: stand.hash === sha256(bytes), isEdited: isEdited(items[at]!.written, stand) };
  });
  refuseTwins(files);
  const edited = files.filter(({ isSame, isEdited: byHand }) => byHand && !isSame);
  if (edited.length > 0 && !overwrite)
    throw cliError(
      'edited_by_hand',
      `Somebody edited ${edited.map(({ target }) => target).join(', ')} since it was written.`,
      { folder },
    );
  const stale = files.filter(({ isSame }) => !isSame);
  if (!check) {
    for (const { real, bytes, owner } of stale) {
      context.signal.throwIfAborted();
      mkdirSync(dirname(real), { recursive: true });
      replaceFile(real, bytes, { mode: PRIVATE, ...(owner === undefined ? {} : { owner }) });
    }
    const marks = files
      .filter(({ isSame }, at) => !isSame || items[at]!.written !== 'untouched')
      .map(({ target, bytes }) => ({ target, hash: sha256(bytes) }));
    if (marks.length > 0) await server.call('renderings.written', { params: place, body: { written: marks } });
  }
  const names = (some: readonly { readonly target: string }[]): readonly string[] => some.map(({ target }) => target);
  return {
    written: check ? [] : names(stale),
    same: names(files.filter(({ isSame }) => isSame)),
    stale: check ? names(stale) : [],
  };
};

type Stand = {
  readonly target: string;
  readonly real: string;
  readonly hash: string | null;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
};

/** A file that was never written by us but is there with other content is somebody's work as well. */
const isEdited = (written: 'never' | 'untouched' | 'edited', { hash }: Stand): boolean =>
  written === 'edited' || (written === 'never' && hash !== null);

const openRoot = (folder: string): string => {
  try {
    return realpathSync(folder);
  } catch (error) {
    throw cliError('unreadable', `The folder ${folder} cannot be read.`, { place: folder }, error);
  }
};

/** The file as it is. A link is followed inside the folder and nowhere else. */
const standOf = (root: string, target: string): Stand => {
  if (!isPlainPath(target)) throw cliError('outside_folder', `${target} is no place inside a folder.`);
  // Templates come from the store, and others may write them: only what an adoption could have read is ever written.
  if (!isWorthReading(target))
    throw cliError('unsafe_file', `${target} is no file of configuration that holds values.`, {
      instead: 'Find out who added it: chatelaine audit tail --action credential.adopt.',
    });
  const file = join(root, target);
  const above = nearestFolder(dirname(file));
  if (above !== root && !isInside(root, above))
    throw cliError('outside_folder', `${target} would be written outside of ${root}.`);
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return { target, real: file, hash: null, owner: undefined };
  const real = stats.isSymbolicLink() ? behindLink(file, target) : file;
  if (real !== file && !isInside(root, real))
    throw cliError('outside_folder', `${target} is a link to a place outside of ${root}.`);
  const { uid, gid } = lstatSync(real);
  if (!lstatSync(real).isFile())
    throw cliError('unsafe_file', `${target} is not a plain file.`, { instead: 'Move it away.' });
  try {
    return { target, real, hash: sha256(readFileSync(real)), owner: { uid, gid } };
  } catch (error) {
    throw cliError('unreadable', `${target} cannot be read.`, { place: real }, error);
  }
};

const behindLink = (file: string, target: string): string => {
  try {
    return realpathSync(file);
  } catch (error) {
    throw cliError('unsafe_file', `${target} is a link that leads nowhere.`, { instead: 'Remove the link.' }, error);
  }
};

/** The nearest folder above that exists, links resolved. */
const nearestFolder = (folder: string): string => {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return realpathSync(at);
    } catch {
      if (at === dirname(at)) return at;
    }
  }
};

/** Two targets that are one file (a link) must agree, or the second would undo the first. */
const refuseTwins = (
  files: readonly { readonly target: string; readonly real: string; readonly bytes: Uint8Array }[],
): void => {
  for (const [, twins] of Map.groupBy(files, ({ real }) => real))
    if (new Set(twins.map(({ bytes }) => sha256(bytes))).size > 1)
      throw cliError(
        'unsafe_file',
        `${twins.map(({ target }) => target).join(' and ')} are one file, and should hold different things.`,
        { instead: 'Make them two files.' },
      );
};

const valuesFor = async (
  server: Server,
  { project, environment }: Place,
  templates: readonly Template[],
): Promise<ReadonlyMap<string, Secret>> => {
  const names = [...new Set(templates.flatMap(credentialsIn))];
  const values = await readValues(
    server,
    names.map((name) => `${project}/${environment}/${name}`),
  );
  return new Map(
    names.flatMap((name, at): [string, Secret][] => {
      const text = singleText(values[at] as JsonObject);
      return text === undefined ? [] : [[name, Secret.fromText(text)]];
    }),
  );
};
