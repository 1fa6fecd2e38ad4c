import { sha256 } from './primitives.ts';

/** Length of every hash of the tree, in bytes. */
export const HASH_BYTES = 32;

/** Root of the empty tree: SHA-256 of nothing (RFC 9162 section 2.1.1). */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array());

// Both are reused between calls: hashing is synchronous, so nobody sees them half filled.
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES);
nodeInput[0] = 0x01;
/** Fits the entry hashed last; the entries of one log are all of one length. */
let leafInput = new Uint8Array(1);

/** SHA-256(0x00 ‖ entry), RFC 9162 section 2.1.1. The prefix keeps an entry from posing as a node. */
export const leafHash = (entry: Uint8Array): Uint8Array => {
  if (leafInput.length !== 1 + entry.length) leafInput = new Uint8Array(1 + entry.length);
  leafInput.set(entry, 1);
  return sha256(leafInput);
};

/** SHA-256(0x01 ‖ left ‖ right), RFC 9162 section 2.1.1. Both must have 32 bytes. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES)
    throw new RangeError(`A node joins two hashes of 32 bytes, not ${left.length} and ${right.length}.`);
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
};

/** The `i`th hash of a concatenation, as a copy. */
export const hashAt = (hashes: Uint8Array, i: number): Uint8Array => hashes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES);

/** Root over `count` concatenated hashes from the `from`th on: the tree of RFC 9162 with these as its leaves. */
export const rootOfHashes = (hashes: Uint8Array, from = 0, count = hashes.length / HASH_BYTES - from): Uint8Array => {
  if (count === 0) return EMPTY_ROOT;
  if (count === 1) return hashAt(hashes, from);
  const left = splitPoint(count);
  return nodeHash(rootOfHashes(hashes, from, left), rootOfHashes(hashes, from + left, count - left));
};

/** The largest power of two smaller than `n` (at least 2): where RFC 9162 divides a tree of `n` leaves. */
export const splitPoint = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};
