import { BIGRAMS } from './bigrams.ts';
import { CLASSES, classOf } from './letters.ts';

/**
 * Mean rarity of the pairs of letters in a text, in bits: about 3.5 for words and identifiers, 5 and more for what
 * was drawn by chance. Empty and one-letter texts have 0.
 */
export const rarityOf = (text: string): number => {
  if (text.length < 2) return 0;
  let sum = 0;
  let before = classOf(text.charCodeAt(0));
  for (let i = 1; i < text.length; i++) {
    const now = classOf(text.charCodeAt(i));
    sum += BIGRAMS.charCodeAt(before * CLASSES + now) - 35;
    before = now;
  }
  return sum / 6 / (text.length - 1);
};

/** Changes between lower case, upper case, digits and the rest, per letter: chance changes often, words seldom. */
const changes = (text: string): number => {
  let count = 0;
  let before = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code >= 97 && code <= 122 ? 0 : code >= 65 && code <= 90 ? 1 : code >= 48 && code <= 57 ? 2 : 3;
    if (before !== -1 && kind !== before) count++;
    before = kind;
  }
  return count / text.length;
};

/** Whether somebody's random generator rather than somebody's language made it. For 12 letters and more. */
export const looksRandom = (text: string): boolean => {
  if (/^[\da-f]+$/.test(text) || /^[\dA-F]+$/.test(text))
    return text.length >= 16 && /\d/.test(text) && /[a-fA-F]/.test(text) && new Set(text).size >= 8;
  if (/^\d+$/.test(text)) return false;
  const distinct = new Set(text).size;
  if (distinct < Math.min(10, text.length * 0.55)) return false;
  const rarity = rarityOf(text);
  const digits = /\d/.test(text);
  const mixed = /[a-z]/.test(text) && /[A-Z]/.test(text);
  return rarity >= (mixed ? 6 : digits ? 4.6 : 5.4) && changes(text) >= (digits ? 0.18 : 0.25);
};
