import { ALPHABETS, inClass } from './alphabets.ts';
import { longestOf, startsOf, wholeOf } from './compile-rule.ts';
import { isLiteral } from './matcher/literals.ts';
import type { Part, Rule } from './rule.ts';

/** Longest token of a rule, in characters; what is seen behind a literal is far longer. */
const LONGEST = 8_192;
/** Ways in which a shape may divide one text between its parts before it is refused. */
const MOST_WAYS = 512;
/** How far words may stand, in bytes. */
const FARTHEST = 1_000;

/** What is wrong with a rule, each in one sentence; empty when it is sound. */
export const lintRule = (rule: Rule): readonly string[] => {
  const wrong: string[] = [];
  if (!/^[a-z\d]+(?:-[a-z\d]+)*$/.test(rule.id)) wrong.push('its id is not kebab-case');
  if (rule.shape.length === 0) wrong.push('its shape is empty');
  const whole = wholeOf(rule);
  for (const part of whole) wrong.push(...lintPart(part));
  if (wrong.length > 0) return wrong;
  const marked = startsOf(whole).every((start) => isLiteral(start.slice(0, 12).toLowerCase()));
  if (!marked && rule.near === undefined)
    wrong.push('it begins with fewer than three fixed characters, so it needs `near`');
  if (rule.near !== undefined) {
    if (rule.near.words.length === 0) wrong.push('`near` has no words');
    for (const word of rule.near.words)
      if (!isLiteral(word.toLowerCase()))
        wrong.push(`the word ${JSON.stringify(word)} is not 3 to 64 characters of ASCII`);
    if (rule.near.within < 1 || rule.near.within > FARTHEST) wrong.push(`\`within\` is not 1 to ${FARTHEST} bytes`);
  }
  if (longestOf(whole) > LONGEST) wrong.push(`its tokens may be longer than ${LONGEST} characters`);
  const ways = waysOf(whole);
  if (ways > MOST_WAYS)
    wrong.push(
      `neighbouring parts share letters, so one text can be divided between them in ${ways} ways (at most ${MOST_WAYS})`,
    );
  return wrong;
};

const lintPart = (part: Part): readonly string[] => {
  if (typeof part === 'string')
    return part === '' || !/^[\x20-\x7e]+$/.test(part) ? ['a fixed part is empty or not ASCII'] : [];
  if ('any' in part)
    return part.any.length === 0 || part.any.some((text) => !/^[\x20-\x7e]+$/.test(text))
      ? ['a part with `any` has no texts, or an empty one, or one that is not ASCII']
      : [];
  const sound =
    Number.isInteger(part.min) && Number.isInteger(part.max) && part.min >= 0 && part.max >= part.min && part.max > 0;
  return sound ? [] : ['a part’s `min` and `max` are not whole numbers with 0 ≤ min ≤ max'];
};

/**
 * How often a matcher may have to try again: parts of varying length that are followed by something they could have
 * taken themselves multiply. Everything else is decided at the first letter, so matching is linear in the token.
 */
const waysOf = (shape: readonly Part[]): number =>
  shape.reduce((ways, part, index) => {
    if (typeof part === 'string' || 'any' in part || part.min === part.max) return ways;
    const next = shape.slice(index + 1);
    return next.length > 0 && shares(part, next) ? ways * (part.max - part.min + 1) : ways;
  }, 1);

/** Whether what follows may begin with a letter of the part. */
const shares = (part: Exclude<Part, string | { readonly any: readonly string[] }>, next: readonly Part[]): boolean => {
  const letters = new RegExp(`[${ALPHABETS[part.of]}${inClass(part.also ?? '')}]`);
  for (const following of next) {
    if (typeof following === 'string') return letters.test(following[0]!);
    if ('any' in following) return following.any.some((text) => letters.test(text[0]!));
    for (let code = 33; code < 127; code++) {
      const letter = String.fromCharCode(code);
      if (
        letters.test(letter) &&
        new RegExp(`[${ALPHABETS[following.of]}${inClass(following.also ?? '')}]`).test(letter)
      )
        return true;
    }
    if (following.min > 0) return false;
  }
  return false;
};
