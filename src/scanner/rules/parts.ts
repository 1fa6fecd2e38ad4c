import type { Alphabet, Near, Part } from '../rule.ts';

/** So many letters of an alphabet: `letters('alnum', 36)`, `letters('token', 20, 64)`; `also` adds single characters. */
export const letters = (of: Alphabet, min: number, max: number = min, also?: string): Part =>
  also === undefined ? { of, min, max } : { of, min, max, also };

/** Letters of base64 (RFC 4648 section 4) without the `=` at the end, which would swallow the one before a value. */
export const base64 = (min: number, max: number = min, also = ''): Part => letters('alnum', min, max, `+/${also}`);

/** 8-4-4-4-12 hexadecimal digits, in lower case as RFC 9562 section 4 tells programs to write them. */
export const UUID: readonly Part[] = [8, 4, 4, 4, 12].flatMap((length, index) =>
  index === 0 ? [letters('hex-lower', length)] : ['-', letters('hex-lower', length)],
);

/**
 * Names under which people keep a value: `named('datadog api key')` is `datadog_api_key`, `datadog-api-key`,
 * `datadog.api.key` and `datadogApiKey`. Vendor and purpose both stand in the name, so that a digest beside the vendor's word is no finding.
 */
export const named = (...names: readonly string[]): Near => ({
  words: [...new Set(names.flatMap((name) => SEPARATORS.map((separator) => name.replaceAll(' ', separator))))],
  within: ASSIGNMENT,
});

/** `_` in a word is `-` and `.` too; see `Near`. */
const SEPARATORS = ['_', ''] as const;

/** From the end of a name to its value, in bytes: `": "`, `" value="`, or `\n    value: "` of a Kubernetes manifest. */
const ASSIGNMENT = 40;
