import { splitRecords } from './records.ts';
import { type Repository } from './repository.ts';

/** Where something came in. */
export type Introduced = {
  readonly id: string;
  /** Name of the author. */
  readonly author: string;
  /** Author's date, ISO 8601 with zone. */
  readonly date: string;
  /** A blob: still in the tree of HEAD. A commit: HEAD leads to it. */
  readonly inHead: boolean;
};

/** So many objects are looked for by git itself; for more, all changes are read once. */
const MOST_OPTIONS = 200;

/**
 * The oldest commit that brought each blob in, and what is known of commits themselves. Ids that no reference leads to
 * are left out. Done for findings only: one walk over all history however many there are.
 */
export const lookUpCommits = async (
  repository: Repository,
  ids: { readonly blobs: ReadonlySet<string>; readonly commits: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Introduced>> => {
  const found = new Map<string, Omit<Introduced, 'inHead'>>();
  const blobs = new Set([...ids.blobs].filter((id) => !NOTHING.test(id)));
  if (blobs.size > 0) await findBlobs(repository, blobs, signal, found);
  if (ids.commits.size > 0) await findCommits(repository, ids.commits, signal, found);
  const inHead = found.size === 0 ? new Set<string>() : await headOf(repository, ids, signal);
  return new Map([...found].map(([id, entry]) => [id, { ...entry, inHead: inHead.has(id) }]));
};

/** What a removed file is changed to. */
const NOTHING = /^0+$/;

type Found = Map<string, Omit<Introduced, 'inHead'>>;
const FORMAT = '--format=%x01%H%x1f%an%x1f%aI';

const findBlobs = async (
  { git }: Repository,
  blobs: ReadonlySet<string>,
  signal: AbortSignal,
  found: Found,
): Promise<void> => {
  const wanted = blobs.size <= MOST_OPTIONS ? [...blobs].map((id) => `--find-object=${id}`) : [];
  const run = git.start(
    [
      'log',
      '--all',
      '--diff-merges=separate',
      '--raw',
      '--no-abbrev',
      '--no-renames',
      '--no-ext-diff',
      '--no-textconv',
      '--no-mailmap',
      '--no-color',
      '-z',
      FORMAT,
      ...wanted,
    ],
    signal,
  );
  run.stdin.end();
  let commit: Omit<Introduced, 'inHead'> | null = null;
  try {
    for await (const records of splitRecords(run.out, 0))
      for (const record of records) {
        const start = record.indexOf('\u0001');
        if (start >= 0) commit = commitIn(record.slice(start + 1));
        // `:100644 100644 <old> <new> M`; newest commits come first, so that the oldest is what stays.
        const change = record.indexOf(':') < 0 ? null : /:\d{6} \d{6} [0-9a-f]+ ([0-9a-f]+) [A-Z]/.exec(record);
        if (change !== null && commit !== null && blobs.has(change[1]!)) found.set(change[1]!, commit);
      }
  } finally {
    run.stop();
    await run.end;
  }
};

const commitIn = (line: string): Omit<Introduced, 'inHead'> | null => {
  const [id, author, date] = line.split('\n', 1)[0]!.split('\u001f');
  return id === undefined || author === undefined || date === undefined ? null : { id, author, date: date.trim() };
};

const findCommits = async (
  { git }: Repository,
  commits: ReadonlySet<string>,
  signal: AbortSignal,
  found: Found,
): Promise<void> => {
  const input = `${[...commits].join('\n')}\n`;
  const { text } = await git.text(
    ['log', '--no-walk=unsorted', '--stdin', '--no-mailmap', '--no-color', '-s', FORMAT],
    {
      input,
      signal,
    },
  );
  for (const line of text.split('\n')) {
    const commit = line.startsWith('\u0001') ? commitIn(line.slice(1)) : null;
    if (commit !== null) found.set(commit.id, commit);
  }
};

const headOf = async (
  { git }: Repository,
  { blobs, commits }: { readonly blobs: ReadonlySet<string>; readonly commits: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<ReadonlySet<string>> => {
  const inHead = new Set<string>();
  const read = async (args: readonly string[], separator: 0 | 0x0a, take: (record: string) => void): Promise<void> => {
    const run = git.start(args, signal);
    run.stdin.end();
    try {
      for await (const records of splitRecords(run.out, separator)) for (const record of records) take(record);
    } finally {
      run.stop();
      await run.end;
    }
  };
  if (blobs.size > 0)
    await read(['ls-tree', '-r', '-z', '--full-tree', 'HEAD'], 0, (record) => {
      const id = record.split(/[ \t]/, 3)[2];
      if (id !== undefined && blobs.has(id)) inHead.add(id);
    });
  if (commits.size > 0)
    await read(['rev-list', 'HEAD'], 0x0a, (id) => {
      if (commits.has(id)) inHead.add(id);
    });
  return inHead;
};
