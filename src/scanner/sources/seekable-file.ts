import type { Seekable } from './archive/zip.ts';
import { Unread } from './gap.ts';
import { type OpenFile, openRegular, readAt } from './open-file.ts';

export type SeekableFile = Pick<OpenFile, 'fd' | 'mode' | 'close'> & { readonly bytes: Seekable };

/** A regular file to be read anywhere. Throws what the system says, and `Unread` for what is no regular file. */
export const openSeekable = (file: string | Buffer): SeekableFile => {
  const open = openRegular(file);
  if (open === null) throw new Unread('unreadable', 'It is no regular file.');
  const { fd, mode, size } = open;
  const read = (position: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - position)));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readAt(fd, bytes.subarray(filled), position + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled === bytes.length ? bytes : bytes.subarray(0, filled);
  };
  return { fd, mode, bytes: { size, read }, close: () => open.close() };
};

const CHUNK = 256 * 1024;

/** From a place on to the end. */
export const chunksFrom = async function* (bytes: Seekable, from: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < bytes.size;) {
    const chunk = bytes.read(at, CHUNK);
    if (chunk.length === 0) return;
    yield chunk;
    at += chunk.length;
  }
};
