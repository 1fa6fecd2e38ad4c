import type { Git } from './run-git.ts';
import { type GitEnd } from './run-git.ts';
import { splitRecords } from './records.ts';

/** Which commits are looked at. */
export type Revisions = {
  /** Names, ids and ranges (`main..feature`) as git reads them; empty: everything that any reference leads to. */
  readonly revisions?: readonly string[];
  /** References that are left out with all they reach, as `--remotes=` patterns. */
  readonly knownRemotes?: readonly string[];
  /** Also what the reflogs still know: amended and dropped commits, older stashes. */
  readonly reflog?: boolean;
};

/** A blob, with the first path it was met under; `missing` when the repository does not have it, or a whole folder. */
export type Listed = {
  readonly id: string;
  readonly path: string;
  readonly missing: boolean;
  readonly isFolder?: true;
};

/** What `rev-list` is told, notes apart: they are texts, not files. References that are `broken` are left out. */
export const revisionArguments = (
  { knownRemotes = [], reflog = false, revisions = [] }: Revisions,
  broken: readonly string[] = [],
): string[] => [
  ...(reflog ? ['--reflog'] : []),
  ...(revisions.length === 0 ? ['--exclude=refs/notes/*', ...broken.map((name) => `--exclude=${name}`), '--all'] : []),
  ...(knownRemotes.length === 0 ? [] : ['--not', ...knownRemotes.map((name) => `--remotes=${name}`), '--not']),
  '--end-of-options',
  ...revisions,
];

/**
 * Blobs of all given commits, each once, in git's order: newest first. What git misses comes last: of whole clones only
 * once git stopped over it, since it takes another walk to tell all that is missing, folders above all.
 */
export const listBlobs = async function* (
  git: Git,
  revisions: readonly string[],
  signal: AbortSignal,
  ended: (end: GitEnd) => void,
  isPartial = false,
): AsyncGenerator<readonly Listed[]> {
  let listed = 0;
  let stopped: GitEnd | null = null;
  if (!isPartial)
    for await (const batch of walk(
      git,
      ['--filter=object:type=blob', ...revisions],
      signal,
      (end) => (stopped = end),
    )) {
      listed += batch.length;
      yield batch;
    }
  if (!isPartial && (stopped === null || (stopped as GitEnd).code === 0)) return;

  let missing = 0;
  let passed = 0;
  const printing = ['--missing=print', '--filter=object:type=blob', ...revisions];
  let isWhole = true;
  const end = (last: GitEnd): void => {
    isWhole &&= last.code === 0;
    ended(last);
  };
  for await (const batch of walk(git, printing, signal, end)) {
    // In the same order as before.
    const fresh = batch.filter((one) => one.missing || ++passed > listed);
    missing += fresh.filter((one) => one.missing).length;
    if (fresh.length > 0) yield fresh;
  }
  // Of what lies in a folder that is missing, nothing was listed, and only a list of folders names it.
  for await (const batch of walk(git, ['--missing=print', '--filter=object:type=tree', ...revisions], signal, end)) {
    const folders = batch.filter((one) => one.missing);
    missing += folders.length;
    if (folders.length > 0) yield folders.map((one): Listed => ({ ...one, isFolder: true }));
  }
  if (missing === 0 && isWhole && stopped !== null) ended(stopped);
};

const walk = async function* (
  git: Git,
  args: readonly string[],
  signal: AbortSignal,
  ended: (end: GitEnd) => void,
): AsyncGenerator<readonly Listed[]> {
  // Other types are left out by `object:type`, tips of tags and commits by `--filter-provided-objects`.
  const run = git.start(['rev-list', '--objects', '--filter-provided-objects', ...args], signal);
  run.stdin.end();
  let isRead = false;
  try {
    for await (const lines of splitRecords(run.out, 0x0a)) {
      const listed: Listed[] = [];
      for (const line of lines) {
        if (line === '') continue;
        const missing = line.startsWith('?');
        const space = line.indexOf(' ');
        const id = line.slice(missing ? 1 : 0, space < 0 ? undefined : space);
        listed.push({ id, path: space < 0 ? '' : line.slice(space + 1), missing });
      }
      yield listed;
    }
    isRead = true;
  } finally {
    if (!isRead) run.stop();
    const end = await run.end;
    if (isRead) ended(end);
  }
};
