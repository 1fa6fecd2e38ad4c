import { sql } from 'kysely';
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

/** The head, whose code is `mac`, or a changed row. */
export type HeadOrState = {
  readonly of_table: string | null;
  readonly id: string | null;
  readonly mac: Uint8Array | null;
  readonly size: number | null;
  readonly revision: number | null;
};

/** The head first, then the rows changed since. One statement, so that they are of the same commit. */
export const statesSince = statement<Tables, { revision: number }, HeadOrState>((db, { revision }) =>
  db
    .selectFrom('ledger_head')
    .select([
      sql<string | null>`cast(null as text)`.as('of_table'),
      sql<string | null>`cast(null as text)`.as('id'),
      'guard as mac',
      sql<number | null>`size`.as('size'),
      sql<number | null>`revision`.as('revision'),
    ])
    .where('id', '=', 1)
    .unionAll(
      db
        .selectFrom('row_state')
        .select([
          sql<string | null>`of_table`.as('of_table'),
          sql<string | null>`id`.as('id'),
          'mac',
          sql<number | null>`cast(null as bigint)`.as('size'),
          sql<number | null>`cast(null as bigint)`.as('revision'),
        ])
        .where('revision', '>', revision),
    ),
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
