import { type Facts, hasCode, pageSize } from '#kernel';
import type { ReadTx } from '#storage';
import type { Deed, IdentityPorts } from './ports.ts';
import { findIdentity, identityFacts, placelessFacts, trueTokens } from './records.ts';
import { type TokenLookUp, lookUp } from './look-up-token.ts';
import { tokensInForce } from './tables.ts';

type Page = {
  /** Accessor after which the page begins; nothing for the first. */
  readonly after?: string;
  /** 1 to 1,000; 100 when left out. */
  readonly count?: number;
};

export type ListTokens = Page & {
  /** The caller's own. */
  readonly identity: string;
};

export type ListForeignTokens = Page & {
  /** Whose; null for everybody's. */
  readonly identity: string | null;
};

/** The caller's own tokens that are in force, by accessor, so that he can end the one he does not know. */
export const listTokens = (ports: IdentityPorts): Deed<ListTokens, readonly TokenLookUp[]> => ({
  name: 'identity/list-tokens',
  action: 'token.lookup',
  effect: 'reveal',
  async facts(tx, { identity }) {
    return identityFacts(await findIdentity(tx, ports.keys, identity));
  },
  find: (tx, input) => pageOf(ports, tx, input),
});

/**
 * Anybody's tokens in force, for whoever watches over the installation. Whoever may not look is refused alike for
 * identities that exist and identities that do not. Errors, for whoever may: `identity.absent`.
 */
export const listForeignTokens = (ports: IdentityPorts): Deed<ListForeignTokens, readonly TokenLookUp[]> => ({
  name: 'identity/list-foreign-tokens',
  action: 'token.lookup-any',
  effect: 'reveal',
  facts: (tx, { identity }) => foreignFacts(ports, tx, identity),
  async find(tx, input) {
    if (input.identity !== null) await findIdentity(tx, ports.keys, input.identity);
    return pageOf(ports, tx, input);
  },
});

const foreignFacts = async ({ keys }: IdentityPorts, tx: ReadTx, identity: string | null): Promise<Facts> => {
  if (identity === null) return placelessFacts('token');
  try {
    const { resource } = identityFacts(await findIdentity(tx, keys, identity));
    return { resource: { ...resource, owner: null } };
  } catch (error) {
    if (hasCode(error, 'identity.absent')) return placelessFacts('identity');
    throw error;
  }
};

const pageOf = async (
  { keys, clock }: IdentityPorts,
  tx: ReadTx,
  { identity, after = '', count }: ListForeignTokens,
): Promise<readonly TokenLookUp[]> => {
  const limit = pageSize(count);
  const found: TokenLookUp[] = [];
  for (let from = after; found.length < limit;) {
    const rows = await tokensInForce(tx, { identity, after: from, now: clock.now(), count: limit });
    for (const row of trueTokens(keys.rowMacs(), rows)) found.push(await lookUp(tx, row));
    if (rows.length < limit) break;
    from = rows.at(-1)!.accessor;
  }
  return found.slice(0, limit);
};
