import type { FindingRule } from './rules.ts';

export type FindingState = 'open' | 'excused' | 'closed';

/** Something wrong, as whoever looked saw it. */
export type Observed = {
  readonly rule: FindingRule;
  /** Tells findings of one rule apart inside an environment: a credential's name, or a file and line. */
  readonly place: string;
  /** Id of the credential it is about, if there is one. */
  readonly credential: string | null;
  /** For people; never a value, never where else a value lives. */
  readonly summary: string;
};

export type Finding = {
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly credential: string | null;
  readonly rule: string;
  readonly place: string;
  readonly summary: string;
  readonly state: FindingState;
  readonly openedAt: number;
  readonly excusedUntil: number | null;
  readonly closedAt: number | null;
};

/** Longest summary and place, in characters. */
export const MAX_TEXT = 1_024;
