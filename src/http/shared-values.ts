import { type ChatelaineError, hasCode } from '#kernel';
import type { Caller } from '#identity';
import { type CredentialRow, credentialById } from '#inventory';
import type { ValueHome } from '#secrets';
import { httpError } from './errors.ts';
import type { House } from './house.ts';
import { openMinuteCounts } from './minute-counts.ts';
import { reportElsewhere } from './report-elsewhere.ts';

/** Refusals per identity and minute. Each tells that a guessed value is in use somewhere; ten guesses find nothing. */
const MOST_PER_MINUTE = 10;

export type SharedValues = {
  /** Before a write. Errors: `http.too_many` for an identity that was refused too often just now. */
  check(caller: Caller): void;
  /**
   * What to answer when a write failed: the other place is named only to one who may see it. `isCounted`: it was by
   * `count` already.
   */
  answerFor(caller: Caller, error: unknown, isCounted?: boolean): Promise<unknown>;
  /** `check` and count in one, for a value known to be in use at a place that the caller may not see. */
  count(caller: Caller): void;
  /** True when the caller may see the place. */
  sees(caller: Caller, place: ValueHome): Promise<boolean>;
};

const opened = new WeakMap<House, SharedValues>();

/**
 * Stands between writers and the rule that no value is in two environments, for the rule's refusal is an oracle. One
 * for all faces of a house, so that they share its counts. A place that the writer may not see gets a finding.
 */
export const sharedValuesOf = (house: House): SharedValues => {
  let shared = opened.get(house);
  if (shared === undefined) {
    shared = openSharedValues(house);
    opened.set(house, shared);
  }
  return shared;
};

const openSharedValues = (house: House): SharedValues => {
  const refusals = openMinuteCounts(house.clock);
  const check = ({ identity }: Caller): void => {
    const seconds = refusals.waitFor(identity, MOST_PER_MINUTE);
    if (seconds > 0) throw httpError('too_many', 'Too many of your values were in use elsewhere.', { seconds });
  };
  const rowOf = ({ credential }: ValueHome) => house.engine.read((tx) => tx.one(credentialById, { id: credential }));
  return {
    check,
    count(caller) {
      check(caller);
      refusals.add(caller.identity);
    },
    async sees(caller, place) {
      const row = await rowOf(place);
      return row !== undefined && sees(house, caller, place, row);
    },
    async answerFor(caller, error, isCounted = false) {
      if (!hasCode(error, 'secrets.shared_across_environments')) return error;
      if (!isCounted) refusals.add(caller.identity);
      const { path, leaf, ...place } = error.details as unknown as Details;
      const row = await rowOf(place);
      if (row !== undefined && (await sees(house, caller, place, row)))
        return sharedError(leaf, path, `at ${place.project}/${place.environment}/${row.name}`);
      await reportElsewhere(house)(place);
      return sharedError(leaf, path, 'in another environment');
    },
  };
};

type Details = ValueHome & { readonly path: string; readonly leaf: string };

const sharedError = (leaf: string, path: string, where: string): ChatelaineError =>
  httpError('shared_value', `The value of "${leaf}" is in use ${where}.`, { path, leaf });

const sees = async (
  { engine, policy }: House,
  caller: Caller,
  { project, environment }: ValueHome,
  { name }: CredentialRow,
): Promise<boolean> =>
  (await engine.read((tx) => policy.visible(tx, { caller, project, environment, prefix: name }))).length > 0;
