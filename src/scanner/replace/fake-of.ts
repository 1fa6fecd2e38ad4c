import { createHmac } from 'node:crypto';
import { PREFIXES } from './prefixes.ts';

/**
 * A value of the same shape that opens nothing: letters become letters, digits digits, the rest stays, and so does a
 * prefix by which the vendor's programs know their tokens. The same value has the same fake everywhere in one copy, so
 * that what belongs together still does; `seed` is drawn for one copy and forgotten.
 */
export const fakeOf = (seed: Uint8Array, value: string): string => {
  const kept = PREFIXES.find((prefix) => value.startsWith(prefix) && value.length > prefix.length + 4) ?? '';
  const rest = value.slice(kept.length);
  // A fake that happens to be the value would be no fake: the next one is taken.
  for (let attempt = 0; ; attempt++) {
    const fake = kept + shaped(rest, stream(seed, value, attempt, rest.length));
    if (fake !== value || !/[a-zA-Z\d]/.test(rest)) return fake;
  }
};

const stream = (seed: Uint8Array, value: string, attempt: number, length: number): Uint8Array => {
  const blocks: Buffer[] = [];
  for (let block = 0; block * 32 < length; block++)
    blocks.push(createHmac('sha256', seed).update(`${attempt}:${block}:${value}`).digest());
  return Buffer.concat(blocks);
};

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();

const shaped = (text: string, chance: Uint8Array): string => {
  const isHex = /^[\da-f-]+$/i.test(text);
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    const roll = chance[i]!;
    if (letter >= '0' && letter <= '9') out += i === 0 && letter !== '0' ? 1 + (roll % 9) : roll % 10;
    else if (letter >= 'a' && letter <= 'z') out += LOWER[roll % (isHex ? 6 : 26)]!;
    else if (letter >= 'A' && letter <= 'Z') out += UPPER[roll % (isHex ? 6 : 26)]!;
    else out += letter;
  }
  return out;
};
