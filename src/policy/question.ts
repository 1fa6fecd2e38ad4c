import type { Action, Facts, Resource } from '#kernel';
import type { ReadTx } from '#storage';
import { type ActionRow, type KnownAction, actionRow } from './actions.ts';
import { type Place, ROOT, common, contains, placeOf, placesAround } from './place.ts';
import { lendable, postureOf, reachOf } from './postures.ts';
import { isRole } from './roles.ts';
import type { CustomPolicies, Grant, GrantsByPlace, Slices } from './slice.ts';
import { type Subject, SYSTEM } from './subject.ts';

export type Request = {
  readonly caller: Subject;
  readonly action: Action;
  readonly facts: Facts;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** Everything the answer depends on, put together from the request and the tables; what Cedar is asked. */
export type Question = {
  readonly caller: Subject;
  readonly action: KnownAction;
  readonly row: ActionRow;
  readonly resource: Resource;
  /** Places the resource lies in, as parents of its entity. */
  readonly parents: readonly Place[];
  /** Grants in force that hold the resource, one link each. */
  readonly grants: readonly Grant[];
  readonly custom: CustomPolicies;
  /** Exceptions that somebody changed in the database. They excuse nothing. */
  readonly untrueExceptions: readonly string[];
  readonly context: Context;
  /** Earliest end of what the answer rests on. */
  readonly until: number | null;
};

export type Context = {
  readonly factors: readonly string[];
  readonly roles: readonly string[];
  readonly giving: readonly string[];
  readonly excused: readonly string[];
  readonly posture: string;
  readonly outside: boolean;
  readonly step: boolean;
  readonly role: string;
  readonly reach: readonly string[];
  readonly first: boolean;
  readonly operator: boolean;
  readonly lendable: boolean;
  readonly address: string;
  readonly now: number;
};

/** The rules one may be excused from; the others always hold. */
export const EXCUSABLE = ['bearer-gold'] as const;

const NO_CUSTOM: CustomPolicies = { list: [], volatile: false, untrue: [] };
const NO_TEXTS: readonly string[] = [];
const NO_EXCUSES: Excuses = { rules: NO_TEXTS, until: null, untrue: NO_TEXTS };

/** Puts the question, or null for an action that is in no table. Awaits only what is not yet remembered. */
export const putQuestion = (
  tx: ReadTx,
  slices: Slices,
  request: Request,
): Question | null | Promise<Question | null> => {
  const row = actionRow(request.action);
  if (row === undefined) return null;
  const { project } = request.facts.resource;
  const anywhere = row.anywhere === true || (row.list === true && project === null);
  const grants = slices.grants(tx, request.caller.identity, anywhere ? null : (project ?? ''));
  const custom = project === null || row.list === true ? NO_CUSTOM : slices.custom(tx, project);
  if (grants instanceof Promise || custom instanceof Promise || readsMore(request, row))
    return complete(tx, slices, request, row, grants, custom);
  return assemble(request, row, grants, custom, NO_TEXTS, true, null);
};

/** A few actions look at an exception, or at the rights of somebody else. */
const readsMore = ({ caller, facts }: Request, row: ActionRow): boolean =>
  row.lends === true || (facts.resource.tier === 'gold' && isBearer(caller.factors) && row.effect !== 'names');

const isBearer = (factors: readonly string[]): boolean => factors.every((factor) => factor === 'token');

const complete = async (
  tx: ReadTx,
  slices: Slices,
  request: Request,
  row: ActionRow,
  grantsRead: GrantsByPlace | Promise<GrantsByPlace>,
  customRead: CustomPolicies | Promise<CustomPolicies>,
): Promise<Question> => {
  // Both at once: when both fail, a failure that nobody awaits yet would end the process.
  const [grants, custom] = await Promise.all([grantsRead, customRead]);
  const excuse = readsMore(request, row) && row.lends !== true ? await excuses(tx, slices, request) : NO_EXCUSES;
  const mayLend = row.lends !== true || (await withinReach(tx, slices, request));
  return {
    ...assemble(request, row, grants, custom, excuse.rules, mayLend, excuse.until),
    untrueExceptions: excuse.untrue,
  };
};

const assemble = (
  { caller, action, facts: { resource, attributes = {} }, now }: Request,
  row: ActionRow,
  byPlace: GrantsByPlace,
  custom: CustomPolicies,
  excused: readonly string[],
  mayLend: boolean,
  excusedUntil: number | null,
): Question => {
  const around = placesAround(resource);
  const place = around.at(-1)!;
  const narrowed = caller.scope === null ? ROOT : placeOf(caller.scope);
  const lists = listsBelow(row, resource);
  const below = lists || row.anywhere === true ? placesBelow(byPlace, place, narrowed) : [];

  const grants: Grant[] = [];
  let until = excusedUntil;
  const take = (at: Place): void => {
    for (const grant of byPlace.at(at)) {
      if (!inForce(grant, caller, now)) continue;
      grants.push(grant);
      if (grant.endsAt !== null && (until === null || grant.endsAt < until)) until = grant.endsAt;
    }
  };
  for (const at of around) take(at);
  for (const at of below) take(at);

  const roles = rolesOf(grants);
  const posture = postureOf(attributes['posture']);
  return {
    caller,
    action: action as KnownAction,
    row,
    resource,
    parents: below.length === 0 ? around : [...around, ...below],
    grants,
    custom,
    untrueExceptions: NO_TEXTS,
    until,
    context: {
      factors: caller.factors,
      roles,
      giving: roles.filter((role) => (row.roles as readonly string[]).includes(role)),
      excused,
      posture,
      outside: lists ? common(narrowed, place) === null : !contains(narrowed, place),
      step: caller.scope?.roles?.length === 0,
      role: roleIn(attributes['role']),
      reach:
        row.effect === 'governs' ? reachOf(posture, action === 'grant.revoke' ? 'takes' : 'gives', roles) : NO_TEXTS,
      first: attributes['first'] === true,
      operator: attributes['operator'] === true,
      lendable: mayLend,
      address: caller.from.address,
      now,
    },
  };
};

const roleIn = (text: unknown): string => (typeof text === 'string' && isRole(text) ? text : '');

/** In force now, and not left out by the token in use. */
export const inForce = ({ endsAt, role }: Grant, { scope }: Subject, now: number): boolean =>
  (endsAt === null || endsAt > now) && (scope === null || scope.roles === null || scope.roles.includes(role));

/** A list of a place shows what lies below it; a single credential has nothing below. */
const listsBelow = (row: ActionRow, { kind }: Resource): boolean => row.list === true && kind !== 'credential';

/** Granted places below this one, as far as the token in use reaches. */
const placesBelow = (byPlace: GrantsByPlace, place: Place, narrowed: Place): Place[] =>
  byPlace.places.filter(
    (granted) => granted !== place && contains(place, granted) && common(granted, narrowed) !== null,
  );

const rolesOf = (grants: readonly Grant[]): string[] => {
  if (grants.length <= 1) return grants.map(({ role }) => role);
  return [...new Set(grants.map(({ role }) => role as string))].toSorted();
};

type Excuses = { readonly rules: readonly string[]; readonly until: number | null; readonly untrue: readonly string[] };

const excuses = async (tx: ReadTx, slices: Slices, { facts: { resource }, now }: Request): Promise<Excuses> => {
  const rules: string[] = [];
  const untrue: string[] = [];
  let until: number | null = null;
  for (const key of [resource.id, ...placesAround(resource).slice(1, 3)]) {
    const found = await slices.exceptions(tx, key);
    untrue.push(...found.untrue);
    for (const { rule, ends_at } of found.list) {
      if (ends_at <= now || !(EXCUSABLE as readonly string[]).includes(rule)) continue;
      if (!rules.includes(rule)) rules.push(rule);
      if (until === null || ends_at < until) until = ends_at;
    }
  }
  return { rules, until, untrue };
};

/** True when the caller could give every right that the target of the deed has. */
const withinReach = async (tx: ReadTx, slices: Slices, { caller, facts, now }: Request): Promise<boolean> => {
  const target = facts.attributes?.['target'];
  if (typeof target !== 'string') return false;
  if (target === caller.identity || caller.identity === SYSTEM) return true;
  const own = await slices.grants(tx, caller.identity, null);
  const theirs = await slices.grants(tx, target, null);
  const held = (place: Place): string[] =>
    own.places
      .filter((wide) => contains(wide, place))
      .flatMap((wide) => own.at(wide))
      .filter((grant) => inForce(grant, caller, now))
      .map(({ role }) => role);
  return theirs.places.every((place) =>
    theirs
      .at(place)
      .every(({ role, endsAt }) => (endsAt !== null && endsAt <= now) || lendable(held(place)).includes(role)),
  );
};
