import type { Alphabet } from './rule.ts';

/** The letters of each alphabet, as the inside of a character class. */
export const ALPHABETS: Readonly<Record<Alphabet, string>> = {
  digits: '0-9',
  hex: '0-9A-Fa-f',
  'hex-lower': '0-9a-f',
  'hex-upper': '0-9A-F',
  'alpha-lower': 'a-z',
  'alpha-upper': 'A-Z',
  alpha: 'A-Za-z',
  alnum: '0-9A-Za-z',
  'alnum-lower': '0-9a-z',
  'alnum-upper': '0-9A-Z',
  base32: 'A-Z2-7',
  base58: '1-9A-HJ-NP-Za-km-z',
  base64: '0-9A-Za-z+/=',
  base64url: '0-9A-Za-z_\\-',
  token: '0-9A-Za-z_\\-',
};

/** A text as a pattern that matches exactly it. */
export const exactly = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/** Single characters, for the inside of a character class. */
export const inClass = (characters: string): string => characters.replaceAll(/[\\\]^-]/g, String.raw`\$&`);

/** How many different letters an alphabet has: bits per letter are its logarithm. */
export const sizeOf = (alphabet: Alphabet): number => {
  const letters = new RegExp(`[${ALPHABETS[alphabet]}]`);
  let count = 0;
  for (let code = 33; code < 127; code++) if (letters.test(String.fromCharCode(code))) count++;
  return count;
};
