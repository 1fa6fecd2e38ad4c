import { Secret, type Tier } from '#kernel';
import type { Discovery, Finding, Occurrence } from './finding.ts';
import type { Found } from './found.ts';
import type { Origin } from './unit.ts';

/** Places of one credential that are kept; the rest is counted. */
const MOST_PLACES = 500;
/** Longer values that are kept of one credential: addresses with one password. */
const MOST_AROUND = 20;
/** Credentials of one scan: what has more is a list of something. */
const MOST_DISCOVERIES = 20_000;

const CONFIDENCE: Readonly<Record<Finding['confidence'], number>> = { certain: 0, likely: 1, note: 2 };
const TIER: Readonly<Record<Tier, number>> = { gold: 0, silver: 1, bronze: 2 };

type Entry = {
  readonly secret: Secret;
  best: Found;
  /** Where the best stands: of equals the first by its path is taken, in whatever order threads tell of them. */
  bestAt: Occurrence;
  readonly occurrences: Occurrence[];
  readonly around: Set<string>;
  places: number;
};

export type Grouping = {
  add(path: string, origin: Origin, found: readonly Found[]): void;
  /** Most dangerous first. `full`: there were more than can be kept. */
  finish(): { readonly discoveries: readonly Discovery[]; readonly full: boolean };
};

/** Gathers what is found by value: one credential, all its places. What says most about it names it. */
export const grouping = (): Grouping => {
  const entries = new Map<string, Entry>();
  let full = false;
  return {
    add(path, origin, found) {
      for (const one of found) {
        const occurrence: Occurrence = { path, origin, ...one.place };
        const known = entries.get(one.value);
        if (known === undefined) {
          if (entries.size >= MOST_DISCOVERIES) full = true;
          else
            entries.set(one.value, {
              secret: Secret.fromText(one.value),
              best: one,
              bestAt: occurrence,
              occurrences: [occurrence],
              around: new Set(one.around),
              places: 1,
            });
          continue;
        }
        known.places++;
        for (const text of one.around ?? []) if (known.around.size < MOST_AROUND) known.around.add(text);
        if (known.occurrences.length < MOST_PLACES) known.occurrences.push(occurrence);
        if (!better(one, known.best) && (better(known.best, one) || byPlace(occurrence, known.bestAt) >= 0)) continue;
        known.best = one;
        known.bestAt = occurrence;
      }
    },
    finish() {
      const discoveries = [...entries.values()].map(toDiscovery).toSorted(byDanger);
      entries.clear();
      return { discoveries, full };
    },
  };
};

const better = (a: Found, b: Found): boolean =>
  a.precision - b.precision > 0 || (a.precision === b.precision && CONFIDENCE[a.confidence] < CONFIDENCE[b.confidence]);

const toDiscovery = ({ around, secret, best, occurrences, places }: Entry): Discovery => {
  const { value: _, precision: __, place: ___, around: ____, ...about } = best;
  const facts = places > occurrences.length ? { ...about.facts, places: String(places) } : about.facts;
  return {
    ...about,
    facts,
    value: secret,
    occurrences: occurrences.toSorted(byPlace),
    ...(around.size === 0 ? {} : { around: [...around].map((text) => Secret.fromText(text)) }),
  };
};

const byPlace = (a: Occurrence, b: Occurrence): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : a.offset - b.offset;

const byDanger = (a: Discovery, b: Discovery): number =>
  CONFIDENCE[a.confidence] - CONFIDENCE[b.confidence] ||
  TIER[a.tier] - TIER[b.tier] ||
  b.occurrences.length - a.occurrences.length ||
  byPlace(a.occurrences[0]!, b.occurrences[0]!);
