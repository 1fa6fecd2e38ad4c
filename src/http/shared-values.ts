import { type ChatelaineError, type Clock, hasCode } from '#kernel';
import type { Caller } from '#identity';
import { credentialById } from '#inventory';
import { httpError } from './errors.ts';
import type { House } from './house.ts';

/** Refusals per identity and minute. Each tells that a guessed value is in use somewhere; ten guesses find nothing. */
const MOST_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/** Where else a refused value is in use. */
export type ElsewhereInUse = {
  readonly project: string;
  readonly environment: string;
  readonly credential: string;
  /** The identity that tried to write it. */
  readonly by: string;
};

export type SharedValues = {
  /** Before a write. Errors: `http.too_many` for an identity that was refused too often just now. */
  check(caller: Caller): void;
  /** What to answer when a write failed: the other place is named only to one who may see it. */
  answerFor(caller: Caller, error: unknown): Promise<unknown>;
};

/**
 * Stands between writers and the rule that no value is in two environments, for the rule's refusal is an oracle.
 *
 * @param report told of every refusal for a place that its writer may not see; findings are written from it
 */
export const openSharedValues = (
  house: House,
  report: (elsewhere: ElsewhereInUse) => Promise<void> = async () => {},
): SharedValues => {
  const refusals = openMinuteCounts(house.clock);
  return {
    check({ identity }) {
      const seconds = refusals.waitFor(identity, MOST_PER_MINUTE);
      if (seconds > 0) throw httpError('too_many', 'Too many of your values were in use elsewhere.', { seconds });
    },
    async answerFor(caller, error) {
      if (!hasCode(error, 'secrets.shared_across_environments')) return error;
      refusals.add(caller.identity);
      const { path, leaf, ...elsewhere } = error.details as Readonly<Record<string, string>>;
      const place = await visiblePlace(house, caller, elsewhere as never);
      if (place === null) await report({ ...(elsewhere as never as Omit<ElsewhereInUse, 'by'>), by: caller.identity });
      return sharedError(String(leaf), String(path), place);
    },
  };
};

const sharedError = (leaf: string, path: string, place: string | null): ChatelaineError =>
  httpError('shared_value', `The value of "${leaf}" is in use ${place === null ? 'in another environment' : `at ${place}`}.`, {
    path,
    leaf,
  });

const visiblePlace = (
  { engine, policy }: House,
  caller: Caller,
  { project, environment, credential }: { readonly project: string; readonly environment: string; readonly credential: string },
): Promise<string | null> =>
  engine.read(async (tx) => {
    const row = await tx.one(credentialById, { id: credential });
    if (row === undefined) return null;
    const scopes = await policy.visible(tx, { caller, project, environment, prefix: row.name });
    return scopes.length === 0 ? null : `${project}/${environment}/${row.name}`;
  });

/** Counts by key within the minute of the clock; forgets all at its end, so that nobody fills memory. */
export const openMinuteCounts = (clock: Pick<Clock, 'monotonic'>) => {
  let minute = 0;
  let counts = new Map<string, number>();
  const turn = (): void => {
    const now = Math.floor(clock.monotonic() / MINUTE_MS);
    if (now === minute) return;
    minute = now;
    counts = new Map();
  };
  return {
    add(key: string): void {
      turn();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    /** Seconds until another try is taken; 0 for now. */
    waitFor(key: string, most: number): number {
      turn();
      if ((counts.get(key) ?? 0) < most) return 0;
      return Math.ceil(((minute + 1) * MINUTE_MS - clock.monotonic()) / 1_000);
    },
  };
};
