import { Duration } from '#kernel';
import { identityError } from './errors.ts';

/** How long a sign-in lasts. A working day; a session is never renewed. */
export const SESSION_LIFE = Duration.of(12, 'h');
/** How long a one-time sign-in code waits to be used. */
export const SIGN_IN_LIFE = Duration.of(15, 'm');
/** What a token gets when nothing is asked. */
export const TOKEN_LIFE = Duration.of(30, 'd');
/** What no token outlives, renewed or not: the yearly change of long-lived keys (NIST SP 800-57 part 1, 5.3.6). */
export const MAX_TOKEN_LIFE = Duration.of(366, 'd');

/** The earlier of two ends; null is never. */
export const earlier = (a: number | null, b: number | null): number | null => {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
};

/** A length of life that was asked for, within the longest. */
export const lifeOf = (asked: Duration | undefined, usual: Duration, field: string): number => {
  const ms = asked?.ms ?? usual.ms;
  if (!Number.isSafeInteger(ms) || ms <= 0 || ms > MAX_TOKEN_LIFE.ms)
    throw identityError('malformed', `"${field}" must be more than 0 and at most ${MAX_TOKEN_LIFE.toString()}.`, {
      field,
    });
  return ms;
};
