import type { ReadTx } from './engine.ts';
import { MIGRATIONS } from './migrations/run.ts';
import { rawRows } from './raw.ts';

/** Faults that are listed; after a disk failure there may be thousands. */
const MOST = 20;

export type DatabaseCheck = {
  /** Steps of the schema that were applied, and how many this build knows. */
  readonly steps: number;
  readonly known: number;
  /** What SQLite says of its pages and indexes. */
  readonly damage: readonly string[];
  /** Rows that refer to rows which are not there. */
  readonly orphans: readonly string[];
};

/**
 * Asks the engine about its own health. PostgreSQL keeps foreign keys itself and checks its pages with `pg_amcheck`,
 * from outside; here it answers for the schema alone.
 */
export const checkDatabase = async (tx: ReadTx): Promise<DatabaseCheck> => {
  const steps = (await rawRows(tx, 'SELECT id FROM schema_migration')).length;
  const known = MIGRATIONS.length;
  if (tx.engine === 'postgres') return { steps, known, damage: [], orphans: [] };
  const said = (await rawRows(tx, `PRAGMA integrity_check(${MOST})`)) as { readonly integrity_check: string }[];
  const orphans = (await rawRows(tx, 'PRAGMA foreign_key_check')) as { table: string; rowid: number; parent: string }[];
  return {
    steps,
    known,
    damage: said.map(({ integrity_check }) => integrity_check).filter((line) => line !== 'ok'),
    orphans: orphans
      .slice(0, MOST)
      .map(({ table, rowid, parent }) => `row ${rowid} of ${table} refers to no ${parent}`),
  };
};
