import { hash, timingSafeEqual } from 'node:crypto';
import type { Mac } from '../ports.ts';
import type { Secret } from '../secret.ts';

/** Bytes of a block and of a digest (FIPS 180-4, figure 1). */
const SIZES = { sha256: { block: 64, digest: 32 }, sha512: { block: 128, digest: 64 } } as const;

/** HMAC-SHA-256 (RFC 2104) under a key of 32 bytes. */
export const hmac = (key: Secret): Mac => {
  if (key.size !== 32) throw new RangeError(`An HMAC key must have 32 bytes; this one has ${key.size}.`);
  const tag = (message: Uint8Array): Uint8Array => hmacOf('sha256', key, message);
  return {
    tag,
    verify: (message, expected) => expected.length === 32 && timingSafeEqual(tag(message), expected),
  };
};

/**
 * HMAC (RFC 2104) of the parts one after another, from two one-shot hashes: Node's own `createHmac` makes and throws
 * away four objects, which takes four times as long. The key may not be longer than a block.
 */
export const hmacOf = (algorithm: keyof typeof SIZES, key: Secret, ...parts: readonly Uint8Array[]): Uint8Array => {
  const { block, digest } = SIZES[algorithm];
  const bytes = key.reveal();
  if (bytes.length > block) throw new RangeError(`An HMAC key of more than ${block} bytes is not for this function.`);
  const length = parts.reduce<number>((sum, part) => sum + part.length, block);
  const message = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length);
  pad(message, bytes, block, 0x36);
  let end = block;
  for (const part of parts) {
    message.set(part, end);
    end += part.length;
  }
  const inner = hash(algorithm, message, 'latin1');
  const outer = scratch.subarray(0, block + digest);
  pad(outer, bytes, block, 0x5c);
  copy(inner, outer, block);
  const tag = new Uint8Array(digest);
  copy(hash(algorithm, outer, 'latin1'), tag, 0);
  // What stands there is as good as the key.
  message.fill(0);
  outer.fill(0);
  return tag;
};

/** Reused between calls: hashing is synchronous, so nobody sees it half filled. */
const scratch = new Uint8Array(4_096);

const pad = (into: Uint8Array, key: Uint8Array, block: number, byte: number): void => {
  for (let i = 0; i < key.length; i++) into[i] = key[i]! ^ byte;
  into.fill(byte, key.length, block);
};

/** Out of Node as text and copied by hand: see `sha256` in `ledger/tree/primitives.ts`. */
const copy = (latin1: string, into: Uint8Array, at: number): void => {
  for (let i = 0; i < latin1.length; i++) into[at + i] = latin1.charCodeAt(i);
};
