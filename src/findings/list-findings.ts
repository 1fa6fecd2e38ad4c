import type { Facts } from '#kernel';
import type { Deed } from '#deeds';
import { INSTALLATION, type Visible, environmentFacts, projectFacts } from '#inventory';
import type { ReadTx } from '#storage';
import type { Finding } from './finding.ts';
import { type FindingCount, type FindingFilter, countFindings, findingOf, selectFindings } from './tables.ts';

export type ListFindings = Omit<FindingFilter, 'scopes'> & { readonly after: string; readonly limit: number };

/** What is wrong, as far as the caller may see it. `visible` must be that of `finding.list`. */
export const listFindings = (visible: Visible): Deed<ListFindings, readonly Finding[]> => ({
  name: 'list-findings',
  action: 'finding.list',
  effect: 'reveal',
  facts: placeOf,
  async find(tx, input) {
    const rows = await selectFindings(tx, { ...input, scopes: await visible(tx) });
    return rows.map((row) => findingOf(row, input.now));
  },
});

/** How much of each is wrong where; what `next` goes by. */
export const tallyFindings = (visible: Visible): Deed<Omit<FindingFilter, 'scopes'>, readonly FindingCount[]> => ({
  name: 'tally-findings',
  action: 'finding.list',
  effect: 'reveal',
  facts: placeOf,
  async find(tx, input) {
    return countFindings(tx, { ...input, scopes: await visible(tx) });
  },
});

const placeOf = async (
  tx: ReadTx,
  { project, environment }: Pick<FindingFilter, 'project' | 'environment'>,
): Promise<Facts> => {
  if (project === undefined) return { resource: INSTALLATION };
  const { resource } =
    environment === undefined ? await projectFacts(tx, project) : await environmentFacts(tx, project, environment);
  return { resource };
};
