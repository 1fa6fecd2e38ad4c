import type { Secret } from '#kernel';

/** From this many characters on, four of them say nothing that helps to guess the rest. */
const LEAST = 12;

/**
 * What a report may show of a value: its first and last two characters and its length, and of a short one its length
 * alone. Enough to tell two keys of one vendor apart, never enough to use one.
 */
export const shownValue = (value: Secret): string => {
  const text = value.revealText().trim();
  const letters = [...text];
  const size = `${letters.length} characters`;
  if (letters.length < LEAST || text.startsWith('-----BEGIN')) return `… (${size})`;
  const ends = `${letters.slice(0, 2).join('')}…${letters.slice(-2).join('')}`;
  // eslint-disable-next-line no-control-regex -- they are what must not reach a terminal
  return /[\s\u0000-\u001F\u007F-\u009F]/.test(ends) ? `… (${size})` : `${ends} (${size})`;
};
