import type { Route } from '#contract';
import { closeFinding } from '#findings';
import { type Action, type Facts, hasCode } from '#kernel';
import type { Caller } from '#identity';
import { INSTALLATION } from '#inventory';
import { removePolicy, revokeException, revokeGrant } from '#policy';
import type { ReadTx } from '#storage';
import type { House } from '../house.ts';
import type { Asked } from './read-request.ts';
import { controlError } from './errors.ts';

/**
 * A refusal says 403 and why to one who may see the thing, and 404 to everybody else: what is foreign is as absent as
 * what never was. The denial is in the ledger either way.
 */
export const concealForeign = async (
  house: House,
  route: Route,
  asked: Asked,
  caller: Caller,
  error: unknown,
): Promise<unknown> => {
  if (!hasCode(error, 'deeds.denied')) return error;
  const place = placeOf(asked);
  const named = place !== null || hasId(asked);
  if (!named || (await maySee(house, route, caller, place, asked))) return error;
  return controlError(
    'foreign',
    `There is no such ${route.tag === 'access' ? 'thing' : 'place'}, or it is not yours to see.`,
  );
};

type Place = { readonly project: string; readonly environment: string | null; readonly prefix: string | null };

const placeOf = ({ path, params, query, body }: Asked): Place | null => {
  if (path !== null) return { project: path.project, environment: path.environment, prefix: path.name };
  for (const part of [params, query, body]) {
    const { project, environment } = (part ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof project === 'string')
      return { project, environment: typeof environment === 'string' ? environment : null, prefix: null };
  }
  return null;
};

const hasId = ({ params, body }: Asked): boolean => has(params, 'id') || has(body, 'identity');

const has = (part: unknown, name: string): boolean => typeof part === 'object' && part !== null && name in part;

const maySee = (house: House, route: Route, caller: Caller, place: Place | null, asked: Asked): Promise<boolean> =>
  house.engine.read(async (tx) => {
    const { policy, clock } = house;
    if (place !== null) return (await policy.visible(tx, { caller, ...place })).length > 0;
    const id = (asked.params as { id?: string } | undefined)?.id;
    if (id === caller.identity) return true;
    const seen = id === undefined ? undefined : seenBy(house, route);
    if (seen !== undefined && id !== undefined) {
      const { resource } = await seen.factsOf(tx, id);
      // What is not there is told by its own deed, to whoever may do that everywhere; to nobody else.
      if (resource.id === 'none') return false;
      return (await policy.decide(tx, { caller, action: seen.action, facts: { resource }, now: clock.now() })).allow;
    }
    const facts = { resource: { ...INSTALLATION, kind: 'identity' as const, id: 'identity' } };
    return (await policy.decide(tx, { caller, action: 'identity.list', facts, now: clock.now() })).allow;
  });

type Seen = { readonly action: Action; readonly factsOf: (tx: ReadTx, id: string) => Promise<Facts> };

/** Where a thing lies that is named by its id alone, and the action of whoever may know that it is there. */
const seenBy = ({ grantPorts }: House, { path }: Route): Seen | undefined => {
  if (path.startsWith('/grants/'))
    return { action: 'grant.list', factsOf: (tx, id) => revokeGrant(grantPorts).facts(tx, { id }) };
  if (path.startsWith('/exceptions/'))
    return { action: 'exception.list', factsOf: (tx, id) => revokeException(grantPorts).facts(tx, { id }) };
  if (path.startsWith('/policies/'))
    return { action: 'policy.read', factsOf: (tx, id) => removePolicy(grantPorts).facts(tx, { id }) };
  if (path.startsWith('/findings/'))
    return { action: 'finding.list', factsOf: (tx, id) => closeFinding.facts(tx, { id, reason: '' }) };
  return undefined;
};
