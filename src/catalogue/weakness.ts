import { COMMON_WORDS, PUBLISHED } from './common.ts';
import { type KindId, kindOf } from './kinds.ts';
import { sixteenIntegers } from './shapes.ts';

/**
 * `default`: published by its maker. `common`: among the first that are tried. `short`: fewer characters than its kind
 * needs. `repeated`: one piece again and again. `weak-hash`: the hash is cheap to search.
 */
export type WeaknessCode = 'default' | 'common' | 'short' | 'repeated' | 'weak-hash';
export type Weakness = { readonly code: WeaknessCode; /** For people; never quotes the value. */ readonly why: string };

/** Why a value is weak for its kind, or null. Values that only an issuer makes are never called short or common. */
export const weaknessOf = (kind: KindId, value: string): Weakness | null => {
  const text = value.trim();
  switch (kind) {
    case 'plain':
    case 'url-credential':
    case 'private-key':
      return null;
    case 'zigbee-network-key':
      return zigbeeWeakness(text);
    case 'bcrypt-hash':
    case 'password-hash':
      return hashWeakness(text);
    default:
      return textWeakness(kind, text);
  }
};

/** Zigbee2MQTT's published default (`lib/util/settings.ts`). */
const ZIGBEE_DEFAULT = '1,3,5,7,9,11,13,15,0,2,4,6,8,10,12,13';
/** The global trust centre link key of Zigbee, `ZigBeeAlliance09`. */
const ZIGBEE_ALLIANCE = '90,105,103,66,101,101,65,108,108,105,97,110,99,101,48,57';

const zigbeeWeakness = (text: string): Weakness | null => {
  const numbers = sixteenIntegers(text) ?? (/^[\da-f]{32}$/i.test(text) ? [...Uint8Array.fromHex(text)] : null);
  if (numbers === null) return null;
  const key = numbers.join();
  if (key === ZIGBEE_DEFAULT || key === ZIGBEE_ALLIANCE) return weak('default', 'the key that its documents publish');
  if (new Set(numbers).size <= 2) return weak('repeated', 'the same byte again and again');
  return isRow(numbers) ? weak('common', 'bytes in a row') : null;
};

/** Fewest iterations of PBKDF2 that still cost an attacker something; OWASP asks for 210,000 with SHA-512. */
const PBKDF2_ITERATIONS = 100_000;
/** bcrypt's cost is a power of two; OWASP asks for 10. */
const BCRYPT_COST = 8;

const hashWeakness = (text: string): Weakness | null => {
  const iterations = /\$7\$(\d{1,9})\$/.exec(text)?.[1];
  if (iterations !== undefined && Number(iterations) < PBKDF2_ITERATIONS)
    return weak('weak-hash', `hashed with ${Number(iterations)} iterations; ${PBKDF2_ITERATIONS} are the least`);
  if (/(?:^|:)\$6\$/.test(text)) return weak('weak-hash', 'hashed once with SHA-512, which is searched by the billion');
  const cost = /^\$2[abxy]\$(\d\d)\$/.exec(text)?.[1];
  if (cost !== undefined && Number(cost) < BCRYPT_COST)
    return weak('weak-hash', `bcrypt of cost ${Number(cost)}; 10 is usual`);
  return null;
};

const textWeakness = (kind: KindId, text: string): Weakness | null => {
  if (PUBLISHED.has(text) || PUBLISHED.has(text.toLowerCase()))
    return weak('default', 'a value that its documents publish');
  const { shortest } = kindOf(kind);
  if (shortest === null) return isIssuerForm(text) ? null : commonness(text);
  const common = commonness(text);
  if (common !== null) return common;
  if (/^(.{1,8}?)\1+$/s.test(text.slice(0, 256))) return weak('repeated', 'one piece again and again');
  return text.length < shortest
    ? weak('short', `${text.length} characters; ${shortest} are the least for this kind`)
    : null;
};

/** What an issuer makes holds letters and digits at length; a common word inside is chance. */
const isIssuerForm = (text: string): boolean => text.length >= 20;

const commonness = (text: string): Weakness | null => {
  if (isRow(Array.from(text.toLowerCase(), (character) => character.codePointAt(0)!)))
    return weak('common', 'characters in a row');
  const digits = text.replaceAll('-', '');
  if (/^\d+$/.test(digits) && digits.length <= 10 && (new Set(digits).size === 1 || isRow(Array.from(digits, Number))))
    return weak('common', 'digits in a row or all the same');
  const words = [plainSpelling(text), text.toLowerCase().replaceAll(/[^a-z]/g, '')];
  return words.some((word) => COMMON_WORDS.has(word)) ? weak('common', 'among the first that are tried') : null;
};

const SPELLINGS: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** `P@ssw0rd!2024` is `password`: endings of digits and signs dropped, then look-alikes undone. */
const plainSpelling = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\d!?.#*_-]+$/, '')
    .replaceAll(/[@431!0$57]/g, (sign) => SPELLINGS[sign]!);

/** Four and more that rise or fall by one each, where nine or z may be followed by nought or a. */
const isRow = (numbers: readonly number[]): boolean => {
  if (numbers.length < 4) return false;
  const steps = numbers.slice(1).map((number, i) => number - numbers[i]!);
  const breaks = steps.filter((step) => step !== steps[0]).length;
  return Math.abs(steps[0]!) === 1 && breaks <= (numbers.length > 10 ? 2 : 0);
};

const weak = (code: WeaknessCode, why: string): Weakness => ({ code, why });
