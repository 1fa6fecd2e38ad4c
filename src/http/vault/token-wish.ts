import { Duration, type JsonObject } from '#kernel';
import type { Caller, TokenScope, TokenWish } from '#identity';
import { ROLE_NAMES } from '#policy';
import { httpError } from '../errors.ts';
import { countField, lifeField, flagField, listField, textField } from './fields.ts';

/** Policies that mean nothing here, and that clients name all the same. */
const NO_POLICIES: ReadonlySet<string> = new Set(['default']);

/** What a request to make a token asks, in our words, with what had to be left out of it. */
export const wishIn = (
  body: JsonObject,
  caller: Caller,
  now: number,
): { readonly wish: TokenWish; readonly warnings: readonly string[] } => {
  refuseChosen(body);
  const warnings: string[] = [];
  if (body['meta'] !== undefined && body['meta'] !== null)
    warnings.push('"meta" is not kept: name the token with "display_name".');
  const life = lifeField(body, 'ttl') ?? lifeField(body, 'lease');
  const maxLife = lifeField(body, 'explicit_max_ttl');
  const period = lifeField(body, 'period');
  const scope = scopeIn(body, caller);
  const wish: TokenWish = {
    display: (textField(body, 'display_name') ?? 'token').slice(0, 64),
    renewable: flagField(body, 'renewable') ?? true,
    uses: countField(body, 'num_uses') ?? 0,
    ...(life === undefined ? {} : { life: within(life, caller, now, warnings) }),
    ...(maxLife === undefined ? {} : { maxLife }),
    ...(period === undefined ? {} : { period }),
    ...(scope === undefined ? {} : { scope }),
  };
  return { wish, warnings };
};

const refuseChosen = (body: JsonObject): void => {
  if (textField(body, 'id'))
    throw httpError('malformed', 'A token is made by chance and never chosen: leave out "id".');
  const type = textField(body, 'type') ?? '';
  if (type !== '' && type !== 'service') throw httpError('malformed', 'Only tokens of type "service" are made.');
};

/** Vault caps what a token outlives; so do we, and say it. */
const within = (life: Duration, { expiresAt }: Caller, now: number, warnings: string[]): Duration => {
  const left = expiresAt === null ? life.ms : Math.max(1, expiresAt - now);
  if (life.ms <= left) return life;
  warnings.push(`TTL of "${life.toString()}" exceeds what is left of the token that makes it; it is capped to that.`);
  return Duration.ofMs(left);
};

/** Policies are roles: those named are all that the new token may use of its identity's. */
const scopeIn = (body: JsonObject, caller: Caller): TokenScope | undefined => {
  const named = (listField(body, 'policies') ?? []).filter(
    (name) => typeof name !== 'string' || !NO_POLICIES.has(name),
  );
  if (named.length === 0) return undefined;
  const unknown = named.find((name) => !(ROLE_NAMES as readonly unknown[]).includes(name));
  if (unknown !== undefined)
    throw httpError('malformed', `Policies here are roles: ${ROLE_NAMES.join(', ')}. There is no other.`);
  const { project = null, environment = null, prefix = null } = caller.scope ?? {};
  return { project, environment, prefix, roles: named as readonly string[] };
};
