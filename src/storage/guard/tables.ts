import { statement } from '../statement.ts';

type Tables = { row_state: StateRow; ledger_head: HeadRow };

export type StateRow = {
  readonly of_table: string;
  readonly id: string;
  readonly mac: Uint8Array | null;
  /** The revision that its commit made. */
  readonly revision: number;
};

/** What the guard needs of the ledger's head row. */
export type HeadRow = {
  readonly id: number;
  readonly size: number;
  readonly revision: number;
  readonly guard: Uint8Array | null;
};

/** The head with one changed row each; with nulls where no row was changed. */
export type HeadWithState = Omit<HeadRow, 'id'> & {
  readonly of_table: string | null;
  readonly row: string | null;
  readonly mac: Uint8Array | null;
};

/** One statement, so that head and rows are of the same commit. */
export const statesSince = statement<Tables, { revision: number }, HeadWithState>((db, { revision }) =>
  db
    .selectFrom('ledger_head as h')
    .leftJoin('row_state as s', (join) => join.on('s.revision', '>', revision))
    .select(['h.size', 'h.revision', 'h.guard', 's.of_table', 's.id as row', 's.mac'])
    .where('h.id', '=', 1),
);

export const putState = statement<Tables, StateRow>((db, row) =>
  db
    .insertInto('row_state')
    .values({ of_table: row.of_table, id: row.id, mac: row.mac, revision: row.revision })
    .onConflict((conflict) =>
      conflict
        .columns(['of_table', 'id'])
        .doUpdateSet((eb) => ({ mac: eb.ref('excluded.mac'), revision: eb.ref('excluded.revision') })),
    ),
);
