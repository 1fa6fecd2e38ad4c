import type { ReadTx } from '#storage';
import type { Caller } from './caller.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { type TokenRecord, findToken, tokenFacts, tokenRecord } from './records.ts';
import { foreignTokenFacts } from './revoke-foreign-token.ts';
import { findOwnToken } from './revoke-token.ts';
import { type TokenRow, useOf } from './tables.ts';

export type LookUpToken = { readonly caller: Caller; readonly accessor?: string };
export type LookUpForeignToken = { readonly accessor: string };
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
  find: async (tx, { caller, accessor }) => lookUp(tx, await findOwnToken(tx, keys, caller, accessor)),
});

/** The same of anybody's, for whoever watches over the installation; refused as `revokeForeignToken` is. */
export const lookUpForeignToken = ({ keys }: IdentityPorts): Deed<LookUpForeignToken, TokenLookUp> => ({
  name: 'identity/look-up-foreign-token',
  action: 'token.lookup-any',
  effect: 'reveal',
  facts: (tx, { accessor }) => foreignTokenFacts(tx, keys, accessor),
  find: async (tx, { accessor }) => lookUp(tx, await findToken(tx, keys, accessor)),
});

/** A token's record, with the uses that are left. */
export const lookUp = async (tx: ReadTx, row: TokenRow): Promise<TokenLookUp> => {
  const record = tokenRecord(row);
  if (record.uses === 0) return { ...record, usesLeft: null };
  const use = await tx.one(useOf, { accessor: record.accessor });
  return { ...record, usesLeft: use === undefined ? 0 : record.uses - use.used };
};
