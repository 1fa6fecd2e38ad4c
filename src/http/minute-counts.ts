import type { Clock } from '#kernel';

const MINUTE_MS = 60_000;
/** Most keys counted in one minute; beyond it everybody new shares one count, so that nobody fills memory. */
const MOST_KEYS = 10_000;
const OTHERS = '\0others';

export type MinuteCounts = {
  add(key: string, many?: number): void;
  /** Takes one back that turned out not to count. */
  takeBack(key: string, many?: number): void;
  /** Seconds until another try is taken; 0 for now. */
  waitFor(key: string, most: number): number;
};

/** Counts by key within one minute, or another span in milliseconds, of the clock that never steps back; then forgets. */
export const openMinuteCounts = (clock: Pick<Clock, 'monotonic'>, span = MINUTE_MS): MinuteCounts => {
  let minute = 0;
  let counts = new Map<string, number>();
  const turn = (): void => {
    const now = Math.floor(clock.monotonic() / span);
    if (now === minute) return;
    minute = now;
    counts = new Map();
  };
  const slot = (key: string): string => (counts.has(key) || counts.size < MOST_KEYS ? key : OTHERS);
  return {
    add(key, many = 1) {
      turn();
      counts.set(slot(key), (counts.get(slot(key)) ?? 0) + many);
    },
    takeBack(key, many = 1) {
      turn();
      const counted = counts.get(slot(key)) ?? 0;
      if (counted > many) counts.set(slot(key), counted - many);
      else counts.delete(slot(key));
    },
    waitFor(key, most) {
      turn();
      if ((counts.get(slot(key)) ?? 0) < most) return 0;
      return Math.ceil(((minute + 1) * span - clock.monotonic()) / 1_000);
    },
  };
};
