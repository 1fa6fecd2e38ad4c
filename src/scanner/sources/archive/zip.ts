import { Exhausted, Unread } from '../gap.ts';
import { type Bytes, byteReader } from './byte-reader.ts';
import { type Compression, decompress } from './decompress.ts';
import type { Budget } from './limits.ts';

/** Bytes that can be read anywhere. `read` gives fewer bytes only at the end. */
export type Seekable = { readonly size: number; read(position: number, length: number): Uint8Array };

export const seekableBytes = (bytes: Uint8Array): Seekable => ({
  size: bytes.length,
  read: (position, length) => bytes.subarray(position, position + length),
});

export type ZipMember = {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'link';
  readonly size: number;
  readonly mode: number | undefined;
  readonly bytes: Bytes;
};

/** A member that cannot be read: the archive goes on behind it. */
export type ZipGap = { readonly name: string; readonly unread: Unread };

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const CHUNK = 256 * 1024;
const METHODS: Readonly<Record<number, Compression | 'stored'>> = { 0: 'stored', 8: 'deflate', 93: 'zstd' };

/**
 * Members of a zip archive as its central directory lists them (APPNOTE 6.3.10), zip64 and bytes put before it
 * included. Throws `Unread` when the directory itself is damaged.
 */
export const readZip = function* (archive: Seekable, budget: Budget): Generator<ZipMember | ZipGap> {
  const { entries, offset, shift } = findDirectory(archive);
  let at = offset + shift;
  let lain = 0;
  // The number of entries has 16 bits, of which some writers with more entries only write the lower.
  for (let index = 0; index < entries || isEntry(archive.read(at, 4)); index += 1) {
    const head = view(archive.read(at, 46));
    if (head.byteLength < 46 || head.getUint32(0, true) !== ENTRY) throw broken('has a damaged directory');
    const lengths = { name: head.getUint16(28, true), extra: head.getUint16(30, true), note: head.getUint16(32, true) };
    const rest = archive.read(at + 46, lengths.name + lengths.extra);
    if (rest.length < lengths.name + lengths.extra) throw broken('ends within its directory');
    const flags = head.getUint16(8, true);
    const name = Buffer.from(rest.subarray(0, lengths.name)).toString((flags & 0x800) === 0 ? 'latin1' : 'utf8');
    // Together they fit into the archive, unless they lie on one another (D. Fifield, "A better zip bomb").
    lain += 30 + (sizesOf(head, rest.subarray(lengths.name)).packed ?? 0);
    if (lain > archive.size)
      throw new Exhausted('too_large', 'Its members lie on one another, as in a zip bomb; no more of it was read.');
    yield member(archive, budget, head, rest.subarray(lengths.name), { flags, name, shift });
    at += 46 + lengths.name + lengths.extra + lengths.note;
  }
};

const isEntry = (bytes: Uint8Array): boolean => bytes.length === 4 && view(bytes).getUint32(0, true) === ENTRY;

/** Whether there is a directory at its end: a program that unpacks itself stands before it. */
export const hasZipDirectory = (archive: Seekable): boolean => {
  try {
    const { entries, offset, shift } = findDirectory(archive);
    return entries > 0 && isEntry(archive.read(offset + shift, 4));
  } catch {
    return false;
  }
};

const broken = (what: string): Unread => new Unread('broken', `This zip archive ${what}; what stood before was read.`);
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const findDirectory = (archive: Seekable): { entries: number; offset: number; shift: number } => {
  const tailAt = Math.max(0, archive.size - 22 - 0xffff);
  const tail = Buffer.from(archive.read(tailAt, archive.size - tailAt));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) throw broken('has no directory: it is cut off or damaged');
  const size = tail.readUInt32LE(at + 12);
  const offset = tail.readUInt32LE(at + 16);
  const entries = tail.readUInt16LE(at + 10);
  const place = tailAt + at;
  const locator = view(archive.read(Math.max(0, place - 20), 20));
  if (locator.byteLength === 20 && locator.getUint32(0, true) === LOCATOR_64) {
    const end = view(archive.read(number64(locator, 8), 56));
    if (end.byteLength < 56 || end.getUint32(0, true) !== END_64) throw broken('has a damaged zip64 directory');
    return { entries: number64(end, 32), offset: number64(end, 48), shift: 0 };
  }
  // Some writers to a pipe leave 2³² − 1 here and write no zip64 end.
  if (offset === 0xffffffff) return { entries, offset: Math.max(0, place - size), shift: 0 };
  return { entries, offset, shift: Math.max(0, place - size - offset) };
};

const number64 = (from: DataView, at: number): number => {
  const value = from.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken('has an impossible number');
  return Number(value);
};

type Named = { readonly flags: number; readonly name: string; readonly shift: number };

const member = (
  archive: Seekable,
  budget: Budget,
  head: DataView,
  extra: Uint8Array,
  named: Named,
): ZipMember | ZipGap => {
  const { flags, name, shift } = named;
  const sizes = sizesOf(head, extra);
  if ('unread' in sizes) return { name, unread: sizes.unread };
  if ((flags & 1) !== 0)
    return {
      name,
      unread: new Unread('encrypted', 'This member is encrypted with a password; unpack it and scan the folder.'),
    };
  const method = METHODS[head.getUint16(10, true)];
  if (method === undefined)
    return {
      name,
      unread: new Unread(
        'unreadable',
        `It is compressed by a method (${head.getUint16(10, true)}) that is not known here; unpack it and scan the folder.`,
      ),
    };
  const isUnix = head.getUint16(4, true) >> 8 === 3;
  const mode = head.getUint32(38, true) >>> 16;
  const packed = packedBytes(archive, sizes.offset + shift, sizes.packed);
  return {
    name,
    type: name.endsWith('/') ? 'folder' : isUnix && (mode & 0o170000) === 0o120000 ? 'link' : 'file',
    size: sizes.size,
    mode: isUnix && mode !== 0 ? mode & 0o777 : undefined,
    bytes:
      method === 'stored' ? counted(packed, budget) : whole(decompress(byteReader(packed), method, budget), sizes.size),
  };
};

/** Members may lie on one another, so that stored ones expand an archive, too. */
const counted = async function* (bytes: Bytes, budget: Budget): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    budget.expand(chunk.length, { out: 0, packed: 0 });
    yield chunk;
  }
};

const whole = async function* (bytes: Bytes, size: number): AsyncGenerator<Uint8Array> {
  let found = 0;
  for await (const chunk of bytes) {
    found += chunk.length;
    yield chunk;
  }
  if (found !== size) throw new Unread('broken', 'Its size is not what the zip archive says; what came was read.');
};

const sizesOf = (
  head: DataView,
  extra: Uint8Array,
): { packed: number; size: number; offset: number } | { packed?: undefined; unread: Unread } => {
  let packed = head.getUint32(20, true);
  let size = head.getUint32(24, true);
  let offset = head.getUint32(42, true);
  const fields = view(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + fields.getUint16(at + 2, true)) {
    if (fields.getUint16(at, true) !== 1) continue;
    let place = at + 4;
    const end = Math.min(extra.length, place + fields.getUint16(at + 2, true));
    const next = (): number => {
      if (place + 8 > end) return Number.NaN;
      place += 8;
      return Number(fields.getBigUint64(place - 8, true));
    };
    if (size === 0xffffffff) size = next();
    if (packed === 0xffffffff) packed = next();
    if (offset === 0xffffffff) offset = next();
  }
  if ([packed, size, offset].every((value) => Number.isSafeInteger(value))) return { packed, size, offset };
  return { unread: new Unread('broken', 'Its sizes in the zip64 directory are damaged.') };
};

const packedBytes = async function* (archive: Seekable, local: number, length: number): AsyncGenerator<Uint8Array> {
  const head = view(archive.read(local, 30));
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL)
    throw new Unread('broken', 'The directory of the zip archive points to where no member begins.');
  let at = local + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  for (let left = length; left > 0;) {
    const chunk = archive.read(at, Math.min(left, CHUNK));
    if (chunk.length === 0) throw new Unread('broken', 'The zip archive is cut off within this member.');
    yield chunk;
    at += chunk.length;
    left -= chunk.length;
  }
};
