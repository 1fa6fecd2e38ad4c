import type { Origin, Yield } from '../../unit.ts';
import { isArchiveName } from '../archive/is-archive-name.ts';
import type { GitObject } from './read-objects.ts';

/** An object that git has and can read. */
export type Present = Exclude<GitObject<unknown>, { state: 'missing' } | { state: 'damaged' }>;

/** A blob as a unit, or what lies in it when its path is that of an archive. */
export const unitsOfObject = async function* (
  object: Present,
  path: string,
  origin: Origin,
  signal: AbortSignal,
): AsyncGenerator<Yield> {
  const size = object.state === 'whole' ? object.bytes.length : object.size;
  if (isArchiveName(path)) {
    // A commit without archives need not load what opens them.
    const { openArchiveStream } = await import('../archive/archive.ts');
    yield* openArchiveStream(chunksOf(object), { path, origin, size }, signal);
  } else if (object.state === 'whole')
    yield { type: 'unit', unit: { path, origin, size, content: { type: 'bytes', bytes: object.bytes } } };
  else yield { type: 'unit', unit: { path, origin, size, content: { type: 'stream', chunks: object.chunks } } };
};

const chunksOf = async function* (object: Present): AsyncGenerator<Uint8Array> {
  if (object.state === 'whole') yield object.bytes;
  else yield* object.chunks;
};
