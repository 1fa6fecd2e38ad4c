import { fstatSync } from 'node:fs';
import type { Secret } from '#kernel';
import type { Origin, Source, Yield } from '../../unit.ts';
import { gap, gapOf, interrupted } from '../gap.ts';
import { type SeekableFile, chunksFrom, openSeekable } from '../seekable-file.ts';
import { byteReader } from './byte-reader.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import { type Opening, openContent, startOpening } from './open-content.ts';

export type ArchiveOptions = {
  readonly file: string;
  /** What people see; the file as given when absent. */
  readonly path?: string;
  /** Of an encrypted Home Assistant backup: the key of its emergency kit, as text. */
  readonly key?: Secret;
  readonly limits?: Partial<ArchiveLimits>;
};

/**
 * An archive and everything in it: tar, gzip, Zstandard, zip, in each other, and backups of Home Assistant, encrypted
 * ones with their key. Nothing is unpacked to disk.
 */
export const archiveSource =
  ({ file, key, limits, path = file }: ArchiveOptions): Source =>
  (signal) =>
    openArchive(file, path, startOpening({ ...ARCHIVE_LIMITS, ...limits }, key, signal));

/** The same of bytes that come one after another: an object of git. */
export const openArchiveStream = (
  chunks: AsyncIterable<Uint8Array>,
  content: { readonly path: string; readonly origin: Origin; readonly size: number },
  signal: AbortSignal,
): AsyncGenerator<Yield> =>
  openContent({ ...content, reader: byteReader(chunks), depth: 0 }, startOpening(ARCHIVE_LIMITS, undefined, signal));

/** A file whose first bytes said that it is an archive. */
export const openFile = (file: string, path: string, origin: Origin, signal: AbortSignal): AsyncGenerator<Yield> =>
  openArchive(file, path, startOpening(ARCHIVE_LIMITS, undefined, signal), origin);

/** A file of the local tree, opened when it is an archive. A file that grew or changed meanwhile is a gap. */
export const openArchive = async function* (
  file: string | Buffer,
  path: string,
  opening: Opening,
  origin: Origin = { type: 'file' },
): AsyncGenerator<Yield> {
  let open: SeekableFile | undefined;
  try {
    open = openSeekable(file);
    const { bytes, fd, mode } = open;
    const before = fstatSync(fd);
    const reader = byteReader(chunksFrom(bytes, 0));
    yield* openContent({ path, origin, size: bytes.size, mode, reader, seekable: bytes, depth: 0 }, opening);
    const after = fstatSync(fd);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      yield gap(path, 'changed', 'It was written to while it was read; scan it again.');
  } catch (error) {
    yield opening.signal.aborted ? interrupted(path) : gapOf(path, error);
  } finally {
    open?.close();
  }
};
