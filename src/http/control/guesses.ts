import type { Guesses } from '#adoption';
import type { CredentialPath } from '#kernel';
import type { Caller } from '#identity';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import { openMinuteCounts } from '../minute-counts.ts';
import type { SharedValues } from '../shared-values.ts';

/** Wrong values per identity, credential and minute. A home is adopted once or twice a minute; who tries more is guessing. */
const MOST_PER_MINUTE = 20;

/** Counts what adoption tells, together with what writes tell. */
export const guessesOf = ({ clock }: House, shared: SharedValues): Guesses => {
  const compared = openMinuteCounts(clock);
  const keyOf = ({ identity }: Caller, { project, environment, foldedName }: CredentialPath): string =>
    `${identity} ${project}/${environment}/${foldedName}`;
  return {
    // Counted before it is compared and given back after: of a thousand sent at once, too, only so many are answered.
    compare(caller, path) {
      const key = keyOf(caller, path);
      const seconds = compared.waitFor(key, MOST_PER_MINUTE);
      if (seconds > 0)
        throw httpError('too_many', `Too many other values were offered for ${path} just now.`, { seconds });
      compared.add(key);
    },
    takeBack: (caller, path) => compared.takeBack(keyOf(caller, path)),
    sees: (caller, home) => shared.sees(caller, home),
    unseen: (caller) => shared.count(caller),
    answerFor: (caller, error, isCounted) => shared.answerFor(caller, error, isCounted),
  };
};
