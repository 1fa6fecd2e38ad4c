import { type Facts, hasCode } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import type { Caller } from './caller.ts';
import { identityError } from './errors.ts';
import type { Deed, IdentityKeys, IdentityPorts } from './ports.ts';
import { checkCaller, findToken, placelessFacts, tokenFacts, trueTokens } from './records.ts';
import { type TokenRow, sealToken, tokenTree, updateToken } from './tables.ts';

export type RevokeToken = {
  readonly caller: Caller;
  /** One of the caller's own; the token in use when left out. */
  readonly accessor?: string;
};

export type Revoked = { readonly accessors: readonly string[] };

/** Ends a token of the caller's and all that came from it. Errors: `identity.token_absent`, for a foreign one too. */
export const revokeToken = ({ keys }: IdentityPorts): Deed<RevokeToken, Revoked> => ({
  name: 'identity/revoke-token',
  action: 'token.revoke',
  effect: 'change',
  async facts(tx, { caller, accessor }) {
    return tokenFacts(await findOwnToken(tx, keys, caller, accessor));
  },
  async apply(tx, { caller, accessor }, _facts, { now, by }) {
    checkCaller(caller, by);
    return revokeTree(tx, keys, await findOwnToken(tx, keys, caller, accessor), now);
  },
  summary: (_input, { accessors }) => ({ note: `${accessors.length} ended` }),
});

/** Facts about one of the caller's own tokens; any other is nobody's, so that the refusal is in the ledger. */
export const ownTokenFacts = async (
  tx: ReadTx,
  keys: IdentityKeys,
  caller: Caller,
  accessor: string | undefined,
): Promise<Facts> => {
  try {
    return tokenFacts(await findOwnToken(tx, keys, caller, accessor));
  } catch (error) {
    if (hasCode(error, 'identity.token_absent')) return placelessFacts('token');
    throw error;
  }
};

/** A foreign accessor answers as an unknown one (the class of CVE-2026-40264). */
export const findOwnToken = async (
  tx: ReadTx,
  keys: IdentityKeys,
  caller: Caller,
  accessor: string | undefined,
): Promise<TokenRow> => {
  const row = await findToken(tx, keys, accessor ?? caller.accessor);
  if (row.identity !== caller.identity) throw identityError('token_absent', 'There is no such token.');
  return row;
};

/** Every row of the tree gets its own new code; a forged row in it is left as worthless as it was. */
export const revokeTree = async (
  tx: WriteTx,
  keys: IdentityKeys,
  { accessor }: Pick<TokenRow, 'accessor'>,
  now: number,
): Promise<Revoked> => {
  const rows = trueTokens(keys.rowMacs(), await tx.all(tokenTree, { accessor }));
  for (const row of rows) await tx.run(updateToken, sealToken(keys.rowMac(), { ...row, revoked_at: now }));
  return { accessors: rows.map((row) => row.accessor) };
};
