import { utf8, utf8Text } from '#kernel';
import { serverError } from '../errors.ts';

const BLOCK = 512;
/** Largest number in a field of 11 octal digits: 8 GiB less one byte. */
const LARGEST_OCTAL = 0o77777777777;

/** A file in the archive; `bytes` has to give exactly `size` bytes. */
export type TarMember = { readonly name: string; readonly size: number; readonly bytes: AsyncIterable<Uint8Array> };

/** Writes an archive that any `tar` unpacks (POSIX.1-1988 ustar; sizes from 8 GiB on in GNU's base 256). */
export const writeTar = async function* (members: Iterable<TarMember>, mtimeMs: number): AsyncGenerator<Uint8Array> {
  for (const { name, size, bytes } of members) {
    yield header(name, size, mtimeMs);
    let written = 0;
    for await (const chunk of bytes) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== size) throw new Error(`${name} gave ${written} bytes, not ${size}.`);
    yield new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield new Uint8Array(2 * BLOCK);
};

/** Reads an archive; each member has to be read to its end before the next. Errors: `server.malformed_backup`. */
export const readTar = async function* (archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const source = openSource(archive);
  for (;;) {
    const block = await source.exactly(BLOCK);
    if (block.every((byte) => byte === 0)) return;
    const { name, size } = readHeader(block);
    let left = size;
    yield {
      name,
      size,
      bytes: (async function* () {
        while (left > 0) {
          const chunk = await source.some(left);
          left -= chunk.length;
          yield chunk;
        }
      })(),
    };
    if (left > 0) throw malformed(`${name} was not read to its end`);
    await source.exactly((BLOCK - (size % BLOCK)) % BLOCK);
  }
};

const header = (name: string, size: number, mtimeMs: number): Uint8Array => {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(utf8(text), at);
  if (utf8(name).length > 100) throw new RangeError(`"${name}" is too long a name for a tar archive.`);
  put(0, name);
  put(100, '0000600\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  if (size <= LARGEST_OCTAL) put(124, `${size.toString(8).padStart(11, '0')}\0`);
  else {
    block[124] = 0x80;
    new DataView(block.buffer).setBigUint64(128, BigInt(size));
  }
  put(
    136,
    `${Math.floor(mtimeMs / 1_000)
      .toString(8)
      .padStart(11, '0')}\0`,
  );
  put(156, '0');
  put(257, 'ustar\0');
  put(263, '00');
  put(148, `${checksum(block).toString(8).padStart(6, '0')}\0 `);
  return block;
};

const readHeader = (block: Uint8Array): { readonly name: string; readonly size: number } => {
  const stated = octal(block.subarray(148, 156));
  if (stated === null || stated !== checksum(block)) throw malformed('a header is damaged');
  if (block[156] !== 0x30) throw malformed('it holds something else than plain files');
  const size =
    block[124] === 0x80
      ? Number(new DataView(block.buffer, block.byteOffset).getBigUint64(128))
      : octal(block.subarray(124, 136));
  if (size === null || !Number.isSafeInteger(size)) throw malformed('a size cannot be read');
  return { name: textOf(block.subarray(0, 100)), size };
};

/** Sum of the header's bytes, with blanks in the place of the sum itself. */
const checksum = (block: Uint8Array): number =>
  block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);

const octal = (field: Uint8Array): number | null => {
  const text = textOf(field).trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : null;
};

const textOf = (field: Uint8Array): string => {
  const end = field.indexOf(0);
  try {
    return utf8Text(end < 0 ? field : field.subarray(0, end));
  } catch {
    throw malformed('a name is not UTF-8');
  }
};

type ByteSource = {
  /** Up to `most` bytes, at least one. */
  some(most: number): Promise<Uint8Array>;
  exactly(length: number): Promise<Uint8Array>;
};

const openSource = (archive: AsyncIterable<Uint8Array>): ByteSource => {
  const iterator = archive[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const some = async (most: number): Promise<Uint8Array> => {
    while (rest.length === 0) {
      const next = await iterator.next();
      if (next.done === true) throw malformed('it is cut off');
      rest = next.value;
    }
    const chunk = rest.subarray(0, most);
    rest = rest.subarray(chunk.length);
    return chunk;
  };
  return {
    some,
    async exactly(length) {
      const bytes = new Uint8Array(length);
      for (let filled = 0; filled < length;) {
        const chunk = await some(length - filled);
        bytes.set(chunk, filled);
        filled += chunk.length;
      }
      return bytes;
    },
  };
};

const malformed = (why: string) => serverError('malformed_backup', `This backup cannot be read: ${why}.`);
