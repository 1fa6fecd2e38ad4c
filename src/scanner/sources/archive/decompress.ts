import { type Transform } from 'node:stream';
import {
  constants,
  crc32,
  createBrotliDecompress,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { Unread } from '../gap.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Budget } from './limits.ts';
import { pump } from './pump.ts';

const CHUNK = 128 * 1024;
/** Gives out what came before the end was cut off; that it was cut off is seen by the check sums behind it. */
const LENIENT = { chunkSize: CHUNK, finishFlush: constants.Z_SYNC_FLUSH };

export type Compression = 'gzip' | 'zlib' | 'deflate' | 'zstd' | 'brotli';

/**
 * The bytes behind a compression, counted against the budget. Throws at a limit (`Unread`) and at damage, after what
 * came before was given out. What follows the compressed stream stays in the reader, but for Zstandard.
 */
export const decompress = (packed: ByteReader, by: Compression, budget: Budget): AsyncGenerator<Uint8Array> => {
  if (by === 'gzip') return gunzip(packed, budget);
  if (by === 'brotli') return counted(packed, createBrotliDecompress({ chunkSize: CHUNK }), budget);
  if (by === 'zstd') return counted(packed, createZstdDecompress({ chunkSize: CHUNK }), budget);
  return counted(packed, by === 'zlib' ? createInflate(LENIENT) : createInflateRaw(LENIENT), budget);
};

type Layer = { readonly from: number; out: number };

const counted = async function* (
  packed: ByteReader,
  engine: Transform,
  budget: Budget,
  layer: Layer = { from: packed.position(), out: 0 },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of pump(packed, engine)) {
    layer.out += chunk.length;
    budget.expand(chunk.length, { out: layer.out, packed: packed.position() - layer.from });
    yield chunk;
  }
};

/** Members one after another (RFC 1952 section 2.2); what follows and is no member is passed over, as gzip does. */
const gunzip = async function* (packed: ByteReader, budget: Budget): AsyncGenerator<Uint8Array> {
  const layer = { from: packed.position(), out: 0 };
  for (let members = 0; ; members += 1) {
    if (!(await readGzipHeader(packed))) {
      if (members === 0) throw cutOff();
      return;
    }
    let sum = 0;
    let size = 0;
    for await (const chunk of counted(packed, createInflateRaw(LENIENT), budget, layer)) {
      sum = crc32(chunk, sum);
      size += chunk.length;
      yield chunk;
    }
    const end = await packed.take(8);
    if (end === null) throw cutOff();
    const view = new DataView(end.buffer, end.byteOffset);
    if (view.getUint32(0, true) !== sum || view.getUint32(4, true) !== size % 2 ** 32) throw cutOff();
  }
};

const cutOff = (): Unread =>
  new Unread('broken', 'Its compressed data is damaged or cut off; what stood before the damage was read.');

/** Longest name or comment in a header, in bytes. */
const LONGEST_TEXT = 64 * 1024;

/** Passes over a header; false when there is none. */
const readGzipHeader = async (packed: ByteReader): Promise<boolean> => {
  const head = await packed.peek(10);
  if (head.length < 10 || head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8 || (head[3]! & 0xe0) !== 0)
    return false;
  const flags = head[3]!;
  await packed.take(10);
  if ((flags & 4) !== 0) {
    const length = await packed.take(2);
    if (length === null || (await packed.take(length[0]! + length[1]! * 256)) === null) throw cutOff();
  }
  for (const flag of [8, 16]) if ((flags & flag) !== 0) await skipText(packed);
  if ((flags & 2) !== 0) await packed.take(2);
  return true;
};

const skipText = async (packed: ByteReader): Promise<void> => {
  for (let length = 0; length < LONGEST_TEXT; length += 1) {
    const byte = await packed.take(1);
    if (byte === null) throw cutOff();
    if (byte[0] === 0) return;
  }
  throw cutOff();
};
