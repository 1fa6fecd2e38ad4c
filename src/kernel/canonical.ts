import { concat, utf8 } from './bytes.ts';

/** A field of a canonical encoding. `null` and the empty text are different things. */
export type Field = string | number | Uint8Array | null;

const NULL = 0;
const TEXT = 1;
const INTEGER = 2;
const BYTES = 3;

/**
 * Encodes fields so that no two different lists share an encoding: what we hash, sign or bind as associated data.
 *
 *     encoding = field*
 *     field    = type (1 byte: 0 null, 1 UTF-8 text, 2 integer, 3 bytes)
 *                length (4 bytes, big-endian)
 *                value  (length bytes; an integer is 8 bytes, two's complement, big-endian)
 *
 * Vectors: docs/canonical-encoding.md.
 */
export const canonical = (fields: readonly Field[]): Uint8Array => concat(...fields.map(encodeField));

const encodeField = (field: Field): Uint8Array => {
  if (field === null) return frame(NULL, new Uint8Array());
  if (typeof field === 'string') return frame(TEXT, utf8(field));
  if (typeof field === 'number') return frame(INTEGER, integer(field));
  return frame(BYTES, field);
};

const frame = (type: number, value: Uint8Array): Uint8Array => {
  const framed = new Uint8Array(5 + value.length);
  framed[0] = type;
  new DataView(framed.buffer).setUint32(1, value.length);
  framed.set(value, 5);
  return framed;
};

const integer = (value: number): Uint8Array => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`canonical: ${value} is not an integer of 53 bits.`);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
};
