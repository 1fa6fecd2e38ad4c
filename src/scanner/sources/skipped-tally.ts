import type { Yield } from '../unit.ts';
import { skipped } from './gap.ts';

/** Paths that are named for each reason; the rest is counted. */
const NAMED = 20;

/** What is left out comes by the thousand, too: some are named, the others counted at the end. */
export const skippedTally = (): {
  readonly add: (path: string, why: string) => Yield[];
  readonly rest: () => Yield[];
} => {
  const counts = new Map<string, number>();
  return {
    add: (path, why) => {
      const count = (counts.get(why) ?? 0) + 1;
      counts.set(why, count);
      return count > NAMED ? [] : [skipped(path, why)];
    },
    rest: () => [...counts].flatMap(([why, count]) => (count > NAMED ? [skipped(`(${count - NAMED} more)`, why)] : [])),
  };
};
