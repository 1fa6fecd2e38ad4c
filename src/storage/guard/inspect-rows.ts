import { type Mac, hasCode } from '#kernel';
import type { ReadTx } from '../engine.ts';
import type { GuardedTable } from './guarded-tables.ts';
import { openRowGuard } from './row-guard.ts';

/** For the check of all guarded rows, against what the database holds and not what a process remembers. */
export type RowInspection = {
  readonly macs: readonly Mac[];
  /** What is wrong with the set of newest states; then none of them tells anything. */
  readonly faults: readonly string[];
  /** What is wrong with these rows, which are all there are in this table: as sentences that name them. */
  inspect<Row extends { readonly mac: Uint8Array | null }>(
    table: GuardedTable,
    rows: AsyncIterable<Row> | Iterable<Row>,
    idOf: (row: Row) => string,
    isTrue: (macs: readonly Mac[], row: Row) => boolean,
  ): Promise<readonly string[]>;
};

/** @param tx of a snapshot, whose reads are not checked on the way */
export const openInspection = async (tx: ReadTx, macs: readonly Mac[]): Promise<RowInspection> => {
  const guard = openRowGuard();
  guard.useKeys(() => macs);
  const faults: string[] = [];
  try {
    if (!(await guard.load(tx))) faults.push('the head of the ledger bears no code over the newest states of rows');
  } catch (error) {
    if (!hasCode(error, 'storage.rows_untrue')) throw error;
    faults.push(error.message);
  }
  return {
    macs,
    faults,
    async inspect(table, rows, idOf, isTrue) {
      const found: string[] = [];
      const title = table.replace('_', ' ');
      const missing = new Set(guard.present(table));
      for await (const row of rows) {
        const id = idOf(row);
        missing.delete(id);
        if (!isTrue(macs, row)) found.push(`the ${title} ${id} was forged or edited`);
        else if (!guard.isNewest(table, id, row.mac)) found.push(`the ${title} ${id} is an older one, put back`);
      }
      return [...found, ...[...missing].map((id) => `the ${title} ${id} is gone`)];
    },
  };
};

/** Rows of one table after another page, in the order of what `after` reads. */
export const pagesOf = async function* <Row>(
  page: (after: string, count: number) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row> {
  for (let after = ''; ;) {
    const rows = await page(after, PAGE);
    yield* rows;
    if (rows.length < PAGE) return;
    after = keyOf(rows.at(-1)!);
  }
};

const PAGE = 1_000;
