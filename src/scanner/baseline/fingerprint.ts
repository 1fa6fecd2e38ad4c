import { argon2Sync, createHmac, hash } from 'node:crypto';
import { type Secret, canonical, toHex, utf8 } from '#kernel';
import type { Discovery } from '../finding.ts';
import { looksRandom } from '../filters/rarity.ts';

/**
 * Names a value without telling it. Under a key (the server's, this person's, CI's): `k` and four hex digits that say
 * which key, then HMAC-SHA-256. Without one: `a`, then Argon2id, and only of values that nobody can guess, because who
 * has the file can try guesses at his leisure. No path, line or commit goes in: a moved value keeps its name.
 */
export type Fingerprint = string;

/** Bytes of a name that are written: collisions need 2⁸⁰ values. */
const LENGTH = 20;
/** RFC 9106 section 4, second recommended option. */
const MEMORY_KIB = 65_536;
const PASSES = 3;
const LANES = 4;

/** Least bits of chance for a name without a key: at Argon2id's price, beyond anybody's purse. */
const LEAST_BITS = 72;

export type Fingerprinter = {
  readonly isSlow: boolean;
  /** Null where there is no key and the value could be guessed. */
  of(discovery: Pick<Discovery, 'value' | 'rule' | 'confidence'>): Fingerprint | null;
  /** Whether `of` could have made this name: another key's names say nothing here. */
  couldBe(fingerprint: Fingerprint): boolean;
};

export const keyedFingerprints = (key: Secret): Fingerprinter => {
  const mac = (purpose: string, value: Uint8Array) =>
    createHmac('sha256', key.reveal())
      .update(canonical(['chatelaine scan', purpose, value]))
      .digest();
  const prefix = `k${toHex(mac('which key', new Uint8Array(0))).slice(0, 4)}:`;
  return {
    isSlow: false,
    of: ({ value }) => prefix + toHex(mac('value', value.reveal()).subarray(0, LENGTH)),
    couldBe: (fingerprint) => fingerprint.startsWith(prefix),
  };
};

/** For those without any key. Each name costs a tenth of a second and 64 MiB. */
export const slowFingerprints = (): Fingerprinter => ({
  isSlow: true,
  of({ value, rule, confidence }) {
    if (!isBeyondGuessing(value.revealText(), confidence)) return null;
    // The salt need not differ between repositories: nobody tables values of 72 bits and more.
    const nonce = hash('sha256', `chatelaine scan ${rule}`, 'buffer').subarray(0, 16);
    const made = argon2Sync('argon2id', {
      message: value.reveal(),
      nonce,
      memory: MEMORY_KIB,
      passes: PASSES,
      parallelism: LANES,
      tagLength: LENGTH,
    });
    return `a:${toHex(made)}`;
  },
  couldBe: (fingerprint) => fingerprint.startsWith('a:'),
});

/** A floor of what a generator's output holds: letters seen, times their number, for what a generator made. */
const isBeyondGuessing = (text: string, confidence: Discovery['confidence']): boolean => {
  if (text.startsWith('-----BEGIN')) return true;
  const bits = text.length * Math.log2(Math.max(2, alphabetOf(text)));
  return bits >= LEAST_BITS * (confidence === 'certain' ? 1 : 1.25) && looksRandom(text);
};

const alphabetOf = (text: string): number =>
  (/[a-z]/.test(text) ? (/[g-z]/.test(text) ? 26 : 6) : 0) +
  (/[A-Z]/.test(text) ? (/[G-Z]/.test(text) ? 26 : 6) : 0) +
  (/\d/.test(text) ? 10 : 0);

/** A key as people and CI keep it: 32 bytes or more of text. Errors are the caller's: this says only whether it is one. */
export const isFingerprintKey = (text: string): boolean => utf8(text.trim()).length >= 32;
