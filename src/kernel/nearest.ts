/** The known word with the fewest edits (Levenshtein) to what was written; the empty text when nothing is known. */
export const nearest = (written: string, known: readonly string[]): string => {
  const start = written.slice(0, LONGEST);
  return known.reduce((best, word) => (edits(start, word) < edits(start, best) ? word : best), known[0] ?? '');
};

/** Longer texts are no misspelt word of ours. */
const LONGEST = 64;

const edits = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
};
