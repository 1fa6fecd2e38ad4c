import { defineErrors } from './errors.ts';

const jsonError = defineErrors('json', {
  malformed: { fault: 'mistake', status: 400, exit: 2, hint: 'Send one JSON document in UTF-8.' },
  too_complex: { fault: 'mistake', status: 400, exit: 2, hint: 'Split it: {limit} is the limit.' },
});

/** A number whose text would not survive a float, kept as written (`JSON.rawJSON`). */
export type RawNumber = { readonly rawJSON: string };
export type JsonValue = null | boolean | number | string | RawNumber | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** Defaults hold for whole requests; depth and keys bound the work a small text can cause (the class of CVE-2025-59043). */
export const JSON_LIMITS = { depth: 32, keys: 10_000 } as const;

/**
 * Parses JSON so that `stringifyJson` gives every number back as it was written: `1.0`, `1e400` and
 * 20-digit integers included. `__proto__` is refused.
 */
export const parseJson = (text: string, limits: { depth: number; keys: number } = JSON_LIMITS): JsonValue => {
  checkComplexity(text, limits);
  try {
    const needsReviver = HAS_NUMBER.test(text) || text.includes('__proto__');
    return JSON.parse(text, needsReviver ? keepNumbers : undefined) as JsonValue;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // V8 quotes the text around the fault in its message, and the text may hold a secret.
    throw jsonError('malformed', 'This is not well-formed JSON.');
  }
};

export const stringifyJson = (value: JsonValue): string => JSON.stringify(value);

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);

export const isRawNumber = (value: JsonValue): value is RawNumber => JSON.isRawJSON(value);

const HAS_NUMBER = /\d\s*(?:[,}\]]|$)/;

const keepNumbers = (key: string, value: unknown, context: { source?: string }): unknown => {
  if (key === '__proto__') throw jsonError('malformed', 'A key may not be called "__proto__".');
  return typeof value === 'number' && String(value) !== context.source && context.source !== undefined
    ? JSON.rawJSON(context.source)
    : value;
};

/** One pass over the text that counts nesting and members outside strings. */
const checkComplexity = (text: string, limits: { depth: number; keys: number }): void => {
  let depth = 0;
  let members = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) i = endOfString(text, i);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limits.depth)
        throw jsonError('too_complex', 'The JSON is nested too deeply.', { limit: `${limits.depth} levels` });
    } else if (code === 0x7d || code === 0x5d) depth--;
    else if (code === 0x2c && ++members >= limits.keys)
      throw jsonError('too_complex', 'The JSON has too many members.', { limit: `${limits.keys} members` });
  }
};

const endOfString = (text: string, start: number): number => {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i++;
    else if (code === 0x22) return i;
  }
  return text.length;
};
