import { fstatSync } from 'node:fs';
import type { Secret } from '#kernel';
import type { Source, Yield } from '../../unit.ts';
import { gap, gapOf, interrupted } from '../gap.ts';
import { openRegular, readAt } from '../open-file.ts';
import { byteReader } from './byte-reader.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import { type Opening, openContent, startOpening } from './open-content.ts';
import type { Seekable } from './zip.ts';

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

const CHUNK = 256 * 1024;

/** A file of the local tree, opened when it is an archive. A file that grew or changed meanwhile is a gap. */
export const openArchive = async function* (file: string, path: string, opening: Opening): AsyncGenerator<Yield> {
  let open: ReturnType<typeof openRegular>;
  try {
    open = openRegular(file);
  } catch (error) {
    yield gapOf(path, error);
    return;
  }
  if (open === null) {
    yield gap(path, 'unreadable', 'It is no regular file.');
    return;
  }
  const { fd, mode, size } = open;
  try {
    const before = fstatSync(fd);
    const seekable = seekableFile(fd, size);
    const reader = byteReader(chunksOf(seekable));
    yield* openContent({ path, origin: { type: 'file' }, size, mode, reader, seekable, depth: 0 }, opening);
    const after = fstatSync(fd);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      yield gap(path, 'changed', 'It was written to while it was read; scan it again.');
  } catch (error) {
    yield opening.signal.aborted ? interrupted(path) : gapOf(path, error);
  } finally {
    open.close();
  }
};

const seekableFile = (fd: number, size: number): Seekable => ({
  size,
  read: (position, length) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - position)));
    let filled = 0;
    while (filled < bytes.length) {
      const read = readAt(fd, bytes.subarray(filled), position + filled);
      if (read === 0) break;
      filled += read;
    }
    return filled === bytes.length ? bytes : bytes.subarray(0, filled);
  },
});

const chunksOf = async function* (file: Seekable): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size;) {
    const chunk = file.read(at, CHUNK);
    if (chunk.length === 0) return;
    yield chunk;
    at += chunk.length;
  }
};
