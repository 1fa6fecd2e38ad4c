import { type Random, Secret, toBase64, toHex } from '#kernel';
import { catalogueError } from './errors.ts';
import { type GeneratorId, type KindId, kindOf } from './kinds.ts';
import { weaknessOf } from './weakness.ts';

/**
 * Letters and digits that no font confuses (no 0 O o, 1 l I i) and no shell, URL, YAML, C or SQL reads as syntax:
 * 54 symbols, 5.75 bits each.
 */
const READABLE = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const DIGITS = '0123456789';

/** A strong value of the shape that the kind's system accepts. Throws `catalogue.not_generated` where the system issues it. */
export const generate = (kind: KindId, random: Random): Secret => {
  const { generator, title } = kindOf(kind);
  if (generator === null) throw catalogueError('not_generated', `A value of the kind "${title}" is not ours to make.`);
  for (let tries = 0; tries < MAX_DRAWS; tries++) {
    const text = RECIPES[generator](random);
    // Digits in a row come up by chance; refusing them leaves the others equally likely.
    if (weaknessOf(kind, text) === null) return Secret.fromText(text);
  }
  throw catalogueError('stuck_random', `${MAX_DRAWS} draws in a row gave no usable ${title}.`);
};

/** A sound generator draws a weak value once in tens of thousands; this many in a row mean that it is broken. */
const MAX_DRAWS = 64;

/** True when `generate` can make a value of this kind. */
export const canGenerate = (kind: KindId): boolean => kindOf(kind).generator !== null;

const RECIPES: Readonly<Record<GeneratorId, (random: Random) => string>> = {
  // 32 × 5.75 = 184 bits; MQTT allows 65,535 bytes, ESPHome and Node-RED any length.
  password: (random) => pick(READABLE, 32, random),
  // IEEE 802.11 allows 8 to 63 printable ASCII characters; 24 give 138 bits and can still be typed on a television.
  'wifi-passphrase': (random) => pick(READABLE, 24, random),
  'base64-32': (random) => toBase64(random.bytes(32)),
  'hex-16': (random) => toHex(random.bytes(16)),
  'hex-32': (random) => toHex(random.bytes(32)),
  'hex-64': (random) => toHex(random.bytes(64)),
  'zigbee-key': (random) => `[${Array.from(random.bytes(16)).join(', ')}]`,
  pin: (random) => pick(DIGITS, 6, random),
  'homekit-code': (random) => pick(DIGITS, 8, random).replace(/^(\d{3})(\d{2})(\d{3})$/, '$1-$2-$3'),
  // Matter core specification 1.4 section 5.1.7 forbids the trivial ones, which `weaknessOf` refuses.
  'matter-passcode': (random) => pick(DIGITS, 8, random),
};

/** `length` symbols, each equally likely: bytes beyond the last whole multiple of the alphabet are thrown away. */
const pick = (alphabet: string, length: number, random: Random): string => {
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  for (let draws = 0; text.length < length; draws++) {
    if (draws === MAX_DRAWS)
      throw catalogueError('stuck_random', 'The generator of random bytes keeps giving the same.');
    for (const byte of random.bytes(length * 2))
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
  }
  return text;
};
