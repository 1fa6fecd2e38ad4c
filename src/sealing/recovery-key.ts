import { createHash } from 'node:crypto';
import { type Random, Secret, concat, timingSafeEqual } from '#kernel';
import { sealingError } from './errors.ts';

const KEY_BYTES = 32;
/** 20 bits tell a slip of the pen from the key in all but one of a million cases. */
const CHECKSUM_CHARACTERS = 4;
const GROUP = 4;
/** Crockford's base 32: without I, L, O and U, which look or read like others. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Characters that 256 bits take. */
const KEY_CHARACTERS = 52;

/** The key that opens the root key without its usual guard: 32 random bytes that a person can copy by hand. */
export const makeRecoveryKey = (random: Random): Secret => Secret.fromBytes(random.bytes(KEY_BYTES));

/** As the kit prints it: 52 characters of base 32 and 4 of checksum, in groups of four. */
export const formatRecoveryKey = (key: Secret): Secret => {
  const text = encode(key.reveal(), KEY_CHARACTERS) + checksum(key.reveal());
  return Secret.fromText(text.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-'));
};

/** Reads it as people type it. Errors: `sealing.malformed_key`, which never repeats the text. */
export const parseRecoveryKey = (text: Secret): Secret => {
  const typed = text.revealText().toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const length = KEY_CHARACTERS + CHECKSUM_CHARACTERS;
  if (typed.length !== length)
    throw malformed(`A recovery key has ${length} characters; this one has ${typed.length}.`);
  const key = decode(typed.slice(0, KEY_CHARACTERS));
  if (key === null) throw malformed('The recovery key holds a character that no recovery key has.');
  const expected = new TextEncoder().encode(checksum(key));
  if (!timingSafeEqual(expected, new TextEncoder().encode(typed.slice(KEY_CHARACTERS))))
    throw malformed('The recovery key has a typing error: its checksum does not fit.');
  return Secret.fromBytes(key);
};

const checksum = (key: Uint8Array): string => {
  const domain = new TextEncoder().encode('chatelaine/recovery-key/1');
  return encode(createHash('sha256').update(concat(domain, key)).digest(), CHECKSUM_CHARACTERS);
};

/** The first `characters` times 5 bits, missing ones as zero. */
const encode = (bytes: Uint8Array, characters: number): string => {
  let text = '';
  for (let bit = 0; text.length < characters; bit += 5) {
    const two = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += ALPHABET[(two >> (11 - (bit & 7))) & 31]!;
  }
  return text;
};

const decode = (text: string): Uint8Array | null => {
  const bytes = new Uint8Array(KEY_BYTES + 1);
  for (let i = 0; i < text.length; i++) {
    const value = ALPHABET.indexOf(text[i]!);
    if (value < 0) return null;
    const bit = i * 5;
    const two = value << (11 - (bit & 7));
    bytes[bit >> 3]! |= two >> 8;
    if ((bit >> 3) + 1 < bytes.length) bytes[(bit >> 3) + 1]! |= two & 255;
  }
  // 52 characters carry 4 bits more than the key has; one spelling only.
  return bytes[KEY_BYTES] === 0 ? bytes.slice(0, KEY_BYTES) : null;
};

const malformed = (message: string) => sealingError('malformed_key', message);
