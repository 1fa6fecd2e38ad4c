import { type ReadTx, isUncommitted, rowUntrue } from '#storage';
import { type Place, placeOf } from './place.ts';
import type { PolicyKeys } from './ports.ts';
import { type Role, isRole } from './roles.ts';
import {
  type ExceptionRow,
  type GrantRow,
  type PolicyRow,
  exceptionSeal,
  exceptionsFor,
  grantSeal,
  grantsOf,
  grantsReaching,
  policiesOf,
  policyById,
  policySeal,
} from './tables.ts';

/** A grant whose row is true and that nobody revoked; it may have ended. */
export type Grant = {
  readonly id: string;
  readonly role: Role;
  readonly place: Place;
  readonly reason: string;
  readonly endsAt: number | null;
};

export type CustomPolicy = { readonly id: string; readonly text: string };
export type CustomPolicies = {
  readonly list: readonly CustomPolicy[];
  /** One of them reads the context, so its answer is not remembered. */
  readonly volatile: boolean;
  /** Rows that are not true. They may have been prohibitions, so nothing is allowed until somebody has looked. */
  readonly untrue: readonly string[];
};

/** What the tables say at one revision. */
export type Slices = {
  /** An identity's grants by place, those that reach into `project`; all when it is null. */
  grants(tx: ReadTx, identity: string, project: string | null): GrantsByPlace | Promise<GrantsByPlace>;
  exceptions(tx: ReadTx, resource: string): Exceptions | Promise<Exceptions>;
  custom(tx: ReadTx, project: string): CustomPolicies | Promise<CustomPolicies>;
};

/** The code over a row is checked when the row is first used: of a thousand grants a decision uses a few. */
export type GrantsByPlace = {
  /** Places with a row, true or not. */
  readonly places: readonly Place[];
  /** The true grants at exactly this place. */
  at(place: Place): readonly Grant[];
  /** Rows that were looked at and are not true. They give nothing. */
  untrue(): readonly string[];
};

/** Exceptions for one resource; those whose rows are not true excuse nothing, and are named where that matters. */
export type Exceptions = { readonly list: readonly ExceptionRow[]; readonly untrue: readonly string[] };

/** Most identities, resources and projects remembered at one revision. */
const MAX_REMEMBERED = 10_000;

/** Reads the tables every time. */
export const freshSlices = (keys: PolicyKeys): Slices => ({
  async grants(tx, identity, project) {
    const rows = await (project === null
      ? tx.all(grantsOf, { identity })
      : tx.all(grantsReaching, { identity, project }));
    return byPlace(keys, rows);
  },
  async exceptions(tx, resource) {
    const rows = await tx.all(exceptionsFor, { resource });
    const list = rows.filter((row) => exceptionSeal.isTrue(keys.rowMacs(), row));
    return { list, untrue: rows.filter((row) => !list.includes(row)).map(({ id }) => id) };
  },
  async custom(tx, project) {
    const rows = await tx.all(policiesOf, { project });
    await requireComplete(tx, rows);
    const list = rows.map(({ id, text }) => ({ id: `custom-${id}`, text }));
    const untrue = rows.filter((row) => !policySeal.isTrue(keys.rowMacs(), row)).map(({ id }) => id);
    return { list, volatile: list.some(({ text }) => text.includes('context')), untrue };
  },
});

/**
 * A prohibition that somebody removed from the database would be missed by nobody else. It is not looked for behind
 * changes of this very commit, which may have removed it; the decision before the commit looked.
 */
const requireComplete = async (tx: ReadTx, rows: readonly PolicyRow[]): Promise<void> => {
  if (isUncommitted(tx)) return;
  const here = new Set(rows.map(({ id }) => id));
  for (const id of tx.guard.present('policy'))
    if (!here.has(id) && (await tx.one(policyById, { id })) === undefined && tx.guard.present('policy').includes(id))
      throw rowUntrue('policy', id);
};

/** The same, remembered; made anew for each revision, so that nothing read at one can serve at the next. */
export const rememberingSlices = (keys: PolicyKeys): Slices => {
  const fresh = freshSlices(keys);
  const grants = new Map<string, GrantsByPlace>();
  const exceptions = new Map<string, Exceptions>();
  const custom = new Map<string, CustomPolicies>();
  return {
    grants(tx, identity, project) {
      const key = project === null ? identity : `${identity} ${project}`;
      return grants.get(key) ?? remember(grants, key, fresh.grants(tx, identity, project));
    },
    exceptions: (tx, resource) =>
      exceptions.get(resource) ?? remember(exceptions, resource, fresh.exceptions(tx, resource)),
    custom: (tx, project) => custom.get(project) ?? remember(custom, project, fresh.custom(tx, project)),
  };
};

const remember = async <T>(memory: Map<string, T>, key: string, answer: T | Promise<T>): Promise<T> => {
  const value = await answer;
  if (memory.size >= MAX_REMEMBERED) memory.delete(memory.keys().next().value!);
  memory.set(key, value);
  return value;
};

/** A role that this version does not know gives nothing. */
const grantOf = (row: GrantRow): Grant[] =>
  isRole(row.role)
    ? [{ id: row.id, role: row.role, place: placeOf(row), reason: row.reason, endsAt: row.ends_at }]
    : [];

const NONE: readonly Grant[] = [];

const byPlace = (keys: PolicyKeys, rows: readonly GrantRow[]): GrantsByPlace => {
  const unproven = Map.groupBy(rows, placeOf);
  const proven = new Map<Place, readonly Grant[]>();
  const untrue: string[] = [];
  return {
    places: [...unproven.keys()],
    at(place) {
      const known = proven.get(place);
      if (known !== undefined) return known;
      const here = unproven.get(place);
      if (here === undefined) return NONE;
      const macs = keys.rowMacs();
      const grants = here.flatMap((row) => {
        if (grantSeal.isTrue(macs, row)) return grantOf(row);
        untrue.push(row.id);
        return [];
      });
      proven.set(place, grants);
      return grants;
    },
    untrue: () => untrue,
  };
};
