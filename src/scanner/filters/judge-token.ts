import { checksumOf } from '../checksums.ts';
import type { CompiledRule, Span } from '../compile-rule.ts';
import type { Candidate, Window } from '../detector.ts';
import type { Rule } from '../rule.ts';
import { contextOf, isCalledHash } from './context.ts';
import { isFiller, isPlaceholder } from './placeholders.ts';
import { isPublished } from './published.ts';
import { looksDrawn } from './rarity.ts';

/** Chance in a token, in bits, from which its shape alone says what it is. */
const ENOUGH_BITS = 80;
/** Fixed characters that no word begins with by accident. */
const ENOUGH_PREFIX = 4;

/** What a rule's match is worth. `proved`: by its checksum. */
export type Verdict = { readonly proved: boolean; readonly why: string; readonly confidence: Candidate['confidence'] };

/** What a rule's match is worth, or null when it is nobody's credential. */
export const judgeToken = (compiled: CompiledRule, window: Window, span: Span): Verdict | null => {
  const { rule, prefix, bits } = compiled;
  const token = window.text.slice(span.start, span.end);
  if (isPublished(token)) return null;
  const checksum = rule.checksum === undefined ? 'absent' : checksumOf(rule.checksum, token);
  if (checksum === 'invalid') return null;
  const context = contextOf(window.path);
  const body = token.slice(compiled.fixed);
  if (checksum !== 'valid') {
    if (isFiller(body) || !hasChance(body, bits)) return null;
    if (prefix < ENOUGH_PREFIX && !hasMark(rule.shape) && !looksDrawn(body)) return null;
    if (prefix === 0) {
      if (context.lock || context.made || window.binary) return null;
      if (isPlaceholder(body) || isCalledHash(window.text, span.start)) return null;
    }
    if (window.binary && (prefix < ENOUGH_PREFIX || bits < ENOUGH_BITS)) return null;
  }
  const proved = checksum === 'valid' || (prefix >= ENOUGH_PREFIX && bits >= ENOUGH_BITS);
  const why =
    checksum === 'valid'
      ? 'its checksum is right'
      : prefix > 0
        ? 'starts and is built as its vendor’s tokens are'
        : 'is built as its vendor’s tokens are, beside its name';
  const note = rule.publishable === true || (context.practice && checksum !== 'valid');
  return { proved: checksum === 'valid', why, confidence: note ? 'note' : proved ? 'certain' : 'likely' };
};

/** A match with the words of its rule. */
export const describe = (
  rule: Rule,
  { confidence, why }: Verdict,
  { text }: Window,
  { end, lead, start }: Span,
): Candidate => ({
  rule: rule.id,
  title: rule.title,
  vendor: rule.vendor,
  kind: rule.kind,
  tier: rule.tier,
  rotation: rule.rotation,
  opens: rule.opens,
  remedy: rule.remedy,
  start,
  end,
  why,
  name: nameBefore(text, lead ?? start),
  facts: {},
  also: [],
  confidence,
});

/** Fixed words inside a token (`AZDO`, `msh…jsn`) say as much as one in front. */
const hasMark = (shape: Rule['shape']): boolean =>
  shape.reduce((sum, part) => sum + (typeof part === 'string' && part.length >= 3 ? part.length : 0), 0) >=
  ENOUGH_PREFIX;

/** A token drawn by chance is neither one word nor all of one sort of letter, where its alphabet has more. */
const hasChance = (body: string, bits: number): boolean => {
  if (body.length < 12) return true;
  const distinct = new Set(body).size;
  if (distinct < Math.min(8, body.length / 3) || isLopsided(body)) return false;
  if (/^[A-Za-z_-]+$/.test(body) && bits / body.length > 4.5)
    return (bits / body.length < 5.5 || /[a-z][A-Z]|[A-Z][a-z]/.test(body)) && looksDrawn(body);
  return true;
};

/** One letter makes a third of it, as zeros do in encoded tables. */
const isLopsided = (body: string): boolean => {
  if (body.length < 24) return false;
  const counts = new Map<string, number>();
  for (const letter of body) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return Math.max(...counts.values()) > body.length / 3;
};

/** The name in front of a value: `HASS_TOKEN="…`, `"token": "…`, `token: …`. */
export const nameBefore = (text: string, start: number): string | null => {
  const match =
    /([A-Za-z_][\w.-]{1,60})["'`\]]{0,2}\s{0,4}(?:=>|:=|=|:)\s{0,4}["'`]?(?:bearer |token |basic |https?:\/\/)?$/i.exec(
      text.slice(Math.max(0, start - 90), start),
    );
  return match?.[1] ?? null;
};
