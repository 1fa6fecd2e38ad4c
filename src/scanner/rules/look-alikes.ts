import type { Part, Rule } from '../rule.ts';
import { lettersOf } from './letters.ts';

/**
 * Texts in which a rule must stay silent, as pages and repositories are full of them: for a shape with a beginning of
 * its own, the vendor's way of writing that something belongs there; for a bare shape, the same letters as a digest, a
 * file name or an id under no telling name.
 */
export const lookAlikes = ({
  lead = [],
  shape: own,
  near,
}: Pick<Rule, 'lead' | 'shape' | 'near'>): readonly string[] => {
  const shape = [...lead, ...own];
  if (near === undefined) {
    const [first] = shape;
    const start = typeof first === 'string' ? first : '';
    return [fill(shape, () => 'x'), `${start}...`, `${start}<redacted>`];
  }
  const body = fill(shape, plain);
  return [`etag: W/"${body}"`, `src/assets/logo.${body}.png`, `commit ${body}`];
};

const fill = (shape: readonly Part[], letter: (letters: string, index: number) => string): string =>
  shape
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('any' in part) return part.any[0];
      const letters = lettersOf(part);
      return Array.from({ length: part.min }, (_, index) => letter(letters, index)).join('');
    })
    .join('');

/** Without pattern to the eye, and the same in every run. */
const plain = (letters: string, index: number): string =>
  letters[((index + 7) * (index + 13) * 31 + (index >> 2) * 17) % letters.length] ?? '';
