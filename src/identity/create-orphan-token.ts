import type { Caller } from './caller.ts';
import { type TokenWish, makersToken, planToken, requireUnlimited } from './create-token.ts';
import { identityError } from './errors.ts';
import { type MintedToken, mintToken } from './mint-token.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { checkCaller, findIdentity, namedIdentityFacts } from './records.ts';

export type CreateOrphanToken = TokenWish & {
  readonly caller: Caller;
  /** For whom; the caller himself or somebody whose every right he could give. */
  readonly identity: string;
};

/**
 * A token that outlives its maker's: for services and devices, and for automation. Scope and addresses stay within
 * those of the token that makes it. Who may do it for whom is the policy's rule `beyond-reach`.
 */
export const createOrphanToken = (ports: IdentityPorts): Deed<CreateOrphanToken, MintedToken> => ({
  name: 'identity/create-orphan-token',
  action: 'token.create-orphan',
  effect: 'change',
  async facts(tx, { identity }) {
    return namedIdentityFacts(tx, ports.keys, identity);
  },
  async apply(tx, { caller, identity, ...wish }, _facts, { now, by }) {
    checkCaller(caller, by);
    const { name, state } = await findIdentity(tx, ports.keys, identity);
    if (state !== 'active') throw identityError('not_active', `The identity ${name} is suspended.`, { name });
    const bound =
      caller.accessor === null
        ? { accessor: '', expiresAt: null, scope: caller.scope, addresses: [] }
        : await makersToken(ports, tx, caller, now);
    if ('uses' in bound) requireUnlimited(bound);
    return mintToken(ports, tx, { ...planToken(wish, { ...bound, orphan: true }, now), kind: 'token', identity }, now);
  },
  summary: (_input, { accessor }) => ({ note: `made ${accessor}` }),
});
