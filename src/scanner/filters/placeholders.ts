import { isPublished } from './published.ts';
import { looksDrawn } from './rarity.ts';

/**
 * Values that people write where a credential would stand. Words count as a whole part of the value; in a long random
 * token they come up by chance, so tokens with a vendor's prefix are asked `isFiller` only.
 */
const WORDS =
  /(?:^|[^a-z])(?:change_?-?(?:me|this|it)|your?|my|example|sample|dummy|fake|foo|foobar|bar|baz|qux|lorem|todo|fixme|none|null|undefined|nil|true|false|default|placeholder|redacted|removed|hidden|masked|secret|password|passwd|passphrase|token|insert|replace|enter|here|string|value|test|testing|tests|demo|abc|user|username|admin|hunter2|letmein|swordfish|correct|horse|battery|staple|xxx+|supersecret|mysecret|mypassword|topsecret|not_?-?(?:a|so|the|very)|invalid|wrong|bad|old|new|some|any|the|this|that|is|key|apikey|mock|stub|bogus|bearer|basic|auth|access|optional|required)(?:$|[^a-z])/i;

const STARS = /^[*•.xX_\-#?0]{4,}$/;
const KEYBOARD = '0123456789abcdefghijklmnopqrstuvwxyz0123456789';
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '9876543210', 'zyxwvutsrqponmlkjihgfedcba'];

/** Nobody's credential: printed in a standard, one letter again and again, an alphabet in order, EXAMPLE, a row of the keyboard. */
export const isFiller = (value: string): boolean => {
  if (STARS.test(value) || isPublished(value)) return true;
  const lower = value.toLowerCase();
  if (/example|xxxx|yourtoken|your[_-]|placeholder|redacted|changeme|dummy|foobar|\.\.\.|\*\*\*|deadbeef/.test(lower))
    return true;
  if (new Set(lower.replaceAll(/[^a-z\d]/g, '')).size <= Math.min(5, Math.floor(value.length / 4))) return true;
  return isSequence(lower) || repeats(lower);
};

/** A stand-in by what it says or how it is made. For values without a mark of their own. */
export const isPlaceholder = (value: string): boolean => isFiller(value) || saysSo(value);

/** In hexadecimal digits and in long random text, words of two or three letters come up by chance. */
const saysSo = (value: string): boolean => {
  if (value.length > LONG || (value.length >= 16 && HEX.test(value))) return false;
  const [word] = WORDS.exec(value.replaceAll(/\d+/g, ' ')) ?? [null];
  return word !== null && (value.length < 20 || word.replaceAll(/[^A-Za-z]/g, '').length > 3 || !looksDrawn(value));
};

const LONG = 120;
const HEX = /^(?=.*\d)[\da-f]+(?:[-:|.][\da-f]+)*$/i;

/** Half or more of it, and at least eight letters in a row, in the order of the alphabet or of a keyboard. */
const isSequence = (lower: string): boolean => {
  const least = Math.max(7, Math.floor(lower.length / 2));
  for (let i = 0; i + least <= lower.length; i++) {
    const part = lower.slice(i, i + least);
    if (KEYBOARD.includes(part) || ROWS.some((row) => row.includes(part))) return true;
  }
  // 1234567890 again and again, in pieces.
  let steps = 0;
  for (let i = 1; i < lower.length; i++) {
    const step = lower.charCodeAt(i) - lower.charCodeAt(i - 1);
    if (step === 1 || step === -9) steps++;
  }
  return lower.length >= 8 && steps >= lower.length * 0.7;
};

const repeats = (lower: string): boolean => {
  for (let period = 1; period <= lower.length / 3; period++) {
    let same = true;
    for (let i = period; same && i < lower.length; i++) same = lower[i] === lower[i - period];
    if (same) return true;
  }
  return false;
};

/** Broken by a dot or an ellipsis, as pages show what nobody may copy; in UTF-8 read as bytes. */
export const isBroken = (value: string): boolean => /\xc2\xb7|\xe2\x80\xa6/.test(value);
