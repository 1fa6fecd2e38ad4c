const encoder = new TextEncoder();
// A byte order mark is kept: two different byte strings must never read as one text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Equality in time that depends on the lengths only; works in a browser too. */
export const timingSafeEqual = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
};

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text of UTF-8 bytes; throws a TypeError on anything that is not valid UTF-8. */
export const utf8Text = (bytes: Uint8Array): string => decoder.decode(bytes);

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

export const toHex = (bytes: Uint8Array): string => bytes.toHex();
export const fromHex = (text: string): Uint8Array => Uint8Array.fromHex(text);
export const toBase64 = (bytes: Uint8Array): string => bytes.toBase64();
export const fromBase64 = (text: string): Uint8Array => Uint8Array.fromBase64(text);
