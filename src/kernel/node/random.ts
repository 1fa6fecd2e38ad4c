import { randomFillSync } from 'node:crypto';
import type { Random } from '../ports.ts';

/** Bytes drawn at once: one system call serves many small requests. */
const POOL_BYTES = 4_096;

let pool = new Uint8Array(0);
let used = 0;

/** The system's generator. What was handed out is never read again: the pool only moves forward. */
export const systemRandom: Random = {
  bytes(length) {
    if (length > POOL_BYTES / 4) return randomFillSync(new Uint8Array(length));
    if (used + length > pool.length) {
      pool = randomFillSync(new Uint8Array(POOL_BYTES));
      used = 0;
    }
    const bytes = pool.slice(used, used + length);
    pool.fill(0, used, used + length);
    used += length;
    return bytes;
  },
};
