import type { ReadTx } from '#storage';
import { actionRow } from './actions.ts';
import { type Place, ROOT, type Scope, common, contains, placeOf, scopeOf } from './place.ts';
import { inForce } from './question.ts';
import type { Slices } from './slice.ts';
import type { Subject } from './subject.ts';

/** What a list is about. */
export type Listing = {
  readonly caller: Subject;
  /** A list action; `credential.list` when left out. */
  readonly action?: string;
  readonly project?: string | null;
  readonly environment?: string | null;
  readonly prefix?: string | null;
  readonly now: number;
};

/**
 * The scopes whose things the caller may see in a list: no one of them inside another, none at all for nobody.
 * In SQL a scope is `project = ? AND environment = ? AND (name = ? OR (name >= ? || '/' AND name < ? || '0'))`,
 * each part only where it is not null; `LIKE` would read names as patterns.
 */
export const visibleScopes = async (tx: ReadTx, slices: Slices, listing: Listing): Promise<Scope[]> => {
  const { caller, action = 'credential.list', project = null, environment = null, prefix = null, now } = listing;
  const row = actionRow(action);
  // A list action that custom policies or a state could forbid would not agree with what is listed.
  if (row?.list !== true || caller.scope?.roles?.length === 0) return [];
  const asked = placeOf({ project, environment, prefix });
  const narrowed = caller.scope === null ? ROOT : placeOf(caller.scope);
  const granted = await slices.grants(tx, caller.identity, project);
  const places = granted.places
    .filter((place) =>
      granted
        .at(place)
        .some((grant) => inForce(grant, caller, now) && (row.roles as readonly string[]).includes(grant.role)),
    )
    .map((place) => common(place, narrowed))
    .map((place) => (place === null ? null : common(place, asked)))
    .filter((place) => place !== null);
  return widest(places).map(scopeOf);
};

const widest = (places: readonly Place[]): Place[] => {
  const distinct = [...new Set(places)].toSorted();
  return distinct.filter((place) => !distinct.some((other) => other !== place && contains(other, place)));
};
