/** A field of a canonical encoding. `null` and the empty text are different things. */
export type Field = string | number | Uint8Array | null;

const NULL = 0;
const TEXT = 1;
const INTEGER = 2;
const BYTES = 3;

/** Bytes before a value: its type and its length. */
const FRAME = 5;
const INTEGER_BYTES = 8;
/** UTF-16 units take at most three bytes each in UTF-8. */
const MOST_BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

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
export const canonical = (fields: readonly Field[]): Uint8Array => {
  const bytes = new Uint8Array(roomFor(fields));
  return bytes.subarray(0, write(bytes, new DataView(bytes.buffer), 0, fields));
};

/** Makes `before ‖ canonical(fields) ‖ after`, to be hashed at once: the next call writes over it. */
export type Message = (before: Uint8Array, fields: readonly Field[], after?: Uint8Array) => Uint8Array;

/** A buffer that is used again and again, for whoever hashes thousands of messages a second. */
export const openMessage = (): Message => {
  let bytes = new Uint8Array(1_024);
  let view = new DataView(bytes.buffer);
  return (before, fields, after = NOTHING) => {
    const room = before.length + roomFor(fields) + after.length;
    if (room > bytes.length) {
      bytes = new Uint8Array(2 * room);
      view = new DataView(bytes.buffer);
    }
    bytes.set(before);
    const end = write(bytes, view, before.length, fields);
    bytes.set(after, end);
    return bytes.subarray(0, end + after.length);
  };
};

const NOTHING = new Uint8Array();

const roomFor = (fields: readonly Field[]): number => {
  let room = 0;
  for (const field of fields) room += FRAME + mostBytes(field);
  return room;
};

/** Writes fields and gives where they end. */
const write = (bytes: Uint8Array, view: DataView, from: number, fields: readonly Field[]): number => {
  let end = from;
  for (const field of fields) {
    const start = end + FRAME;
    const length = writeValue(bytes, view, start, field);
    bytes[end] = typeOf(field);
    view.setUint32(end + 1, length);
    end = start + length;
  }
  return end;
};

const typeOf = (field: Field): number => {
  if (field === null) return NULL;
  if (typeof field === 'string') return TEXT;
  return typeof field === 'number' ? INTEGER : BYTES;
};

const mostBytes = (field: Field): number => {
  if (field === null) return 0;
  if (typeof field === 'string') return field.length * MOST_BYTES_PER_UNIT;
  return typeof field === 'number' ? INTEGER_BYTES : field.length;
};

/** Writes a value and gives its length. */
const writeValue = (bytes: Uint8Array, view: DataView, start: number, field: Field): number => {
  if (field === null) return 0;
  if (typeof field === 'string') return writeText(bytes, start, field);
  if (typeof field === 'number') return writeInteger(view, start, field);
  bytes.set(field, start);
  return field.length;
};

/** Most texts are short and ASCII; for those a loop is several times faster than the encoder. */
const writeText = (bytes: Uint8Array, start: number, text: string): number => {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return encoder.encodeInto(text, bytes.subarray(start)).written;
    bytes[start + i] = unit;
  }
  return text.length;
};

const writeInteger = (view: DataView, start: number, value: number): number => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`canonical: ${value} is not an integer of 53 bits.`);
  // Two halves of 32 bits: the high one carries the sign.
  const high = Math.floor(value / 2 ** 32);
  view.setInt32(start, high);
  view.setUint32(start + 4, value - high * 2 ** 32);
  return INTEGER_BYTES;
};
