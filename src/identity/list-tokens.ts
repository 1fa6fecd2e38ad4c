import type { Caller } from './caller.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { type TokenRecord, findIdentity, identityFacts, tokenRecord, trueTokens } from './records.ts';
import { tokensOf } from './tables.ts';

export type ListTokens = { readonly caller: Caller };

/** Most that are shown, the newest first. */
const MOST = 1_000;

/** The caller's own tokens that nobody revoked, so that he can end the one he does not know. */
export const listTokens = ({ keys }: IdentityPorts): Deed<ListTokens, readonly TokenRecord[]> => ({
  name: 'identity/list-tokens',
  action: 'token.lookup',
  effect: 'reveal',
  async facts(tx, { caller }) {
    return identityFacts(await findIdentity(tx, keys, caller.identity));
  },
  async find(tx, { caller }) {
    const rows = await tx.all(tokensOf, { identity: caller.identity, count: MOST });
    return trueTokens(keys.rowMacs(), rows).map(tokenRecord);
  },
});
