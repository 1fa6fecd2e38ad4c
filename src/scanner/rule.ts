import type { KindId, RotationClass } from '#catalogue';
import type { Tier } from '#kernel';

/**
 * Letters of which a part of a token is made. `base64url` and `token` have `-` and `_`; `token` is what most vendors
 * who document nothing use: letters, digits, `-`, `_`.
 */
export type Alphabet =
  | 'digits'
  | 'hex'
  | 'hex-lower'
  | 'hex-upper'
  | 'alpha-lower'
  | 'alpha-upper'
  | 'alpha'
  | 'alnum'
  | 'alnum-lower'
  | 'alnum-upper'
  | 'base32'
  | 'base58'
  | 'base64'
  | 'base64url'
  | 'token';

/**
 * One part of a token's text, in order: fixed text, one of several fixed texts, or so many letters of an alphabet.
 * `also` adds single characters to the alphabet. Lengths in characters, both ends inclusive.
 */
export type Part =
  | string
  | { readonly any: readonly string[] }
  | { readonly of: Alphabet; readonly min: number; readonly max: number; readonly also?: string };

/** How the vendor made the last characters checkable offline; see `checksums.ts`. */
export type ChecksumId =
  | 'github-crc32'
  | 'npm-crc32'
  | 'polar-crc32'
  | 'gitlab-crc32'
  | 'grafana-crc32'
  | 'matrix-crc32'
  | 'luhn'
  | 'chatelaine'
  | 'base64-json';

/** Words that must stand near a token without a prefix of its own; compared without case, `_`, `-` and `.` being one. */
export type Near = {
  readonly words: readonly string[];
  /** How far before the token the word may end, in bytes; 40 is one assignment, 200 a small block. */
  readonly within: number;
  /** Also as far behind it. */
  readonly behind?: boolean;
};

/**
 * One kind of token, as data. Facts of the vendor (prefix, alphabet, length, checksum), never somebody's pattern text.
 *
 * The literal of the shape, or the words near it, are what the one pass over the bytes looks for; so a shape, or the
 * lead before it, either starts with three or more fixed characters, or has `near`.
 */
export type Rule = {
  /** Stable, kebab-case, begins with the vendor: `github-fine-grained-token`. In baselines and SARIF; never reused. */
  readonly id: string;
  /** What people call it: `GitHub fine-grained personal access token`. */
  readonly title: string;
  /** Whose it is: `GitHub`. */
  readonly vendor: string;
  readonly kind: KindId;
  readonly tier: Tier;
  readonly rotation: RotationClass;
  readonly shape: readonly Part[];
  /**
   * What stands directly before the value and is not of it: the address in front of a webhook's token. Its literal is
   * looked for as if it began the shape.
   */
  readonly lead?: readonly Part[];
  readonly near?: Near;
  readonly checksum?: ChecksumId;
  /** Is public by design (a publishable key): listed as a note, never as a leak. */
  readonly publishable?: true;
  /** What somebody who has it can do, in one clause. */
  readonly opens: string;
  /** How it is made useless and replaced, in one or two sentences: where to click, or the command. */
  readonly remedy: string;
  /** The vendor's page that states the facts. */
  readonly source: string;
  /**
   * `documented`: the vendor's page states the shape. `observed`: seen in the vendor's code or examples, which promise
   * nothing. `reported`: known in the field; the page says what the key is for, and was not found to show its shape.
   */
  readonly evidence: 'documented' | 'observed' | 'reported';
  /**
   * Texts in which it must be found, with what must not lie whole in any repository broken by `·` (removed by the
   * tests). Further positive, negative and evasion examples are made from the shape.
   */
  readonly examples: readonly string[];
  /** Texts that look like it and are not: in these it must stay silent. */
  readonly notThese: readonly string[];
};

/** For tables of rules: checks the type of each row and keeps the ids. */
export const rules = <const Rows extends readonly Rule[]>(...rows: Rows): Rows => rows;
