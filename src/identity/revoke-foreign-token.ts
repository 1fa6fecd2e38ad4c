import { type Facts, hasCode } from '#kernel';
import type { ReadTx } from '#storage';
import type { Deed, IdentityKeys, IdentityPorts } from './ports.ts';
import { findToken, placelessFacts, tokenFacts } from './records.ts';
import { type Revoked, revokeTree } from './revoke-token.ts';

export type RevokeForeignToken = { readonly accessor: string };

/**
 * Ends anybody's token, for owners and responders. Whoever may not do it is refused alike for tokens that exist and
 * tokens that do not, so the refusal tells nothing. Errors, for whoever may: `identity.token_absent`.
 */
export const revokeForeignToken = ({ keys }: IdentityPorts): Deed<RevokeForeignToken, Revoked> => ({
  name: 'identity/revoke-foreign-token',
  action: 'token.revoke-any',
  effect: 'change',
  facts: (tx, { accessor }) => foreignTokenFacts(tx, keys, accessor),
  async apply(tx, { accessor }, _facts, { now }) {
    return revokeTree(tx, keys, await findToken(tx, keys, accessor), now);
  },
  summary: (_input, { accessors }) => ({ note: `${accessors.length} ended` }),
});

/** Facts about anybody's token: nobody's own, so that only a role gives it, and nothing is told by their absence. */
export const foreignTokenFacts = async (tx: ReadTx, keys: IdentityKeys, accessor: string): Promise<Facts> => {
  try {
    const { resource } = tokenFacts(await findToken(tx, keys, accessor));
    return { resource: { ...resource, owner: null } };
  } catch (error) {
    if (hasCode(error, 'identity.token_absent')) return placelessFacts('token');
    throw error;
  }
};
