import { pageSize } from '#kernel';
import { placeFacts, requirePlace } from './place-facts.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { type GrantRecord, grantRecord } from './records.ts';
import { grantSeal, grantsAfter, grantsInProject } from './tables.ts';

export type ListGrants = {
  /** Grants on this project; all of the installation when left out. */
  readonly project?: string;
  /** Id after which the page begins. */
  readonly after?: string;
  /** 1 to 1,000; 100 when left out. */
  readonly count?: number;
};

/** Grants that nobody revoked, ended ones too, by id. Rows that are not true are left out: they give nothing. */
export const listGrants = ({ keys, places }: GrantPorts): Deed<ListGrants, readonly GrantRecord[]> => ({
  name: 'policy/list-grants',
  action: 'grant.list',
  effect: 'reveal',
  async facts(tx, { project }) {
    return placeFacts(tx, places, { project: project ?? null, environment: null, prefix: null });
  },
  async find(tx, { project, after = '', count: asked }, facts) {
    requirePlace(facts);
    const count = pageSize(asked);
    const rows = await (project === undefined
      ? tx.all(grantsAfter, { after, count })
      : tx.all(grantsInProject, { project, after, count }));
    return rows.filter((row) => grantSeal.isTrue(keys.rowMacs(), row)).map(grantRecord);
  },
});
