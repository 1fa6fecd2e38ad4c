import type { Unit, Yield } from '../../unit.ts';
import { gap } from '../gap.ts';
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

/** A message of many megabytes; with the head of a tag's, which does no harm. */
const large = (
  of: Message,
  id: string,
  { chunks, size }: { readonly chunks: AsyncIterable<Uint8Array>; readonly size: number },
  named = id,
): Yield => ({
  type: 'unit',
  unit: {
    path: `(${LABEL[of]} ${named.slice(0, 12)})`,
    origin: { type: 'message', of, id },
    size,
    content: { type: 'stream', chunks },
  },
});

const unread = (of: Message, named: string): Yield =>
  gap(
    `(${LABEL[of]} ${named.slice(0, 12)})`,
    'missing_object',
    'Its text is missing from the repository, or damaged. git fsck tells what else is; a fresh clone usually has it.',
  );

/** Messages of commits, in UTF-8. */
export const commitMessages = async function* (
  git: Git,
  revisions: readonly string[],
  signal: AbortSignal,
  ended: Ended,
): AsyncGenerator<Yield> {
  const run = git.start(['rev-list', '--format=%x01%B%x00', ...revisions], signal);
  run.stdin.end();
  let isRead = false;
  try {
    for await (const records of splitRecords(run.out, 0))
      for (const record of records) {
        // `commit <id>` on a line of its own comes before the format.
        const start = record.indexOf('\u0001');
        const text = start < 0 ? '' : record.slice(start + 1).trimEnd();
        if (text !== '') yield message('commit', idIn(record), new Uint8Array(Buffer.from(text)));
      }
    isRead = true;
  } finally {
    if (!isRead) run.stop();
    const end = await run.end;
    if (isRead) ended(end);
  }
};

const idIn = (record: string): string => /commit ([0-9a-f]{40,64})/.exec(record)?.[1] ?? '';

/** Messages of annotated tags, also of tags on tags. */
export const tagMessages = async function* (
  git: Git,
  revisions: readonly string[],
  signal: AbortSignal,
  ended: Ended,
): AsyncGenerator<Yield> {
  const filter = ['--filter=object:type=tag', '--filter-provided-objects'];
  const { text, ...end } = await git.text(['rev-list', '--objects', '--no-walk', ...filter, ...revisions], { signal });
  ended(end);
  const lines = text.split('\n').filter((line) => /^[\da-f]{40,64}(?: |$)/.test(line));
  const asked = lines.map((line) => ({ id: line.split(' ')[0]! }));
  for await (const object of readObjects(git, once(asked), signal)) {
    const { id } = object.asked;
    if (object.state === 'missing' || object.state === 'damaged') yield unread('tag', id);
    else if (object.type === 'tag' && object.state === 'large') yield large('tag', id, object);
    else if (object.type === 'tag' && object.state === 'whole') {
      const headed = Buffer.from(object.bytes).indexOf('\n\n');
      if (headed >= 0) yield message('tag', id, object.bytes.slice(headed + 2));
    }
  }
};

/** Notes on commits. */
export const noteMessages = async function* (git: Git, signal: AbortSignal, ended: Ended): AsyncGenerator<Yield> {
  const listed = listBlobs(git, ['--glob=refs/notes/*'], signal, ended);
  for await (const object of readObjects(git, listed, signal)) {
    const { id, path } = object.asked;
    const named = path === '' ? id : path.replaceAll('/', '');
    if (object.state === 'whole') yield message('note', id, object.bytes, named);
    else if (object.state === 'large') yield large('note', id, object, named);
    else yield unread('note', named);
  }
};

const once = async function* <Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  if (items.length > 0) yield items;
};
