import type { Candidate } from './detector.ts';
import type { Occurrence } from './finding.ts';

/** How much a detector knows of what it found: at one place the highest is kept. */
export const PRECISION = { file: 4, proved: 3, format: 2, rule: 2, near: 1, named: 0.5, generic: 0 } as const;

/**
 * What a unit holds, as plain data that can pass between threads of this process (memory only): the one place where a
 * value is text. `value` leaves it as a `Secret`.
 */
export type Found = Omit<Candidate, 'start' | 'end' | 'value' | 'name' | 'yields' | 'cut'> & {
  readonly value: string;
  readonly precision: number;
  readonly place: Pick<Occurrence, 'line' | 'column' | 'offset' | 'length' | 'name' | 'encodings'>;
};

/** A candidate at its place in the unit, before the lines are counted. */
export type Placed = {
  readonly candidate: Candidate;
  readonly precision: number;
  readonly value: string;
  /** In bytes of the unit; of the outermost encoding. */
  readonly offset: number;
  readonly length: number;
  readonly encodings: Occurrence['encodings'];
};

/** One per place: where two overlap, the one that knows more; then the more certain, then the longer. */
export const mostPrecise = (placed: readonly Placed[]): readonly Placed[] => {
  if (placed.length < 2) return placed;
  const kept: Placed[] = [];
  const order = { certain: 2, likely: 1, note: 0 } as const;
  const sorted = placed.toSorted(
    (a, b) =>
      b.precision - a.precision ||
      order[b.candidate.confidence] - order[a.candidate.confidence] ||
      a.encodings.length - b.encodings.length ||
      b.length - a.length ||
      b.value.length - a.value.length ||
      a.offset - b.offset,
  );
  for (const one of sorted) if (!kept.some((other) => samePlace(one, other))) kept.push(one);
  return kept.toSorted((a, b) => a.offset - b.offset);
};

/** In one encoded stretch there may be several: those are told apart by their value. */
const samePlace = (a: Placed, b: Placed): boolean => {
  if (a.offset >= b.offset + b.length || b.offset >= a.offset + a.length) return false;
  if (a.encodings.length > 0 && b.encodings.length > 0) return a.value.includes(b.value) || b.value.includes(a.value);
  return true;
};
