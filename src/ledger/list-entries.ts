import type { DeedOf, Facts } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import type { Outcome } from './entry.ts';
import { type OpenedEntry, openRow } from './read-entries.ts';
import type { EntryRow, Tables } from './tables.ts';

/** Who, what, when, from where, with which outcome; what is left out narrows nothing. */
export type EntryFilter = {
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
  readonly caller?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly address?: string | undefined;
  /** Milliseconds since 1970; from inclusive, to exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
};

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
  async find(tx, { caller, ...filter }) {
    const rows = await select(tx, { ...filter, caller: own ?? caller });
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

const select = (tx: ReadTx, filter: ListEntries): Promise<EntryRow[]> =>
  tx.query<Tables, EntryRow>((db) => {
    let query = db.selectFrom('ledger_entry').selectAll();
    for (const column of ['caller', 'action', 'resource', 'outcome', 'address'] as const)
      if (filter[column] !== undefined) query = query.where(column, '=', filter[column]);
    if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
    if (filter.to !== undefined) query = query.where('at', '<', filter.to);
    if (filter.before !== null) query = query.where('idx', '<', filter.before);
    if (filter.project !== undefined) {
      const place = filter.environment === undefined ? filter.project : `${filter.project}/${filter.environment}`;
      // A range, because LIKE would read names as patterns. A redacted entry has no place and belongs to nobody's list.
      query = query.where((eb) =>
        eb.or([eb('path', '=', place), eb.and([eb('path', '>=', `${place}/`), eb('path', '<', `${place}0`)])]),
      );
    }
    return query.orderBy('idx', 'desc').limit(filter.limit);
  });
