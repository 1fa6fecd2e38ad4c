import { EMPTY_ROOT, leafHash, nodeHash, splitPoint } from './merkle.ts';
import { memoryLog } from './memory-log.ts';

/**
 * The definitions of RFC 9162 section 2.1, word for word and without tiles: what the tests compare with.
 * Hashes of ranges are remembered, nothing else.
 */
export const naiveTree = (leaves: readonly Uint8Array[]) => {
  const known = new Map<number, Uint8Array>();
  const mth = (from: number, to: number): Uint8Array => {
    if (from === to) return EMPTY_ROOT;
    if (to - from === 1) return leaves[from]!;
    const key = from * 65_536 + to;
    const found = known.get(key);
    if (found !== undefined) return found;
    const middle = from + splitPoint(to - from);
    const hash = nodeHash(mth(from, middle), mth(middle, to));
    known.set(key, hash);
    return hash;
  };
  const path = (m: number, from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const k = splitPoint(to - from);
    return m < k
      ? [...path(m, from, from + k), mth(from + k, to)]
      : [...path(m - k, from + k, to), mth(from, from + k)];
  };
  const subproof = (m: number, from: number, to: number, whole: boolean): Uint8Array[] => {
    if (m === to - from) return whole ? [] : [mth(from, to)];
    const k = splitPoint(to - from);
    return m <= k
      ? [...subproof(m, from, from + k, whole), mth(from + k, to)]
      : [...subproof(m - k, from + k, to, false), mth(from, from + k)];
  };
  return {
    root: (size: number) => mth(0, size),
    inclusion: (index: number, size: number) => path(index, 0, size),
    consistency: (oldSize: number, newSize: number) => (oldSize === 0 ? [] : subproof(oldSize, 0, newSize, true)),
  };
};

/** Entry `i` of the logs in tests: 33 bytes, as the ledger's, and different from all others. */
export const sampleEntry = (i: number): Uint8Array => {
  const entry = new Uint8Array(33);
  entry[0] = 1;
  new DataView(entry.buffer).setUint32(29, i);
  return entry;
};

export const sampleLog = (size: number) => {
  const log = memoryLog();
  log.append(Array.from({ length: size }, (_, i) => sampleEntry(i)));
  return log;
};

export const sampleTree = (size: number) => naiveTree(Array.from({ length: size }, (_, i) => leafHash(sampleEntry(i))));
