import type { WriteTx } from '#storage';
import type { Deed, IdentityKeys, IdentityPorts } from './ports.ts';
import { type MintedToken, mintToken } from './mint-token.ts';
import { findIdentity, namedIdentityFacts, trueTokens } from './records.ts';
import { revokeTree } from './revoke-token.ts';
import { NO_ROLES } from './scope.ts';
import { recoveryTokens } from './tables.ts';

export type MakeRecoveryToken = { readonly identity: string };

/**
 * What the recovery kit prints to break the glass with; only a verifier is stored. Earlier kits end with it,
 * whoever made them, so that one kit is in force.
 */
export const makeRecoveryToken = (ports: IdentityPorts): Deed<MakeRecoveryToken, MintedToken> => ({
  name: 'identity/make-recovery-token',
  action: 'token.create-recovery',
  effect: 'change',
  async facts(tx, { identity }) {
    return namedIdentityFacts(tx, ports.keys, identity);
  },
  async apply(tx, { identity }, _facts, { now }) {
    await findIdentity(tx, ports.keys, identity);
    await endRecoveryTokens(tx, ports.keys, now);
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

/** Ends what recovery kits sign in with, of whichever identity. Gives how many. */
export const endRecoveryTokens = async (tx: WriteTx, keys: IdentityKeys, now: number): Promise<number> => {
  const rows = trueTokens(keys.rowMacs(), await tx.all(recoveryTokens, {}));
  for (const row of rows) await revokeTree(tx, keys, row, now);
  return rows.length;
};
