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

/** A blob, with the first path it was met under; `missing` when the repository does not have it. */
export type Listed = { readonly id: string; readonly path: string; readonly missing: boolean };

/** What `rev-list` is told, notes apart: they are texts, not files. */
export const revisionArguments = ({ knownRemotes = [], reflog = false, revisions = [] }: Revisions): string[] => [
  ...(reflog ? ['--reflog'] : []),
  ...(revisions.length === 0 ? ['--exclude=refs/notes/*', '--all'] : []),
  ...(knownRemotes.length === 0 ? [] : ['--not', ...knownRemotes.map((name) => `--remotes=${name}`), '--not']),
  '--end-of-options',
  ...revisions,
];

/** Blobs of all given commits, each once, in git's order: newest first. */
export const listBlobs = async function* (
  git: Git,
  revisions: readonly string[],
  signal: AbortSignal,
  ended: (end: GitEnd) => void,
): AsyncGenerator<readonly Listed[]> {
  const run = git.start(
    // Trees and commits are left out by `object:type`, tips of tags and commits by `--filter-provided-objects`.
    [
      'rev-list',
      '--objects',
      '--missing=print',
      '--filter=object:type=blob',
      '--filter-provided-objects',
      ...revisions,
    ],
    signal,
  );
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
