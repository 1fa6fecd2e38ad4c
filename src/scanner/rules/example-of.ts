import { crc32 } from 'node:zlib';
import type { Random } from '#kernel';
import { checksumOf } from '../checksums.ts';
import type { ChecksumId, Part, Rule } from '../rule.ts';
import { lettersOf } from './letters.ts';

/** A value that the vendor could have issued, made of chance: for tests, and for copies with every secret replaced. */
export const exampleOf = ({ shape, checksum }: Pick<Rule, 'shape' | 'checksum'>, random: Random): string => {
  const text = shape.map((part) => partOf(part, random)).join('');
  return checksum === undefined ? text : (CHECKED[checksum]?.(text) ?? text);
};

export type NearMiss = {
  readonly what: 'one short' | 'one long' | 'strange letter' | 'glued' | 'wrong checksum' | 'no word near';
  readonly text: string;
};

/** Texts, with the words of the rule where it needs them, in which the rule must find nothing. */
export const nearMisses = (rule: Rule, random: Random): readonly NearMiss[] => {
  const value = exampleOf(rule, random);
  const last = rule.shape.at(-1)!;
  const misses: NearMiss[] = [
    { what: 'glued', text: inContext(rule, `q${value}`) },
    { what: 'strange letter', text: inContext(rule, strange(rule, value)) },
  ];
  if (rule.near !== undefined) misses.push({ what: 'no word near', text: `checked = "${value}"` });
  if (isLetters(last) && !endsInAnother(rule)) {
    const shortest = exampleOf(
      { shape: rule.shape.map((part) => (isLetters(part) ? { ...part, max: part.min } : part)) },
      random,
    );
    if (last.min > 0) misses.push({ what: 'one short', text: inContext(rule, shortest.slice(0, -1)) });
    const longest = exampleOf(
      { shape: rule.shape.map((part) => (isLetters(part) ? { ...part, min: part.max } : part)) },
      random,
    );
    misses.push({ what: 'one long', text: inContext(rule, `${longest}${longest.at(-1)}`) });
  }
  const wrong = changedAtEnd(rule, value);
  if (wrong !== null) misses.push({ what: 'wrong checksum', text: inContext(rule, wrong) });
  return misses;
};

/** As people write it: under a name of the rule, where it needs one. */
export const inContext = ({ near }: Pick<Rule, 'near'>, value: string): string =>
  near === undefined ? `token = "${value}"` : `${near.words[0]}: "${value}"`;

type Letters = Exclude<Part, string | { readonly any: readonly string[] }>;

const isLetters = (part: Part): part is Letters => typeof part !== 'string' && 'of' in part;

const partOf = (part: Part, random: Random): string => {
  if (typeof part === 'string') return part;
  if ('any' in part) return part.any[below(part.any.length, random)]!;
  const letters = lettersOf(part);
  const length = part.min + below(part.max - part.min + 1, random);
  return Array.from({ length }, () => letters[below(letters.length, random)]).join('');
};

/** Uniform enough for examples: two bytes for at most some thousand choices. */
const below = (count: number, random: Random): number => {
  const [high, low] = random.bytes(2);
  return ((high! << 8) | low!) % count;
};

/** A letter that no token has, in the middle of the last part of chance. */
const strange = ({ shape }: Rule, value: string): string => {
  const longest = Math.max(...shape.map((part) => (isLetters(part) ? part.min : 0)));
  const at = value.length - Math.ceil(longest / 2);
  return `${value.slice(0, at)}\u00a7${value.slice(at + 1)}`;
};

/** The last letters of a token with a checksum are not free, so neither is its length. */
const endsInAnother = ({ checksum }: Rule): boolean => checksum !== undefined && checksum !== 'base64-json';

const changedAtEnd = ({ checksum }: Rule, value: string): string | null => {
  if (checksum === undefined || checksum === 'base64-json') return null;
  const wrong = value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');
  return checksumOf(checksum, wrong) === 'invalid' ? wrong : null;
};

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const inBase62 = (value: number): string => {
  let text = '';
  for (let rest = value; text.length < 6; rest = Math.floor(rest / 62)) text = BASE62[rest % 62]! + text;
  return text;
};

/** `prefix_body` and the CRC-32 of the body. */
const afterPrefix = (text: string): string => {
  const body = text.slice(text.indexOf('_') + 1, -6);
  return text.slice(0, -6) + inBase62(crc32(body));
};

/** The stretch after the fixed beginning becomes JSON, as long as before. */
const json = (text: string): string => {
  const [, before, start = ''] = /^(.*?)(eyJ\w{0,5})/.exec(text) ?? ['', ''];
  const opening = Buffer.from(start.slice(0, start.length - (start.length % 4)), 'base64').toString('latin1');
  const filling = Buffer.from(text)
    .toString('hex')
    .slice(0, Math.floor(text.length * 0.7));
  const object = `${opening}${opening.endsWith('"') ? '' : opening.includes(':') ? '"' : 'a":"'}${filling}"}`;
  return (before ?? '') + Buffer.from(object).toString('base64');
};

const CHECKED: Readonly<Partial<Record<ChecksumId, (text: string) => string>>> = {
  'github-crc32': afterPrefix,
  'npm-crc32': afterPrefix,
  chatelaine: afterPrefix,
  'gitlab-crc32': (text) => text.slice(0, -7) + crc32(text.slice(0, -7)).toString(36).padStart(7, '0'),
  'base64-json': json,
};
