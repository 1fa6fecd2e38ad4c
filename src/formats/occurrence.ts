import type { KindId, SystemId } from '#catalogue';
import type { Secret } from '#kernel';
import { type Found, type Segment, judge } from './judge.ts';
import { type FileReading, type Leaf, isReference } from './reading.ts';
import { formatRow } from './recognise.ts';

/** A leaf that holds a credential's value, whole or in part. */
export type Occurrence = {
  readonly reading: FileReading;
  readonly leaf: Leaf;
  readonly segments: readonly Segment[];
  /** One per credential in `segments`, in order: its key among all. */
  readonly keys: readonly string[];
  /** True when the leaf is the value of a name that others refer to. */
  readonly named: boolean;
};

/** Shorter values coincide too often to be called the same credential by their look alone. */
const LONG_ENOUGH_TO_RECOGNISE = 8;
/** Shortest value that is searched for inside other texts. */
const LONG_ENOUGH_TO_SEARCH = 16;

/**
 * Every occurrence in the readings. First what looks like a credential by itself; then, with the values known, the same
 * values where nothing around them says so.
 */
export const findOccurrences = (
  readings: readonly FileReading[],
  keyOf: (value: Secret) => string,
): readonly Occurrence[] => {
  const certain: Occurrence[] = [];
  const others: { reading: FileReading; leaf: Leaf }[] = [];
  for (const reading of readings)
    for (const leaf of reading.leaves) {
      const segments = judge(reading, leaf);
      if (segments === null) others.push({ reading, leaf });
      else certain.push(occurrence(reading, leaf, segments, keyOf));
    }
  const known = knownValues(certain);
  const more = others.flatMap(({ reading, leaf }) => {
    const segments = recognise(leaf, known);
    return segments === null ? [] : [occurrence(reading, leaf, segments, keyOf)];
  });
  const order = new Map(readings.map((reading, index) => [reading, index]));
  return [...certain, ...more].toSorted(
    (a, b) => order.get(a.reading)! - order.get(b.reading)! || a.leaf.span.start - b.leaf.span.start,
  );
};

const occurrence = (
  reading: FileReading,
  leaf: Leaf,
  segments: readonly Segment[],
  keyOf: (value: Secret) => string,
): Occurrence => ({
  reading,
  leaf,
  segments,
  keys: foundIn(segments).map((found) => keyOf(found.secret)),
  named: reading.format !== null && formatRow(reading.format).custody === 'rendered' && leaf.keyPath.length === 1,
});

export const foundIn = (segments: readonly Segment[]): readonly Found[] =>
  segments.flatMap((segment) => ('found' in segment ? [segment.found] : []));

type Known = { readonly exact: ReadonlyMap<string, Found>; readonly searched: readonly (readonly [string, Found])[] };

const knownValues = (occurrences: readonly Occurrence[]): Known => {
  const exact = new Map<string, Found>();
  for (const found of occurrences.flatMap(({ segments }) => foundIn(segments))) {
    const text = found.secret.revealText();
    // Words and digits only are as often a name or a number; a value must look like one to be recognised anywhere.
    if (text.length >= LONG_ENOUGH_TO_RECOGNISE && /\d/.test(text) && /[^\d.,:\s]/.test(text) && !exact.has(text))
      exact.set(text, found);
  }
  return {
    exact,
    searched: [...exact].filter(([text]) => text.length >= LONG_ENOUGH_TO_SEARCH && !/\s/.test(text)).slice(0, 2000),
  };
};

const recognise = (leaf: Leaf, known: Known): readonly Segment[] | null => {
  const [part] = leaf.parts;
  if (leaf.parts.length !== 1 || part === undefined || isReference(part) || part.size < LONG_ENOUGH_TO_RECOGNISE)
    return null;
  const text = part.revealText();
  const whole = known.exact.get(text);
  if (whole !== undefined)
    return [{ found: { ...whole, why: 'the same value as a known credential', role: null, encoding: 'none' } }];
  if (text.length <= LONG_ENOUGH_TO_SEARCH) return null;
  for (const [value, found] of known.searched) {
    const at = text.indexOf(value);
    if (at === -1 || /[\w]/.test(text[at - 1] ?? ' ') || /[\w]/.test(text[at + value.length] ?? ' ')) continue;
    const segments: Segment[] = [
      { text: text.slice(0, at) },
      { found: { ...found, why: 'holds the value of a known credential', role: 'text', encoding: 'none' } },
      { text: text.slice(at + value.length) },
    ];
    return segments.filter((segment) => !('text' in segment) || segment.text !== '');
  }
  return null;
};

/** What most places say about a credential; among equals, the place it is named after. */
export const bestKind = (found: readonly Found[]): { readonly kind: KindId; readonly why: string } => {
  const counted = Map.groupBy(found, ({ kind }) => (kind === 'unknown-secret' ? null : kind));
  counted.delete(null);
  const [best] = [...counted.values()].toSorted((a, b) => b.length - a.length)[0] ?? found;
  return { kind: best!.kind, why: best!.why };
};

export const systemsIn = (occurrences: readonly Occurrence[]): readonly SystemId[] => [
  ...new Set(occurrences.flatMap(({ reading }) => (reading.system === null ? [] : [reading.system]))),
];
