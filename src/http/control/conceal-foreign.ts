import type { Route } from '#contract';
import { hasCode } from '#kernel';
import type { Caller } from '#identity';
import { INSTALLATION } from '#inventory';
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
  if (!named || (await maySee(house, caller, place, asked))) return error;
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

const maySee = (
  { engine, policy, clock }: House,
  caller: Caller,
  place: Place | null,
  asked: Asked,
): Promise<boolean> =>
  engine.read(async (tx) => {
    if (place !== null) return (await policy.visible(tx, { caller, ...place })).length > 0;
    if ((asked.params as { id?: string } | undefined)?.id === caller.identity) return true;
    const facts = { resource: { ...INSTALLATION, kind: 'identity' as const, id: 'identity' } };
    return (await policy.decide(tx, { caller, action: 'identity.list', facts, now: clock.now() })).allow;
  });
