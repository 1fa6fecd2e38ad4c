import { timingSafeEqual } from '#kernel';
import { treeError } from './errors.ts';
import { EMPTY_ROOT, HASH_BYTES, nodeHash, splitPoint } from './merkle.ts';
import { type Span, type TileSource, hashSpans } from './tile-source.ts';

/** Hashes of 32 bytes, in the order of RFC 9162: from the leaf's neighbourhood up to below the root. */
export type Proof = readonly Uint8Array[];

/** That entry `index` is in the tree of `size` entries (RFC 9162 section 2.1.3.1). */
export const proveInclusion = async (source: TileSource, index: number, size: number): Promise<Proof> => {
  if (!isPlace(index, size))
    throw treeError('out_of_range', `Entry ${index} is not among the ${size} entries of this log.`, { index, size });
  const siblings: Span[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    siblings.unshift(index < middle ? { from: middle, to } : { from, to: middle });
    if (index < middle) to = middle;
    else from = middle;
  }
  return hashSpans(source, size, siblings);
};

/** That the tree of `oldSize` entries is the beginning of the one of `newSize` (RFC 9162 section 2.1.4.1). */
export const proveConsistency = async (source: TileSource, oldSize: number, newSize: number): Promise<Proof> => {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize)
    throw treeError('out_of_range', `A log of ${newSize} entries never had ${oldSize}.`, {
      oldSize,
      newSize,
    });
  // Every tree begins with the empty one; RFC 9162 leaves this case out.
  if (oldSize === 0) return [];
  const spans: Span[] = [];
  let from = 0;
  let to = newSize;
  while (to > oldSize) {
    const middle = from + splitPoint(to - from);
    spans.unshift(oldSize <= middle ? { from: middle, to } : { from, to: middle });
    if (oldSize <= middle) to = middle;
    else from = middle;
  }
  // The old tree itself is known to the verifier; a part of it is not.
  if (from > 0) spans.unshift({ from, to });
  return hashSpans(source, newSize, spans);
};

export type InclusionClaim = {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: Proof;
  readonly root: Uint8Array;
};

/** RFC 9162 section 2.1.3.2. False for anything but the one right proof; never throws. */
export const verifyInclusion = ({ leaf, index, size, proof, root }: InclusionClaim): boolean => {
  if (!isPlace(index, size) || !areHashes(leaf, root, ...proof)) return false;
  const top = climb(leaf, index, size - 1, proof);
  return top !== null && timingSafeEqual(top, root);
};

/**
 * Climbs from the `place`th node of a level, whose last node is `last`, to the root; null when the proof is too
 * short or too long. With place = index and last = size − 1 this is RFC 9162 section 2.1.3.2, steps 2 to 5.
 */
export const climb = (hash: Uint8Array, place: number, last: number, proof: Proof): Uint8Array | null => {
  let node = hash;
  let fn = place;
  let sn = last;
  for (const sibling of proof) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, half(sn)];
    } else node = nodeHash(node, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? node : null;
};

export type ConsistencyClaim = {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: Proof;
};

/** RFC 9162 section 2.1.4.2. False for anything but the one right proof; never throws. */
export const verifyConsistency = ({ oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim): boolean => {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false;
  if (!areHashes(oldRoot, newRoot, ...proof)) return false;
  if (oldSize === newSize) return proof.length === 0 && timingSafeEqual(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0 && timingSafeEqual(oldRoot, EMPTY_ROOT);
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  // A whole power of two: the old root is itself the first node of the path.
  const [first, ...rest] = fn === 0 ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let oldNode = first;
  let newNode = first;
  for (const sibling of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      oldNode = nodeHash(sibling, oldNode);
      newNode = nodeHash(sibling, newNode);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, half(sn)];
    } else newNode = nodeHash(newNode, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && timingSafeEqual(oldNode, oldRoot) && timingSafeEqual(newNode, newRoot);
};

const half = (n: number): number => Math.floor(n / 2);
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const isPlace = (index: number, size: number): boolean => isSize(index) && isSize(size) && index < size;
const areHashes = (...hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === HASH_BYTES);
