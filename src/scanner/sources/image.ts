import { realpathSync } from 'node:fs';
import type { Source, Yield } from '../unit.ts';
import { byteReader } from './archive/byte-reader.ts';
import { decompress } from './archive/decompress.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits, openBudget } from './archive/limits.ts';
import { type Opening, openContent, startOpening } from './archive/open-content.ts';
import { sniff } from './archive/sniff.ts';
import { type Seekable, seekableBytes } from './archive/zip.ts';
import { Unread, gap, gapOf, interrupted } from './gap.ts';
import { chunksFrom, openSeekable } from './seekable-file.ts';

export type ImageOptions = { readonly file: string; readonly path?: string; readonly limits?: Partial<ArchiveLimits> };

const WINDOW = 1024 * 1024;
/** So much of a stream is tried before it is believed, and so much must come out. */
const TRIAL = 16 * 1024;
const BELIEVED = 64;

/**
 * Firmware, a dump of flash, any binary: its bytes as they are (ASCII and UTF-16 are the matcher's), and every gzip and
 * zlib stream that lies in it. File systems that are not opened here are told.
 */
export const imageSource = ({ file, limits, path = file }: ImageOptions): Source =>
  async function* (signal) {
    const opening = startOpening({ ...ARCHIVE_LIMITS, ...limits }, undefined, signal);
    try {
      yield* openImage(realpathSync(file), path, opening);
    } catch (error) {
      yield signal.aborted ? interrupted(path) : gapOf(path, error);
    }
  };

const openImage = async function* (file: string, path: string, opening: Opening): AsyncGenerator<Yield> {
  const { bytes, close, mode } = openSeekable(file);
  try {
    const { size } = bytes;
    const origin = { type: 'image' } as const;
    yield { type: 'unit', unit: { path, origin, size, mode, content: { type: 'path', file } } };
    if (sniff(bytes.read(0, 512)) !== null) {
      yield* openContent(
        { path, origin, size, mode, reader: byteReader(chunksFrom(bytes, 0)), seekable: bytes, depth: 0 },
        opening,
      );
      return;
    }
    opening.budget.from(() => size);
    let last = 0;
    for (const { at, is } of candidates(bytes)) {
      opening.signal.throwIfAborted();
      if (at < last) continue;
      const shown = `${path}!${is}@0x${at.toString(16)}`;
      if (is === 'squashfs' || is === 'xz')
        yield gap(
          shown,
          'unreadable',
          `Here lies ${is} data, which is not opened here; unpack it (${OPENERS[is]}) and scan that.`,
        );
      else if (await isStream(bytes.read(at, TRIAL), is)) {
        const reader = byteReader(chunksFrom(bytes, at));
        const inner = byteReader(decompress(reader, is, opening.budget));
        yield* openContent({ path: shown, origin, size: null, reader: inner, depth: 1 }, opening);
        last = at + reader.position();
      }
    }
  } finally {
    close();
  }
};

const OPENERS = { squashfs: 'unsquashfs', xz: 'unxz' };

type Candidate = { readonly at: number; readonly is: 'gzip' | 'zlib' | 'squashfs' | 'xz' };

const MARKS: readonly { readonly bytes: Buffer; readonly is: Candidate['is'] }[] = [
  { bytes: Buffer.from([0x1f, 0x8b, 8]), is: 'gzip' },
  // RFC 1950: deflate with a window of 32 KiB, and the check bits that go with each level.
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ({ bytes: Buffer.from([0x78, level]), is: 'zlib' as const })),
  { bytes: Buffer.from('hsqs'), is: 'squashfs' },
  { bytes: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), is: 'xz' },
];
const LONGEST = 8;

/** Places where something may begin, in order; windows overlap by the longest mark. */
const candidates = function* (bytes: Seekable): Generator<Candidate> {
  for (let from = 0; from < bytes.size; from += WINDOW) {
    const window = Buffer.from(bytes.read(from, WINDOW + LONGEST));
    const found: Candidate[] = [];
    for (const mark of MARKS)
      for (let at = window.indexOf(mark.bytes); at >= 0 && at < WINDOW; at = window.indexOf(mark.bytes, at + 1))
        found.push({ at: from + at, is: mark.is });
    yield* found.toSorted((a, b) => a.at - b.at);
  }
};

/** A false mark fails within a few bytes. */
const isStream = async (start: Uint8Array, is: 'gzip' | 'zlib'): Promise<boolean> => {
  // Flags and system of a gzip header must be known ones (RFC 1952 section 2.3.1).
  if (is === 'gzip' && ((start[3]! & 0xe0) !== 0 || (start[9]! > 13 && start[9] !== 255))) return false;
  let out = 0;
  try {
    const reader = byteReader(chunksFrom(seekableBytes(start), 0));
    for await (const chunk of decompress(reader, is, openBudget(ARCHIVE_LIMITS))) out += chunk.length;
  } catch (error) {
    // The trial cuts it off, which is no fault of the stream.
    if (!(error instanceof Unread)) return false;
  }
  return out >= BELIEVED;
};
