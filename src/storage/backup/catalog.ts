import { rawRows } from '../raw.ts';
import type { ReadTx } from '../engine.ts';

/** Names of all tables but the history of migrations. */
export const tableNames = async (tx: ReadTx): Promise<readonly string[]> => {
  const sql =
    tx.engine === 'sqlite'
      ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()';
  const rows = (await rawRows(tx, sql)) as { readonly name: string }[];
  return rows.map(({ name }) => name).filter((name) => name !== 'schema_migration');
};

/** Columns of a table of ours, in the order they were declared. */
export const columnNames = async (tx: ReadTx, table: string): Promise<readonly string[]> => {
  const sql =
    tx.engine === 'sqlite'
      ? `SELECT name FROM pragma_table_info('${table}') ORDER BY cid`
      : `SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name = '${table}' ORDER BY ordinal_position`;
  return ((await rawRows(tx, sql)) as { readonly name: string }[]).map(({ name }) => name);
};
