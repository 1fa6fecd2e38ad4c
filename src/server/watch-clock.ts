import { type Clock, Duration } from '#kernel';

/** A difference between wall time and elapsed time beyond this is a step: someone set the clock, or it was wrong. */
const STEP = Duration.of(5, 's');

export type ClockStep = { readonly byMs: number };

/** Compares the wall clock with elapsed time at each call; gives the step since the last call, if there was one. */
export const watchClock = (clock: Clock): (() => ClockStep | null) => {
  let wall = clock.now();
  let elapsed = clock.monotonic();
  return () => {
    const nextWall = clock.now();
    const nextElapsed = clock.monotonic();
    const byMs = Math.round(nextWall - wall - (nextElapsed - elapsed));
    wall = nextWall;
    elapsed = nextElapsed;
    return Math.abs(byMs) > STEP.ms ? { byMs } : null;
  };
};

/** Earliest time a clock can show: a board without a battery starts in 1970, and nothing it decides then can be right. */
const BUILT = Date.parse('2026-01-01T00:00:00Z');

export const isPlausible = (clock: Clock): boolean => clock.now() >= BUILT;
