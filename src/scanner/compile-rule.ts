import { ALPHABETS, exactly, inClass, sizeOf } from './alphabets.ts';
import { foldName, isLiteral } from './matcher/literals.ts';
import type { Part, Rule } from './rule.ts';

/** What of a rule decides where it matches; the rest is words for people. */
export type RuleCore = Pick<Rule, 'id' | 'lead' | 'shape' | 'near' | 'checksum' | 'publishable'>;

/** A span of a token in the text of a window. `lead`: where what must stand before it begins. */
export type Span = { readonly start: number; readonly end: number; readonly lead?: number };

export type CompiledRule = {
  readonly rule: RuleCore;
  /** Fixed characters at the start of every token, or of what leads to it; 0 when only words near it say what it is. */
  readonly prefix: number;
  /** Fixed characters at the start of the token, however few. */
  readonly fixed: number;
  /** Bits of chance in the shortest token. */
  readonly bits: number;
  /** Tokens of this rule at, or near, a hit of one of its literals. */
  find(text: string, hit: Span): readonly Span[];
};

/** Alternatives of a start that are looked for one by one. */
const MOST_STARTS = 64;

/** Texts with which every token of the shape starts, as long as they are fixed. */
export const startsOf = (shape: readonly Part[]): readonly string[] => {
  let starts = [''];
  for (const part of shape) {
    const next = typeof part === 'string' ? [part] : 'any' in part ? part.any : null;
    if (next === null || starts.length * next.length > MOST_STARTS) break;
    starts = starts.flatMap((start) => next.map((more) => start + more));
  }
  return starts;
};

/** Longest literal that is looked for: more tells no more, and costs states. */
const LONGEST_LITERAL = 12;

/** Whether a start is long enough to be looked for by itself. */
const marks = (start: string): boolean => isLiteral(start.slice(0, LONGEST_LITERAL).toLowerCase());

/** What of a rule stands in the text: its lead, then the value. */
export const wholeOf = ({ lead = [], shape }: Pick<Rule, 'lead' | 'shape'>): readonly Part[] => [...lead, ...shape];

/** What the one pass must look for so that no token of the rule is missed, in lower case. */
export const literalsOf = (rule: RuleCore): readonly string[] => {
  const starts = startsOf(wholeOf(rule));
  const literals = starts.every(marks)
    ? starts.map((start) => start.toLowerCase())
    : (rule.near?.words ?? []).map(foldName);
  return [...new Set(literals.map((literal) => literal.slice(0, LONGEST_LITERAL)))];
};

/**
 * Letters of the base64 alphabets that follow the literal in every token of the rule, so that a look at them spares a
 * try; null for words near a token, which may stand anywhere.
 */
export const runOf = (rule: RuleCore, literal: string): number | null => {
  const shape = wholeOf(rule);
  const starts = startsOf(shape);
  if (!starts.every(marks)) return null;
  let run = Number.POSITIVE_INFINITY;
  for (const start of starts.filter((one) => one.toLowerCase().startsWith(literal))) {
    const rest = start.slice(literal.length);
    const [next] = shape.slice(partsIn(shape, start));
    const more =
      next !== undefined && typeof next !== 'string' && 'of' in next && !/[^\w+/=-]/.test(next.also ?? '')
        ? next.min
        : 0;
    run = Math.min(run, /^[\w+/=-]*$/.test(rest) ? rest.length + more : 0);
  }
  return Number.isFinite(run) ? run : 0;
};

/** How many parts of a shape its start takes up. */
const partsIn = (shape: readonly Part[], start: string): number => {
  let count = 0;
  for (let starts = ['']; count < shape.length; count++) {
    const part = shape[count]!;
    const next = typeof part === 'string' ? [part] : 'any' in part ? part.any : null;
    if (next === null || starts.length * next.length > MOST_STARTS) break;
    starts = starts.flatMap((one) => next.map((text) => one + text));
  }
  return start === '' ? 0 : count;
};

/** The pattern of a shape. Parts follow each other without nesting, each of bounded length, so no match can explode. */
export const patternOf = (shape: readonly Part[]): string => shape.map(partPattern).join('');

const partPattern = (part: Part): string => {
  if (typeof part === 'string') return exactly(part);
  // Longest first: the first alternative that fits is taken.
  if ('any' in part)
    return `(?:${part.any
      .toSorted((a, b) => b.length - a.length)
      .map(exactly)
      .join('|')})`;
  return `${lettersOf(part)}{${part.min},${part.max}}`;
};

const lettersOf = (part: Exclude<Part, string | { readonly any: readonly string[] }>): string =>
  `[${ALPHABETS[part.of]}${inClass(part.also ?? '')}]`;

/** Not inside a longer word; a JSON string's `\n` is no letter before it. */
const BEFORE = String.raw`(?:(?<![0-9A-Za-z_])|(?<=\\[nrtbf]))`;

/** The same where a value may hold `-`: what stands behind one is the end of a longer value. */
const BEFORE_DASHED = String.raw`(?:(?<![0-9A-Za-z_-])|(?<=\\[nrtbf]))`;

/** The same in base64, whose own signs would cut a longer value in two. */
const BEFORE_BASE64 = String.raw`(?:(?<![0-9A-Za-z_+/])|(?<=\[nrtbf]))`;

const before = ([first]: readonly Part[]): string => {
  if (first === undefined || typeof first === 'string' || 'any' in first) return BEFORE;
  if (/[+]/.test(first.also ?? '') && /[/]/.test(first.also ?? '')) return BEFORE_BASE64;
  return new RegExp(lettersOf(first)).test('-') ? BEFORE_DASHED : BEFORE;
};

/** Not before a letter that would have made it longer. */
const after = (shape: readonly Part[]): string => {
  const last = shape.at(-1);
  if (last === undefined || typeof last === 'string' || 'any' in last) return '(?![0-9A-Za-z_])';
  return `(?![0-9A-Za-z_${ALPHABETS[last.of]}${inClass(last.also ?? '')}])`;
};

const longestFixed = (shape: readonly Part[]): string =>
  shape.reduce<string>(
    (longest, part) => (typeof part === 'string' && part.length > longest.length ? part : longest),
    '',
  );

/** Longest text of a shape, in characters. */
export const longestOf = (shape: readonly Part[]): number =>
  shape.reduce(
    (sum, part) =>
      sum +
      (typeof part === 'string' ? part.length : 'any' in part ? Math.max(...part.any.map((s) => s.length)) : part.max),
    0,
  );

const bitsOf = (shape: readonly Part[]): number =>
  shape.reduce((sum, part) => {
    if (typeof part === 'string' || 'any' in part) return sum;
    return sum + part.min * Math.log2(sizeOf(part.of) + (part.also ?? '').length);
  }, 0);

/** Compiled when its literal is seen for the first time: most rules never are. */
export const compileRule = (rule: RuleCore): CompiledRule => {
  const starts = startsOf(wholeOf(rule));
  const lead = patternOf(rule.lead ?? []);
  const source = `${before(wholeOf(rule))}${lead}(${patternOf(rule.shape)})${after(rule.shape)}`;
  const bits = bitsOf(rule.shape);
  const fixed = shortest(startsOf(rule.shape));
  const words = rule.near?.words.map(foldName) ?? [];
  if (starts.every(marks)) {
    const sticky = new RegExp(source, 'y');
    const find = (text: string, hit: Span): readonly Span[] => {
      sticky.lastIndex = hit.start;
      const match = sticky.exec(text);
      if (match === null) return [];
      const end = sticky.lastIndex;
      const span = { start: end - match[1]!.length, end, ...(lead === '' ? {} : { lead: hit.start }) };
      return rule.near === undefined || isNear(text, span, words, rule.near) ? [span] : [];
    };
    return { rule, prefix: shortest(starts), fixed, bits, find };
  }
  const longest = longestOf(wholeOf(rule));
  const { within, behind = false } = rule.near ?? { within: 0 };
  const anywhere = new RegExp(source, 'g');
  const inside = longestFixed(rule.shape);
  const find = (text: string, literal: Span): readonly Span[] => {
    const hit = wholeWord(text, literal, words);
    if (hit === null || !isWord(text, hit)) return [];
    const spans: Span[] = [];
    const look = (from: number, to: number, fits: (span: Span) => boolean) => {
      const part = text.slice(Math.max(0, from - 2), Math.min(text.length, to));
      // Fixed text in the middle is found, or missed, faster than a pattern is tried at every letter.
      if (inside !== '' && !part.includes(inside)) return;
      const offset = Math.max(0, from - 2);
      anywhere.lastIndex = from - offset;
      for (let match = anywhere.exec(part); match !== null; match = anywhere.exec(part)) {
        const end = offset + match.index + match[0].length;
        const span = { start: end - match[1]!.length, end, ...(lead === '' ? {} : { lead: offset + match.index }) };
        if (fits(span)) spans.push(span);
      }
    };
    look(
      hit.end,
      hit.end + within + longest + 1,
      ({ start }) => start <= hit.end + within && isGiven(text, hit.end, start),
    );
    if (behind)
      look(hit.start - within - longest, hit.start + 1, ({ end }) => end <= hit.start && end >= hit.start - within);
    return spans;
  };
  return { rule, prefix: 0, fixed, bits, find };
};

const shortest = (starts: readonly string[]): number => Math.min(...starts.map((start) => start.length));

const isNear = (text: string, span: Span, words: readonly string[], near: NonNullable<Rule['near']>): boolean => {
  const longest = Math.max(...words.map((word) => word.length));
  const before = foldName(text.slice(Math.max(0, span.start - near.within - longest), span.start));
  if (words.some((word) => before.includes(word))) return true;
  if (near.behind !== true) return false;
  const behind = foldName(text.slice(span.end, span.end + near.within + longest));
  return words.some((word) => behind.includes(word));
};

/** The literal is only the beginning of a long word: the rest of it must be there. The longest of several. */
const wholeWord = (text: string, { start }: Span, words: readonly string[]): Span | null => {
  let end = -1;
  for (const word of words)
    if (start + word.length > end && foldName(text.slice(start, start + word.length)) === word)
      end = start + word.length;
  return end === -1 ? null : { start, end };
};

/** A short word counts only as a word of its own: `aws` is not in `jaws`, but is in `awsKey` and `AWS_KEY`. */
const isWord = (text: string, { start, end }: Span): boolean => {
  if (end - start > 5) return true;
  // The `n` of a `\n` in a string is no letter before it.
  const before = /\\[nrtbf]$/.test(text.slice(Math.max(0, start - 2), start)) ? ' ' : (text[start - 1] ?? ' ');
  const first = text[start]!;
  if (/[A-Za-z]/.test(before) && !(/[a-z]/.test(before) && /[A-Z]/.test(first))) return false;
  return !/[a-z]/.test(text[end] ?? ' ');
};

/** Between the word and the value stands something that gives it: `=`, `:`, a quote, a bracket, not only prose. */
const isGiven = (text: string, from: number, start: number): boolean =>
  /[=:"'`>(,|\][]|\s-{1,2}\w|\s$/.test(text.slice(from, start));
