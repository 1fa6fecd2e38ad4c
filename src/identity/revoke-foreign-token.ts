import { hasCode } from '#kernel';
import type { Deed, IdentityPorts } from './ports.ts';
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
  async facts(tx, { accessor }) {
    try {
      const { resource } = tokenFacts(await findToken(tx, keys, accessor));
      return { resource: { ...resource, owner: null } };
    } catch (error) {
      if (hasCode(error, 'identity.token_absent')) return placelessFacts('token');
      throw error;
    }
  },
  async apply(tx, { accessor }, _facts, { now }) {
    return revokeTree(tx, keys, await findToken(tx, keys, accessor), now);
  },
  summary: (_input, { accessors }) => ({ note: `${accessors.length} ended` }),
});
