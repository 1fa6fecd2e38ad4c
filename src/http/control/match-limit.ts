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

/** A place and who asks about it; the names he asks about. */
type Question = {
  readonly caller: Caller;
  readonly place: { readonly project: string; readonly environment: string };
  readonly many: number;
};

/**
 * Counts what is asked, right or wrong, before it is answered: of a thousand requests at once only so many are. What is
 * refused was not answered and does not count. Errors: `http.too_many`, with the wait, and what `answer` throws.
 */
export const openMatchLimit = ({ clock }: House) => {
  const counts = openMinuteCounts(clock, Duration.of(1, 'h').ms);
  return async <T>({ caller, place, many }: Question, answer: () => Promise<T>): Promise<T> => {
    const where = `${place.project}/${place.environment}`;
    const key = `${caller.identity} ${where}`;
    const seconds = counts.waitFor(key, MOST_AN_HOUR - many + 1);
    if (seconds > 0) throw httpError('too_many', `Too many values of ${where} were asked about just now.`, { seconds });
    counts.add(key, many);
    try {
      return await answer();
    } catch (error) {
      counts.takeBack(key, many);
      throw error;
    }
  };
};
