import type { Unit, Yield } from '../../unit.ts';
import { listBlobs } from './list-objects.ts';
import { readObjects } from './read-objects.ts';
import { splitRecords } from './records.ts';
import type { Git, GitEnd } from './run-git.ts';

type Ended = (end: GitEnd) => void;
type Message = Extract<Unit['origin'], { type: 'message' }>['of'];

const LABEL: Readonly<Record<Message, string>> = { commit: 'commit', tag: 'tag', note: 'note of' };

const message = (of: Message, id: string, bytes: Uint8Array, named = id): Yield => ({
  type: 'unit',
  unit: {
    path: `(${LABEL[of]} ${named.slice(0, 12)})`,
    origin: { type: 'message', of, id },
    size: bytes.length,
    content: { type: 'bytes', bytes },
  },
});

/** Messages of commits, in UTF-8. */
export const commitMessages = async function* (
  git: Git,
  revisions: readonly string[],
  signal: AbortSignal,
  ended: Ended,
): AsyncGenerator<Yield> {
  const run = git.start(['rev-list', '--format=%x01%B%x00', ...revisions], signal);
  run.stdin.end();
  try {
    for await (const records of splitRecords(run.out, 0))
      for (const record of records) {
        // `commit <id>` on a line of its own comes before the format.
        const start = record.indexOf('\u0001');
        const text = start < 0 ? '' : record.slice(start + 1).trimEnd();
        if (text !== '') yield message('commit', idIn(record), new Uint8Array(Buffer.from(text)));
      }
  } finally {
    run.stop();
    ended(await run.end);
  }
};

const idIn = (record: string): string => /commit ([0-9a-f]{40,64})/.exec(record)?.[1] ?? '';

/** Messages of annotated tags, also of tags on tags. */
export const tagMessages = async function* (
  git: Git,
  revisions: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Yield> {
  const filter = ['--filter=object:type=tag', '--filter-provided-objects'];
  const { code, text } = await git.text(['rev-list', '--objects', '--no-walk', ...filter, ...revisions], { signal });
  const lines = code === 0 ? text.split('\n').filter((line) => line !== '') : [];
  const asked = lines.map((line) => ({ id: line.split(' ')[0]! }));
  for await (const object of readObjects(git, once(asked), signal)) {
    if (object.state !== 'whole' || object.type !== 'tag') continue;
    const end = Buffer.from(object.bytes).indexOf('\n\n');
    if (end >= 0) yield message('tag', object.asked.id, object.bytes.slice(end + 2));
  }
};

/** Notes on commits. */
export const noteMessages = async function* (git: Git, signal: AbortSignal, ended: Ended): AsyncGenerator<Yield> {
  const listed = listBlobs(git, ['--glob=refs/notes/*'], signal, ended);
  for await (const object of readObjects(git, listed, signal))
    if (object.state === 'whole')
      yield message('note', object.asked.id, object.bytes, object.asked.path.replaceAll('/', ''));
};

const once = async function* <Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  if (items.length > 0) yield items;
};
