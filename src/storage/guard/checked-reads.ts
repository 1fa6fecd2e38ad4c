import { hasCode } from '#kernel';
import type { ReadTx } from '../engine.ts';
import type { Statement, Values } from '../statement.ts';
import type { GuardedColumns } from './guarded-tables.ts';
import { type RowGuard, rowUntrue } from './row-guard.ts';
import type { WrittenRows } from './written-rows.ts';

/** How often a row is looked at again that seems old: it may be newer than memory, or memory newer than the row. */
const MOST_LOOKS = 3;

/** Reads as an engine gives them, before anybody looks at what was read. */
export type BareReads = Omit<ReadTx, 'guard'>;

/**
 * Reads that give no guarded row but in its newest state. That the code is the row's own is for its room to check.
 * What the transaction itself wrote counts as newest.
 */
export const checkedReads = (bare: BareReads, guard: RowGuard, written?: Pick<WrittenRows, 'last'>): ReadTx => {
  const isNewest = (columns: readonly GuardedColumns[], rows: readonly Values[]): Stale | undefined => {
    for (const { table, key, mac } of columns)
      for (const row of rows) {
        const [name, code] = [row[key], row[mac]];
        // Nothing was joined, or the statement does not ask for the code and so decides nothing.
        if (name === null || name === undefined || code === undefined) continue;
        const id = String(name);
        const own = written?.last(table, id);
        const fits = own === undefined ? guard.isNewest(table, id, code as Uint8Array | null) : isSame(own.mac, code);
        if (!fits) return { table, id };
      }
    return undefined;
  };

  const looked = async <T>(
    columns: readonly GuardedColumns[],
    read: () => Promise<T>,
    rowsOf: (found: T) => readonly Values[],
  ): Promise<T> => {
    for (let looks = 1; ; looks++) {
      const found = await read();
      const stale = isNewest(columns, rowsOf(found));
      if (stale === undefined) return found;
      if (looks === MOST_LOOKS) throw rowUntrue(stale.table, stale.id);
      try {
        await guard.catchUp(bare);
      } catch (error) {
        throw hasCode(error, 'storage.rows_untrue') ? rowUntrue(stale.table, stale.id, error) : error;
      }
    }
  };

  return {
    engine: bare.engine,
    guard,
    get state() {
      return bare.state;
    },
    one<In extends Values, Row>(statement: Statement<In, Row>, input: In) {
      const { guarded } = statement.compiled(bare.engine);
      if (guarded.length === 0) return bare.one(statement, input);
      return looked(
        guarded,
        () => bare.one(statement, input),
        (row) => (row === undefined ? [] : [row as Values]),
      );
    },
    all<In extends Values, Row>(statement: Statement<In, Row>, input: In) {
      const { guarded } = statement.compiled(bare.engine);
      if (guarded.length === 0) return bare.all(statement, input);
      return looked(
        guarded,
        () => bare.all(statement, input),
        (rows) => rows as readonly Values[],
      );
    },
    query: (build) => bare.query(build),
  };
};

type Stale = { readonly table: GuardedColumns['table']; readonly id: string };

const isSame = (a: Uint8Array | null, b: unknown): boolean =>
  a === null ? b === null : b instanceof Uint8Array && Buffer.compare(a, b) === 0;
