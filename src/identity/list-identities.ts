import { pageSize } from '#kernel';
import type { Deed, IdentityPorts } from './ports.ts';
import { type IdentityRecord, identityRecord, placelessFacts } from './records.ts';
import { identitiesAfter, isTrueIdentity } from './tables.ts';

export type ListIdentities = {
  /** Name after which the page begins; nothing for the first. */
  readonly after?: string;
  /** 1 to 1,000; 100 when left out. */
  readonly count?: number;
};

/** Identities by name. Rows that are not true are not shown: nobody is there. */
export const listIdentities = ({ keys }: IdentityPorts): Deed<ListIdentities, readonly IdentityRecord[]> => ({
  name: 'identity/list-identities',
  action: 'identity.list',
  effect: 'reveal',
  async facts() {
    return placelessFacts('identity');
  },
  async find(tx, { after = '', count }) {
    const rows = await tx.all(identitiesAfter, { after, count: pageSize(count) });
    return rows.filter((row) => isTrueIdentity(keys.rowMacs(), row)).map(identityRecord);
  },
});
