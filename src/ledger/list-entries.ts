import type { DeedOf, Facts } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import { type OpenedEntry, openRow } from './read-entries.ts';
import { type EntryFilter, selectEntries } from './select-entries.ts';

export type ListEntries = EntryFilter & {
  /** Index of the last entry of the page before; entries come newest first. */
  readonly before: number | null;
  readonly limit: number;
};

/**
 * Lists entries, opened. With `own`, the id of an identity, only that caller's entries, which are its own; without,
 * those of the place asked for, for whoever may read the ledger there.
 */
export const listEntries = (own: string | null): DeedOf<ReadTx, WriteTx, ListEntries, readonly OpenedEntry[]> => ({
  name: 'ledger/list-entries',
  action: own === null ? 'ledger.read' : 'ledger.read-own',
  effect: 'reveal',
  facts: async (_tx, { project = null, environment = null }) => ledgerFacts(project, environment, own),
  async find(tx, { caller, before, limit, ...filter }) {
    const end = before ?? Number.MAX_SAFE_INTEGER;
    const rows = await selectEntries(tx, { ...filter, caller: own ?? caller }, end, limit);
    return rows.map(openRow);
  },
});

/** The ledger as the policy sees it: of the installation, of a project, or of what one identity did. */
export const ledgerFacts = (project: string | null, environment: string | null, owner: string | null): Facts => ({
  resource: {
    kind: 'ledger',
    id: 'ledger',
    project,
    environment,
    name: null,
    production: false,
    tier: null,
    owner,
    state: null,
  },
});
