import { Duration } from '#kernel';
import type { Caller } from '#identity';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { openMinuteCounts } from '../minute-counts.ts';

/**
 * Values that one identity may ask about in one environment within an hour: several scans of a large history. A list of
 * common passwords takes years at this pace, and each request of it stands in the ledger.
 */
export const MOST_AN_HOUR = 10_000;

/** Counts what is asked, right or wrong. Errors: `http.too_many`, with the wait. */
export const openMatchLimit = ({ clock }: House) => {
  const counts = openMinuteCounts(clock, Duration.of(1, 'h').ms);
  return (
    { identity }: Caller,
    place: { readonly project: string; readonly environment: string },
    many: number,
  ): void => {
    const key = `${identity} ${place.project}/${place.environment}`;
    const seconds = counts.waitFor(key, MOST_AN_HOUR - many + 1);
    if (seconds > 0)
      throw httpError(
        'too_many',
        `Too many values of ${place.project}/${place.environment} were asked about just now.`,
        {
          seconds,
        },
      );
    counts.add(key, many);
  };
};
