import { ALPHABETS } from '../alphabets.ts';
import type { Part } from '../rule.ts';

type Letters = Exclude<Part, string | { readonly any: readonly string[] }>;

/** The letters that a part may be made of, each once, in the order of ASCII. */
export const lettersOf = ({ of, also = '' }: Letters): string => {
  const inside = new RegExp(`[${ALPHABETS[of]}]`);
  return ASCII.filter((letter) => inside.test(letter) || also.includes(letter)).join('');
};

/** Printable, without the space: it stands between words. */
const ASCII = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
