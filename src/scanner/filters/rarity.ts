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
  if (/^[\da-f]+$/i.test(text))
    return (
      text.length >= 12 &&
      /\d/.test(text) &&
      /[a-fA-F]/.test(text) &&
      new Set(text).size >= Math.min(8, text.length / 2)
    );
  if (/^\d+$/.test(text)) return false;
  if (/^(?:[a-z]+|[A-Z]+)$/.test(text))
    return new Set(text).size >= Math.min(9, text.length * 0.5) && rarityOf(text) >= 5.2;
  const distinct = new Set(text).size;
  if (distinct < Math.min(10, text.length * 0.55)) return false;
  const rarity = rarityOf(text);
  const digits = /\d/.test(text);
  const mixed = /[a-z]/.test(text) && /[A-Z]/.test(text);
  // Of one case, few digits may have come up: then the letters must be rarer.
  if (digits && !mixed && text.length >= 16 && rarity >= 5.2) return true;
  return rarity >= (mixed ? 6 : digits ? 4.6 : 5.4) && changes(text) >= (digits ? 0.18 : 0.25);
};

/** The same for the part of a token that its vendor drew: separators and groups say nothing. Short ones pass. */
export const looksDrawn = (body: string): boolean => {
  const groups = body.split(/[^0-9A-Za-z]+/).filter((group) => group.length >= 12);
  if (groups.some(looksRandom)) return true;
  const letters = body.replaceAll(/[^0-9A-Za-z]/g, '');
  if (letters.length < 12) return true;
  if (/^\d+$/.test(letters)) return new Set(letters).size >= 4;
  return looksRandom(letters);
};

/** Half or more of it are words joined by signs, as in names of programs and of files. */
export const isWordy = (text: string): boolean => {
  let letters = 0;
  for (const [word] of text.matchAll(/[A-Z]?[a-z]{2,}|[A-Z]{3,}/g))
    if (word.length >= 4 && rarityOf(word.toLowerCase()) < 5.3) letters += word.length;
  return letters >= text.length / 2;
};
