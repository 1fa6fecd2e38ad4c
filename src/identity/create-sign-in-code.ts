import { identityError } from './errors.ts';
import { SIGN_IN_LIFE } from './lifetimes.ts';
import { type MintedToken, mintToken } from './mint-token.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { findIdentity, namedIdentityFacts } from './records.ts';
import { NO_ROLES } from './scope.ts';

export type CreateSignInCode = { readonly identity: string };

/** A code that opens one session of this identity, once, within 15 minutes. Errors: `identity.not_active`. */
export const createSignInCode = (ports: IdentityPorts): Deed<CreateSignInCode, MintedToken> => ({
  name: 'identity/create-sign-in-code',
  action: 'token.create-sign-in',
  effect: 'change',
  async facts(tx, { identity }) {
    return namedIdentityFacts(tx, ports.keys, identity);
  },
  async apply(tx, { identity }, _facts, { now }) {
    const { name, state } = await findIdentity(tx, ports.keys, identity);
    if (state !== 'active') throw identityError('not_active', `The identity ${name} is suspended.`, { name });
    const expiresAt = now + SIGN_IN_LIFE.ms;
    return mintToken(
      ports,
      tx,
      {
        identity,
        parent: null,
        kind: 'sign-in',
        display: 'sign-in code',
        factors: ['sign-in-code'],
        scope: NO_ROLES,
        addresses: [],
        expiresAt,
        maxExpiresAt: expiresAt,
        period: null,
        renewable: false,
        uses: 0,
      },
      now,
    );
  },
  summary: (_input, { accessor }) => ({ note: `made ${accessor}` }),
});
