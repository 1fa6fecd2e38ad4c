import type { Origin, Yield } from '../../unit.ts';
import { byteReader } from '../archive/byte-reader.ts';
import { isArchiveName, isClosedArchiveName } from '../archive/is-archive-name.ts';
import { sniff } from '../archive/sniff.ts';
import { closed } from '../gap.ts';
import type { GitObject } from './read-objects.ts';

/** An object that git has and can read. */
export type Present = Exclude<GitObject<unknown>, { state: 'missing' } | { state: 'damaged' }>;

/** Bytes from which it is told what a blob is. */
const HEAD = 512;

/** A blob as a unit, or what lies in it when its path or its first bytes are those of an archive. */
export const unitsOfObject = async function* (
  object: Present,
  path: string,
  origin: Origin,
  signal: AbortSignal,
): AsyncGenerator<Yield> {
  if (isClosedArchiveName(path)) {
    yield closed(path);
    return;
  }
  if (object.state === 'whole') {
    const { bytes } = object;
    const size = bytes.length;
    if (isArchiveName(path) || isPacked(bytes.subarray(0, HEAD)))
      yield* opened(once(bytes), { path, origin, size }, signal);
    else yield { type: 'unit', unit: { path, origin, size, content: { type: 'bytes', bytes } } };
    return;
  }
  const { size } = object;
  const reader = byteReader(object.chunks);
  const isArchive = isArchiveName(path) || isPacked(await reader.peek(HEAD));
  if (isArchive) yield* opened(reader.rest(), { path, origin, size }, signal);
  else yield { type: 'unit', unit: { path, origin, size, content: { type: 'stream', chunks: reader.rest() } } };
};

const opened = async function* (
  chunks: AsyncIterable<Uint8Array>,
  content: { readonly path: string; readonly origin: Origin; readonly size: number },
  signal: AbortSignal,
): AsyncGenerator<Yield> {
  // A commit without archives need not load what opens them.
  const { openArchiveStream } = await import('../archive/archive.ts');
  yield* openArchiveStream(chunks, content, signal);
};

/** Archives hold zeros from the first on; most blobs are text, and are told by that. */
const isPacked = (head: Uint8Array): boolean => (head.includes(0) || head[0] === 0x1f) && sniff(head) !== null;

const once = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
};
