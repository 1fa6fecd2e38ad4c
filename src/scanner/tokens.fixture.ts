import { crc32 } from 'node:zlib';
import { ALPHABETS } from './alphabets.ts';
import type { Part, Rule } from './rule.ts';

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export const chance = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const lettersOf = (part: Exclude<Part, string | { readonly any: readonly string[] }>): string => {
  const pattern = new RegExp(`[${ALPHABETS[part.of]}]`);
  let letters = part.also ?? '';
  for (let code = 33; code < 127; code++) {
    const letter = String.fromCharCode(code);
    if (pattern.test(letter) && letter !== '=' && !letters.includes(letter)) letters += letter;
  }
  return letters;
};

/** A text of a shape, drawn by chance; begins and ends with a letter or digit where the alphabet has them. */
export const drawToken = (shape: readonly Part[], next: () => number): string =>
  shape
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('any' in part) return part.any[Math.floor(next() * part.any.length)]!;
      const letters = lettersOf(part);
      const inner = letters.replaceAll(/[^0-9A-Za-z]/g, '') || letters;
      const length = part.min + Math.floor(next() * (Math.min(part.max, part.min + 40) - part.min + 1));
      return Array.from({ length }, (_, i) => {
        const from = i === 0 || i === length - 1 ? inner : letters;
        return from[Math.floor(next() * from.length)]!;
      }).join('');
    })
    .join('');

/** The same with its checksum made right, for those whose last letters are one. */
export const drawTokenOf = (rule: Rule, next: () => number): string => {
  const token = drawToken(rule.shape, next);
  if (rule.checksum !== 'github-crc32' && rule.checksum !== 'npm-crc32' && rule.checksum !== 'chatelaine') return token;
  const body = token.slice(token.lastIndexOf('_') + 1, -6);
  let sum = '';
  for (let rest = crc32(body); sum.length < 6; rest = Math.floor(rest / 62)) sum = BASE62[rest % 62]! + sum;
  return token.slice(0, -6) + sum;
};
