import { setImmediate } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import { toBase64, utf8 } from '#kernel';
import type { ReadTx } from '../engine.ts';
import { storageError } from '../errors.ts';
import type { Value } from '../statement.ts';
import { columnNames, tableNames } from './catalog.ts';
import { DATA_TABLES, type DataTable } from './data-tables.ts';

/** Rows read at once. */
const PAGE = 1_000;

/** One table as bytes, the same on both engines; call `lines` as often as needed, inside the transaction that gave it. */
export type ExportedTable = { readonly name: string; readonly lines: () => AsyncGenerator<Uint8Array> };

/**
 * Every table of the database, in an order in which they can be inserted again. Inside one `snapshot` they are one
 * commit's state. Errors: `storage.unlisted_table`.
 *
 *     first line   ["column", …]
 *     each row     [value, …]; a value is text, an integer, null, or {"bytes": "<base64>"}
 */
export const exportTables = async (tx: ReadTx): Promise<readonly ExportedTable[]> => {
  const present = new Set(await tableNames(tx));
  const unlisted = [...present].filter((name) => !DATA_TABLES.some((table) => table.name === name));
  if (unlisted.length > 0)
    throw storageError('unlisted_table', `No backup knows the table ${unlisted.join(', ')}.`, { tables: unlisted });
  return DATA_TABLES.filter(({ name }) => present.has(name)).map((table) => ({
    name: table.name,
    lines: () => exportLines(tx, table),
  }));
};

const exportLines = async function* (tx: ReadTx, table: DataTable): AsyncGenerator<Uint8Array> {
  const columns = await columnNames(tx, table.name);
  yield utf8(`${JSON.stringify(columns)}\n`);
  for (let last: readonly Value[] | null = null; ;) {
    // SQLite answers at once, so without this nobody else in the process would be served until the end.
    await setImmediate();
    const rows: readonly Row[] = await readPage(tx, table, last);
    if (rows.length > 0)
      yield utf8(rows.map((row) => `${JSON.stringify(columns.map((name) => plain(row[name]!)))}\n`).join(''));
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = table.key.map((name) => end[name]!);
  }
};

type Row = Readonly<Record<string, Value>>;

/** By key, not by offset: each page costs the same, however large the table is. */
const readPage = (tx: ReadTx, { name, key }: DataTable, last: readonly Value[] | null): Promise<Row[]> =>
  tx.query<Record<string, Row>, Row>((db) => {
    const keys = sql.join(key.map((column) => sql.ref(column)));
    const after: RawBuilder<boolean> = last === null ? sql`1 = 1` : sql`(${keys}) > (${sql.join(last)})`;
    return db.selectFrom(name).selectAll().where(after).orderBy(keys).limit(PAGE) as never;
  });

const plain = (value: Value): unknown => (value instanceof Uint8Array ? { bytes: toBase64(value) } : value);
