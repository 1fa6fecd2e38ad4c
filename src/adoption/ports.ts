import type { CredentialPath } from '#kernel';
import type { Caller } from '#identity';
import type { SecretsPorts, ValueHome } from '#secrets';

/** What taking a home as it is found needs: the same as keeping its values. */
export type AdoptionPorts = SecretsPorts;

/**
 * Keeps adoption from answering guesses. Whoever sends values learns which of them are kept already, here or in another
 * environment; so faces count, and share their counts with every other way to write.
 */
export type Guesses = {
  /** Counts a comparison with what is kept at a path. Errors: a refusal with a wait, after too many just now. */
  compare(caller: Caller, path: CredentialPath): void;
  /** Gives a comparison back that told nothing false: it was right, or nothing was compared. */
  takeBack(caller: Caller, path: CredentialPath): void;
  /** True when the caller may see the place where a value is in use. */
  sees(caller: Caller, home: ValueHome): Promise<boolean>;
  /** Counts a value that is in use where the caller may not look. Errors: as `compare`. */
  unseen(caller: Caller): void;
  /** What to say in place of `secrets.shared_across_environments`; whoever answers for the other place learns of it. */
  answerFor(caller: Caller, error: unknown, isCounted: boolean): Promise<unknown>;
};

export type AdoptPorts = AdoptionPorts & { readonly guesses: Guesses };
