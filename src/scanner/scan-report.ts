import type { Discovery } from './finding.ts';
import type { Gap, Skipped } from './unit.ts';

/** What a scan found, and how much it saw. Holds values as `Secret`; whatever is written from it holds none. */
export type ScanReport = {
  /** Most dangerous first: by confidence, tier, number of places. */
  readonly discoveries: readonly Discovery[];
  /** What was not looked through. Any gap makes the scan incomplete, never clean. */
  readonly gaps: readonly Gap[];
  readonly skipped: readonly Skipped[];
  readonly covered: { readonly units: number; readonly bytes: number; readonly fromCache: number };
  /** Milliseconds, by the clock of the caller. */
  readonly took: number;
};

/** 0 clean, 1 findings, 3 incomplete. Notes alone are clean; findings in an incomplete scan are findings. */
export const exitCodeOf = ({ discoveries, gaps }: ScanReport): 0 | 1 | 3 => {
  if (discoveries.some(({ confidence }) => confidence !== 'note')) return 1;
  return gaps.length > 0 ? 3 : 0;
};
