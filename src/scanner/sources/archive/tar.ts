import { Unread } from '../gap.ts';
import { type ByteReader, type Bytes, section } from './byte-reader.ts';
import { isTarHeader, octal } from './sniff.ts';

/** A member; `bytes` may be read until the next member is asked for. */
export type TarMember = {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'link' | 'special';
  readonly size: number;
  readonly mode: number;
  readonly bytes: Bytes;
};

const BLOCK = 512;
/** Longest pax header or GNU long name that is read, in bytes. */
const LONGEST_EXTRA = 1024 * 1024;

/**
 * Members of a tar archive: POSIX ustar and pax (IEEE 1003.1-2017, pax), GNU's long names, sparse files and numbers in
 * base 256, and the old form without a magic. Reads on over empty blocks, as archives put end to end have them: what
 * lies behind the first end is not lost. Throws `Unread` at damage.
 */
export const readTar = async function* (source: ByteReader): AsyncGenerator<TarMember> {
  let global = new Map<string, string>();
  let next = new Map<string, string>();
  for (;;) {
    const block = await source.take(BLOCK);
    if (block === null) {
      if ((await source.peek(1)).length > 0) throw broken('ends within a header');
      return;
    }
    if (block.every((byte) => byte === 0)) continue;
    if (!isTarHeader(block)) throw broken(`has no valid header at byte ${source.position() - BLOCK}`);
    const flag = String.fromCharCode(block[156]!);
    const size = sizeOf(flag, block, next, global);
    if (EXTRA.has(flag)) {
      const text = await readExtra(source, size);
      if (flag === 'g') global = new Map([...global, ...paxRecords(text)]);
      else if (flag === 'x' || flag === 'X') next = new Map([...next, ...paxRecords(text)]);
      else if (flag === 'L') next.set('path', untilNul(text));
      continue;
    }
    if (flag === 'S') await skipSparseMap(source, block);
    const data = section(source, size);
    const name = next.get('GNU.sparse.name') ?? next.get('path') ?? global.get('path') ?? nameOf(block);
    yield {
      name,
      type: typeOf(flag, name),
      size,
      mode: (octal(block.subarray(100, 108)) ?? 0) & 0o777,
      bytes: data.bytes,
    };
    next = new Map();
    if (!(await data.drain())) throw broken('ends within a member');
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (padding > 0 && (await source.take(padding)) === null && (await source.peek(1)).length > 0)
      throw broken('ends within a member');
  }
};

/** Extended headers, GNU long names and long links, volume labels. */
const EXTRA = new Set(['g', 'x', 'X', 'L', 'K', 'V']);
const broken = (what: string): Unread => new Unread('broken', `This tar archive ${what}; what stood before was read.`);

const sizeOf = (
  flag: string,
  block: Uint8Array,
  next: ReadonlyMap<string, string>,
  global: ReadonlyMap<string, string>,
): number => {
  // Links, folders and devices carry no data, whatever their size says (pax, ustar header block).
  if (/[1-6]/.test(flag)) return 0;
  const stated = EXTRA.has(flag) ? undefined : (next.get('size') ?? global.get('size'));
  const size =
    stated === undefined ? octal(block.subarray(124, 136)) : /^\d{1,15}$/.test(stated) ? Number(stated) : null;
  if (size === null) throw broken('has a member of impossible size');
  return size;
};

const readExtra = async (source: ByteReader, size: number): Promise<string> => {
  if (size > LONGEST_EXTRA) throw broken('has a header of more than 1 MiB');
  const padded = Math.ceil(size / BLOCK) * BLOCK;
  const bytes = await source.take(padded);
  if (bytes === null) throw broken('ends within a header');
  return Buffer.from(bytes.subarray(0, size)).toString('utf8');
};

/** `<length> <key>=<value>\n`, the length in bytes and of the whole record. */
const paxRecords = (text: string): Map<string, string> => {
  const bytes = Buffer.from(text);
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > bytes.length) break;
    const record = bytes.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
};

const skipSparseMap = async (source: ByteReader, header: Uint8Array): Promise<void> => {
  for (let extended = header[482] !== 0; extended;) {
    const block = await source.take(BLOCK);
    if (block === null) throw broken('ends within a header');
    extended = block[504] !== 0;
  }
};

const typeOf = (flag: string, name: string): TarMember['type'] => {
  if (flag === '5' || (flag === '\0' && name.endsWith('/'))) return 'folder';
  if (flag === '1' || flag === '2') return 'link';
  return flag === '3' || flag === '4' || flag === '6' ? 'special' : 'file';
};

const nameOf = (block: Uint8Array): string => {
  const name = untilNul(Buffer.from(block.subarray(0, 100)).toString('utf8'));
  const isUstar = Buffer.from(block.subarray(257, 263)).toString('latin1') === 'ustar\0';
  const prefix = isUstar ? untilNul(Buffer.from(block.subarray(345, 500)).toString('utf8')) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
};

const untilNul = (text: string): string => {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
};
