/** Classes of bytes: every byte that stands in some literal has one, letters share theirs with the other case. */
export type Classes = {
  /** Per byte value. 0 for bytes that stand in no literal. */
  readonly of: Uint8Array;
  readonly count: number;
};

/** Between the words of a name stands one or another: `api_key`, `api-key`, `api.key` of a properties file. */
const SEPARATORS = ['_', '-', '.'] as const;

/** The same for names that differ in separators only, and in the case of letters. */
export const foldName = (text: string): string => text.toLowerCase().replaceAll(/[-.]/g, '_');

/** The kernel keeps classes, times four, in one byte. */
export const MOST_CLASSES = 63;

/** Letters of programs and settings, the commonest first: their places in a row are those that stay in the cache. */
const COMMONEST = 'etaoinsrlcdupmfhgb_yvwkx';

export const classesOf = (literals: readonly string[]): Classes => {
  const of = new Uint8Array(256);
  const folded = literals.map(foldName);
  const used = new Set(folded.join(''));
  let count = 1;
  for (const letter of COMMONEST) if (used.delete(letter)) of[letter.charCodeAt(0)] = count++;
  for (const letter of used) of[letter.charCodeAt(0)] = count++;
  // One class, so that one row knows a name however it is separated; the matcher tells them apart where it matters.
  for (const separator of SEPARATORS) of[separator.charCodeAt(0)] = of['_'.charCodeAt(0)]!;
  if (count > MOST_CLASSES)
    throw new RangeError(`Literals use ${count} different bytes; ${MOST_CLASSES} are the most.`);
  for (let upper = 65; upper <= 90; upper++) of[upper] = of[upper + 32]!;
  return { of, count };
};

/** What the one pass can look for: three or more bytes of ASCII, in lower case. */
export const isLiteral = (text: string): boolean => /^[\x20-\x40\x5b-\x7e]{3,64}$/.test(text);
