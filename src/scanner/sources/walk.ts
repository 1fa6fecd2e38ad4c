import { type Dirent, lstatSync, opendirSync, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/** What a folder holds, as far as it can be told without opening anything. */
export type Entry =
  | { readonly type: 'file'; readonly file: string; readonly path: string }
  /** A file whose name is not UTF-8: `file` are its bytes. */
  | { readonly type: 'odd'; readonly file: Buffer; readonly path: string }
  | { readonly type: 'left'; readonly path: string; readonly why: string }
  | { readonly type: 'failed'; readonly path: string; readonly error: unknown }
  | { readonly type: 'deep'; readonly path: string };

export type WalkOptions = {
  readonly isExcluded: (path: string) => boolean;
  /** Real paths of everything that is walked: links to there need no word. */
  readonly roots: readonly string[];
};

/** Size of a folder itself, in bytes, that tells of more than some ten thousand names on the usual file systems. */
const LONG_FOLDER = 512 * 1024;
/** Folders in folders; each is open while those in it are walked. */
const DEEPEST = 256;
/** What the system invents: endless, or waiting for a device. */
const INVENTED = new Set(['/proc', '/sys', '/dev', '/run/user']);
/** Of git's own folder: addresses with tokens in them are a common leak. Objects are for the history. */
const OF_GIT = ['config', 'config.worktree', 'FETCH_HEAD'];

/** Files below a folder, depth first, in the order of the disk; never through a link. */
export const walk = function* (folder: string, path: string, options: WalkOptions, depth = 0): Generator<Entry> {
  if (depth > DEEPEST) {
    yield { type: 'deep', path };
    return;
  }
  let odd = false;
  try {
    for (const entry of namesIn(folder)) {
      if (entry.name.includes('\u{fffd}')) odd = true;
      else yield* visit(entry, folder, path, options, depth);
    }
    if (odd) yield* oddNames(folder, path);
  } catch (error) {
    yield { type: 'failed', path: path === '' ? '.' : path, error };
  }
};

/** All at once takes half the time, and memory for each; one at a time where there may be many thousands. */
const namesIn = (folder: string): Iterable<Dirent> =>
  lstatSync(folder).size > LONG_FOLDER ? oneByOne(folder) : readdirSync(folder, { withFileTypes: true });

const oneByOne = function* (folder: string): Generator<Dirent> {
  const opened = opendirSync(folder, { bufferSize: 512 });
  try {
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) yield entry;
  } finally {
    opened.closeSync();
  }
};

const visit = function* (
  entry: Dirent,
  folder: string,
  above: string,
  options: WalkOptions,
  depth: number,
): Generator<Entry> {
  const { name } = entry;
  const file = folder === sep ? `${sep}${name}` : `${folder}${sep}${name}`;
  const path = above === '' ? name : above === '/' ? `/${name}` : `${above}/${name}`;
  if (options.isExcluded(path)) yield { type: 'left', path, why: 'left out by --exclude' };
  else if (entry.isFile()) yield { type: 'file', file, path };
  else if (entry.isDirectory()) yield* visitFolder(file, path, options, depth);
  else if (entry.isSymbolicLink()) yield* visitLink(file, path, options);
  else if (entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice() || entry.isBlockDevice())
    yield { type: 'left', path, why: SPECIAL };
  else yield* visitUnknown(file, path, options, depth);
};

const SPECIAL = 'a pipe, socket or device is not read';

const visitFolder = function* (file: string, path: string, options: WalkOptions, depth: number): Generator<Entry> {
  if (INVENTED.has(file)) yield { type: 'left', path, why: 'files that the system invents are not read' };
  else if (file.endsWith(`${sep}.git`)) {
    yield { type: 'left', path, why: 'the history is not read here: scan it with --git' };
    for (const name of OF_GIT)
      if (isFile(join(file, name))) yield { type: 'file', file: join(file, name), path: `${path}/${name}` };
  } else yield* walk(file, path, options, depth + 1);
};

const isFile = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false })?.isFile() === true;

const visitLink = function* (file: string, path: string, { roots }: WalkOptions): Generator<Entry> {
  try {
    const target = realpathSync(file);
    const inside = roots.some((root) => target === root || target.startsWith(root === sep ? sep : `${root}${sep}`));
    if (!inside) yield { type: 'left', path, why: 'a link that leads out of what is scanned is not followed' };
  } catch (error) {
    const circle = error instanceof Error && 'code' in error && error.code === 'ELOOP';
    yield { type: 'left', path, why: circle ? 'a link that leads in a circle' : 'a link that leads nowhere' };
  }
};

/** Some file systems do not tell the type with the name. */
const visitUnknown = function* (file: string, path: string, options: WalkOptions, depth: number): Generator<Entry> {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (facts === undefined) {
    yield { type: 'failed', path, error: Object.assign(new Error('gone'), { code: 'ENOENT' }) };
    return;
  }
  if (facts.isFile()) yield { type: 'file', file, path };
  else if (facts.isDirectory()) yield* visitFolder(file, path, options, depth);
  else if (facts.isSymbolicLink()) yield* visitLink(file, path, options);
  else yield { type: 'left', path, why: SPECIAL };
};

const oddNames = function* (folder: string, above: string): Generator<Entry> {
  for (const entry of readdirSync(folder, { encoding: 'buffer', withFileTypes: true })) {
    const name = entry.name.toString('utf8');
    if (!name.includes('\u{fffd}')) continue;
    const path = above === '' ? name : `${above}/${name}`;
    if (entry.isFile()) yield { type: 'odd', file: Buffer.concat([Buffer.from(`${folder}${sep}`), entry.name]), path };
    else if (entry.isDirectory()) {
      const error = Object.assign(new Error('not UTF-8'), { code: 'EILSEQ' });
      yield { type: 'failed', path, error };
    } else yield { type: 'left', path, why: SPECIAL };
  }
};
