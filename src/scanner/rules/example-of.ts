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
  const misses: NearMiss[] = [];
  const miss = (what: NearMiss['what'], value: string | null) => {
    if (value !== null) misses.push({ what, text: inContext(rule, value) });
  };
  const value = exampleOf(rule, random);
  const shortest = exampleOf({ shape: rule.shape.map(atMinimum) }, random);
  if (rule.lead === undefined) miss('glued', glued(rule, value));
  miss('strange letter', strange(rule, shortest));
  miss('wrong checksum', changedAtEnd(rule, value));
  const last = rule.shape.at(-1)!;
  if (isLetters(last) && last.min > 0) {
    miss('one short', shortest.slice(0, -1));
    const longest = exampleOf({ shape: rule.shape.map(atMaximum) }, random);
    miss('one long', `${longest}${longest.at(-1)}`);
  }
  if (rule.near !== undefined) misses.push({ what: 'no word near', text: `checked = "${value}"` });
  return misses;
};

/** As people write it: behind what leads to it, under a name of the rule, where it needs them. */
export const inContext = ({ lead = [], near }: Pick<Rule, 'lead' | 'near'>, value: string): string => {
  const text = leadTo(lead) + value;
  return near === undefined ? `token = "${text}"` : `${near.words[0]}: "${text}"`;
};

/** A lead as short as it may be, of one letter where any will do. */
export const leadTo = (lead: readonly Part[]): string =>
  lead
    .map((part) =>
      typeof part === 'string' ? part : 'any' in part ? part.any[0]! : lettersOf(part).at(-1)!.repeat(part.min),
    )
    .join('');

type Letters = Exclude<Part, string | { readonly any: readonly string[] }>;

const isLetters = (part: Part): part is Letters => typeof part !== 'string' && 'of' in part;

const atMinimum = (part: Part): Part => (isLetters(part) ? { ...part, max: part.min } : part);

const atMaximum = (part: Part): Part => (isLetters(part) ? { ...part, min: part.max } : part);

/** Letters and digits at both ends, as a vendor would not begin a token with a sign, and signs in between. */
const partOf = (part: Part, random: Random): string => {
  if (typeof part === 'string') return part;
  if ('any' in part) return part.any[below(part.any.length, random)]!;
  const letters = lettersOf(part).replace('=', '');
  const plain = letters.replaceAll(/[^0-9A-Za-z]/g, '');
  const length = part.min + below(part.max - part.min + 1, random);
  return Array.from({ length }, (_, index) => {
    const from = index % (length - 1) === 0 || index % 8 !== 3 ? plain : letters;
    return from[below(from.length, random)];
  }).join('');
};

/** Uniform enough for examples: two bytes for at most some thousand choices. */
const below = (count: number, random: Random): number => {
  const [high, low] = random.bytes(2);
  return ((high! << 8) | low!) % count;
};

/** In front of it a letter that makes it part of another word; null where that would only make it longer. */
const glued = ({ shape }: Rule, value: string): string | null => {
  const [first] = shape;
  if (first === undefined || typeof first === 'string' || 'any' in first) return `q${value}`;
  const letters = lettersOf(first);
  const letter = ['q', '9', '_'].find((candidate) => !letters.includes(candidate));
  if (letter !== undefined) return letter + value;
  return first.min === first.max ? `q${value}` : null;
};

/** A letter that no token has, in the middle of the longest part, so that neither half is enough. */
const strange = ({ shape }: Rule, shortest: string): string => {
  let at = 0;
  let middle = 0;
  let longest = 0;
  for (const part of shape) {
    const length = typeof part === 'string' ? part.length : 'any' in part ? part.any[0]!.length : part.min;
    if (isLetters(part) && length > longest) [longest, middle] = [length, at + (length >> 1)];
    at += length;
  }
  return `${shortest.slice(0, middle)}\u00a7${shortest.slice(middle + 1)}`;
};

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
  const body = text.slice(text.lastIndexOf('_') + 1, -6);
  return text.slice(0, -6) + inBase62(crc32(body));
};

/** `syt_…_` and the CRC-32 of what is before; `mat_…_` with the digits the other way round. */
const matrix = (text: string): string => {
  const body = text.slice(0, text.lastIndexOf('_'));
  const digits = inBase62(crc32(body)).replace(/^0+/, '');
  const ordered = text.startsWith('sy') ? digits : [...digits].toReversed().join('');
  return `${body}_${ordered.padStart(6, '0')}`;
};

/** `glsa_…_` and the four bytes of the CRC-32, the least first. */
const grafana = (text: string): string => {
  const body = text.slice(0, text.lastIndexOf('_'));
  const digits = crc32(body).toString(16).padStart(8, '0');
  return `${body}_${(digits.match(/../g) ?? []).toReversed().join('')}`;
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
  'polar-crc32': afterPrefix,
  'matrix-crc32': matrix,
  'grafana-crc32': grafana,
  chatelaine: afterPrefix,
  'gitlab-crc32': (text) => text.slice(0, -7) + crc32(text.slice(0, -7)).toString(36).padStart(7, '0'),
  'base64-json': json,
};
