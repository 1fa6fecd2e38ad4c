import type { Caller } from './caller.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { type TokenRecord, tokenFacts, tokenRecord } from './records.ts';
import { findOwnToken } from './revoke-token.ts';
import { useOf } from './tables.ts';

export type LookUpToken = { readonly caller: Caller; readonly accessor?: string };
/** `usesLeft` is null for a token without a limit. */
export type TokenLookUp = TokenRecord & { readonly usesLeft: number | null };

/** What is known of one of the caller's own tokens, but for the token itself. Errors: `identity.token_absent`. */
export const lookUpToken = ({ keys }: IdentityPorts): Deed<LookUpToken, TokenLookUp> => ({
  name: 'identity/look-up-token',
  action: 'token.lookup',
  effect: 'reveal',
  async facts(tx, { caller, accessor }) {
    return tokenFacts(await findOwnToken(tx, keys, caller, accessor));
  },
  async find(tx, { caller, accessor }) {
    const record = tokenRecord(await findOwnToken(tx, keys, caller, accessor));
    if (record.uses === 0) return { ...record, usesLeft: null };
    const use = await tx.one(useOf, { accessor: record.accessor });
    return { ...record, usesLeft: use === undefined ? 0 : record.uses - use.used };
  },
});
