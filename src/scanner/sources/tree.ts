import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Secret } from '#kernel';
import { scannerError } from '../errors.ts';
import type { Source, Yield } from '../unit.ts';
import { openArchive } from './archive/archive.ts';
import { isArchiveName, isClosedArchiveName } from './archive/is-archive-name.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './archive/limits.ts';
import { startOpening } from './archive/open-content.ts';
import { Unread, closed, gap, gapOf, interrupted, printable } from './gap.ts';
import { openRepository } from './git/repository.ts';
import { splitRecords } from './git/records.ts';
import { type GitTools, firstComplaint } from './git/run-git.ts';
import { globMatcher } from './glob.ts';
import { openRegular } from './open-file.ts';
import { skippedTally } from './skipped-tally.ts';
import { type Entry, walk } from './walk.ts';

export type TreeOptions = {
  /** Files and folders. A link among them is followed; none below them is. */
  readonly paths: readonly string[];
  /** Globs, see `globMatcher`. Nothing else is left out but git's own folder. */
  readonly exclude?: readonly string[];
  /** With it, only what git would not ignore, as git itself decides. The paths must lie in a repository. */
  readonly unignored?: GitTools;
  /** Of encrypted Home Assistant backups in the tree. */
  readonly key?: Secret;
  readonly limits?: Partial<ArchiveLimits>;
};

/** Files between two words on how far it is. */
const TOLD_EACH = 2000;
/** Files between two looks at the signal: without them nobody hears Ctrl-C, since files are read without waiting. */
const BREATH = 64;

/**
 * Folders and files as they lie there, archives opened. Memory does not grow with the number of files. Errors:
 * `scanner.path_none` for a path that does not exist, and those of a repository with `unignored`.
 */
export const treeSource = (options: TreeOptions): Source =>
  async function* (signal) {
    const roots = options.paths.map(rootOf);
    const tally = skippedTally();
    let done = 0;
    for await (const entry of entriesOf(roots, options, signal)) {
      yield* take(entry, options, tally.add, signal);
      done += 1;
      if (done % BREATH === 0) await breathe();
      if (signal.aborted) break;
      if (done % TOLD_EACH === 0) yield { type: 'progress', progress: { done, total: null, unit: 'files' } };
    }
    yield* tally.rest();
    if (signal.aborted) yield interrupted(options.paths.join(' '));
  };

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Root = { readonly real: string; readonly path: string; readonly type: 'file' | 'folder' | 'special' };

const rootOf = (path: string): Root => {
  const shown = path.replaceAll('\\', process.platform === 'win32' ? '/' : '\\').replace(/(?<=.)\/+$/, '');
  const relative = shown === '.' ? '' : shown.replace(/^(\.\/+)+/, '');
  try {
    const real = realpathSync(path);
    const facts = lstatSync(real);
    return { real, path: relative, type: facts.isDirectory() ? 'folder' : facts.isFile() ? 'file' : 'special' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return { real: path, path: relative, type: 'folder' };
    throw scannerError('path_none', `There is no file or folder ${printable(path)}.`, { path: printable(path) });
  }
};

const entriesOf = async function* (
  roots: readonly Root[],
  { exclude = [], unignored }: TreeOptions,
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const walking = { isExcluded: globMatcher(exclude), roots: roots.map(({ real }) => real) };
  for (const { path, real, type } of roots) {
    if (type === 'file') yield { type: 'file', file: real, path };
    else if (type === 'special') yield { type: 'failed', path, error: SPECIAL };
    else if (unignored !== undefined) yield* unignoredEntries(real, path, unignored, walking.isExcluded, signal);
    else yield* walk(real, path, walking);
  }
};

const SPECIAL = new Error('special');
const NOT_UTF8 = Object.assign(new Error('not UTF-8'), { code: 'EILSEQ' });

/** What git tracks or would add. A repository within it comes as one name that ends with `/`. */
const unignoredEntries = async function* (
  real: string,
  path: string,
  tools: GitTools,
  isExcluded: (path: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Entry> {
  const { git } = await openRepository(real, tools);
  const run = git.start(['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z'], signal);
  run.stdin.end();
  let isRead = false;
  try {
    for await (const names of splitRecords(run.out, 0))
      for (const name of names) {
        const shown = path === '' ? name : `${path}/${name}`;
        const file = join(real, name);
        const facts = lstatSync(file, { throwIfNoEntry: false });
        if (name.includes('\u{fffd}')) yield { type: 'failed', path: shown, error: NOT_UTF8 };
        else if (isExcluded(shown)) yield { type: 'left', path: shown, why: 'left out by --exclude' };
        else if (facts?.isFile() === true) yield { type: 'file', file, path: shown };
        else if (facts?.isDirectory() === true)
          yield { type: 'left', path: shown, why: 'a repository of its own: scan it there' };
        else if (facts !== undefined) yield { type: 'left', path: shown, why: 'a link, pipe or device is not read' };
      }
    isRead = true;
    yield { type: 'left', path: path === '' ? '.' : path, why: 'what git ignores is left out' };
  } finally {
    if (!isRead) run.stop();
    await run.end;
  }
  const end = await run.end;
  if (end.code !== 0 && !signal.aborted)
    yield {
      type: 'failed',
      path: path === '' ? '.' : path,
      error: new Unread('broken', `git could not list all files: ${firstComplaint(end)}.`),
    };
};

const take = async function* (
  entry: Entry,
  options: TreeOptions,
  skip: ReturnType<typeof skippedTally>['add'],
  signal: AbortSignal,
): AsyncGenerator<Yield> {
  if (entry.type === 'left') yield* skip(entry.path, entry.why);
  else if (entry.type === 'failed') yield failure(entry.path, entry.error);
  else if (entry.type === 'deep')
    yield gap(entry.path, 'too_deep', 'Folders lie more than 256 deep; scan this one by itself.');
  else if (isArchiveName(entry.path))
    yield* openArchive(
      entry.file,
      entry.path,
      startOpening({ ...ARCHIVE_LIMITS, ...options.limits }, options.key, signal),
    );
  else if (isClosedArchiveName(entry.path)) yield closed(entry.path);
  else if (entry.type === 'odd') yield* oddFile(entry);
  else
    yield {
      type: 'unit',
      unit: {
        path: printable(entry.path),
        origin: { type: 'file' },
        size: null,
        content: { type: 'path', file: entry.file },
      },
    };
};

const failure = (path: string, error: unknown): Yield => {
  if (error === SPECIAL)
    return gap(path, 'unreadable', 'It is a pipe, socket or device. Give its content to standard input: --stdin.');
  if (error instanceof Error && 'code' in error && error.code === 'EILSEQ')
    return gap(path, 'unreadable', 'Its name is not UTF-8, so it was not opened; rename it.');
  return gapOf(path, error);
};

const oddFile = function* (entry: Extract<Entry, { type: 'odd' }>): Generator<Yield> {
  try {
    const open = openRegular(entry.file);
    if (open === null) throw new Unread('changed', 'It is no regular file any more. Scan again.');
    try {
      const { fd, mode, size } = open;
      const path = printable(entry.path);
      yield { type: 'unit', unit: { path, origin: { type: 'file' }, size, mode, content: { type: 'file', fd } } };
    } finally {
      open.close();
    }
  } catch (error) {
    yield gapOf(entry.path, error);
  }
};
