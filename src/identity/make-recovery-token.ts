import type { Deed, IdentityPorts } from './ports.ts';
import { type MintedToken, mintToken } from './mint-token.ts';
import { findIdentity, identityFacts, trueTokens } from './records.ts';
import { revokeTree } from './revoke-token.ts';
import { NO_ROLES } from './scope.ts';
import { tokensOf } from './tables.ts';

export type MakeRecoveryToken = { readonly identity: string };

/** Most tokens of one identity that are looked through. */
const MOST = 100_000;

/**
 * What the recovery kit prints to break the glass with; only a verifier is stored. An earlier kit of the same
 * identity ends with it, so that one kit is in force.
 */
export const makeRecoveryToken = (ports: IdentityPorts): Deed<MakeRecoveryToken, MintedToken> => ({
  name: 'identity/make-recovery-token',
  action: 'token.create-recovery',
  effect: 'change',
  async facts(tx, { identity }) {
    return identityFacts(await findIdentity(tx, ports.keys, identity));
  },
  async apply(tx, { identity }, _facts, { now }) {
    const own = trueTokens(ports.keys.rowMacs(), await tx.all(tokensOf, { identity, count: MOST }));
    for (const row of own) if (row.kind === 'recovery') await revokeTree(tx, ports.keys, row, now);
    return mintToken(
      ports,
      tx,
      {
        identity,
        parent: null,
        kind: 'recovery',
        display: 'recovery kit',
        factors: ['recovery-kit'],
        scope: NO_ROLES,
        addresses: [],
        expiresAt: null,
        maxExpiresAt: null,
        period: null,
        renewable: false,
        uses: 0,
      },
      now,
    );
  },
  summary: (_input, { accessor }) => ({ note: `made ${accessor}` }),
});
