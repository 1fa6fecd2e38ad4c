import type { KindId, RotationClass } from '#catalogue';
import type { Secret, Tier } from '#kernel';
import type { Origin } from './unit.ts';

/** One credential at one place. */
export type Occurrence = {
  readonly path: string;
  readonly origin: Origin;
  /** From 1; null in binary content. */
  readonly line: number | null;
  /** From 1, in UTF-16 units; null in binary content. */
  readonly column: number | null;
  /** Of the value in the unit, in bytes; of its outermost encoding when it was decoded. */
  readonly offset: number;
  readonly length: number;
  /** The name it stands under, where the format or the code says it: `mqtt.password`, `HASS_TOKEN`. Never a value. */
  readonly name: string | null;
  /** Encodings around it, outermost first: `['base64']`. */
  readonly encodings: readonly ('base64' | 'hex' | 'percent' | 'xml' | 'utf-16' | 'gzip')[];
  /** For blobs, once it was looked up: where it came in. */
  readonly commit?: { readonly id: string; readonly author: string; readonly date: string; readonly inHead: boolean };
};

/** One credential as one detector sees it in one unit. */
export type Finding = {
  /** Of the rule or detector. */
  readonly rule: string;
  readonly title: string;
  /** `GitHub`, `Home Assistant`, … */
  readonly vendor: string;
  readonly kind: KindId;
  readonly tier: Tier;
  readonly rotation: RotationClass;
  readonly value: Secret;
  readonly occurrence: Occurrence;
  /** Why we think so, in one clause. Never quotes the value. */
  readonly why: string;
  readonly opens: string;
  readonly remedy: string;
  /** What is known about this very credential and may be told: a token's id, its end. Never secret. */
  readonly facts: Readonly<Record<string, string>>;
  /** What is also wrong: the published default key, 101 iterations, a file anyone may read. */
  readonly also: readonly { readonly code: string; readonly why: string }[];
  /** `certain`: checksum or structure proves it; `likely`: name and look agree; `note`: worth a look, never exit code 1. */
  readonly confidence: 'certain' | 'likely' | 'note';
};

/** What the store says of a value that it keeps. */
export type Managed = {
  /** `porch/prod/mqtt`. */
  readonly path: string;
  /** Null while it waits to be promoted. */
  readonly version: number | null;
  readonly standing: 'current' | 'pending' | 'earlier';
  /** Nothing says that it opens nothing any more. */
  readonly live: boolean;
  readonly state: string;
  readonly tier: Tier;
  readonly owner: string | null;
  /** How many use it, and the first of them. */
  readonly consumers: { readonly count: number; readonly first: readonly string[] };
};

/** One credential with all its places: what a report shows as one entry. */
export type Discovery = Omit<Finding, 'occurrence'> & {
  readonly occurrences: readonly Occurrence[];
  /** Longer values that it is a part of, where a store may keep it as one of them. */
  readonly around?: readonly Secret[];
  /** Only where a store was asked, and keeps the value. */
  readonly managed?: Managed;
};
