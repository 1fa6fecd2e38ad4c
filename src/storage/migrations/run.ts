import type { Engine, ReadTx, WriteTx } from '../engine.ts';
import { openWriter } from '../engine.ts';
import { storageError } from '../errors.ts';
import type { EngineKind } from '../statement.ts';
import { rawRows, rawRun } from '../raw.ts';
import { foundation } from './0001-foundation.ts';
import { recovery } from './0002-recovery.ts';
import { guardedRows } from './0003-guarded-rows.ts';
import { sharedLock } from './0004-shared-lock.ts';
import { ledgerBlocks } from './0005-ledger-blocks.ts';
import { matchTags } from './0006-match-tags.ts';
import { fewerPages } from './0007-fewer-pages.ts';

/** One step of the schema. Its order and text are locked: a released step is never edited, only followed. */
export type Migration = {
  readonly id: number;
  readonly name: string;
  /** SQLite's dialect with STRICT tables; `forPostgres` turns it into PostgreSQL's. */
  readonly sql: string;
};

export const MIGRATIONS: readonly Migration[] = [
  foundation,
  recovery,
  guardedRows,
  sharedLock,
  ledgerBlocks,
  matchTags,
  fewerPages,
];

export type MigrationReport = { readonly applied: readonly string[]; readonly version: number };

/**
 * Brings the schema up to date, all steps in one transaction. `beforeChange` makes the backup; it is not called on a
 * new database. Errors: `storage.folder_newer`, `storage.migrations_differ`; nothing is changed then.
 */
export const migrate = async (
  engine: Engine,
  now: number,
  beforeChange: (from: number) => Promise<void> = async () => {},
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrationReport> => {
  const done = await engine.read(appliedSteps);
  const due = checkOrder(done, migrations, engine.place);
  if (done.length > 0 && due.length > 0) await beforeChange(done.length);
  if (due.length > 0)
    await openWriter(engine).commit(async (tx) => {
      // Another process may have migrated while we waited for our turn.
      const still = checkOrder(await lockedSteps(tx), migrations, engine.place);
      for (const step of still) await applyStep(tx, step, now);
    });
  return { applied: due.map(({ name }) => name), version: migrations.length };
};

type Applied = { readonly id: number; readonly name: string };

const HISTORY = `CREATE TABLE IF NOT EXISTS schema_migration (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`;
const LIST = 'SELECT id, name FROM schema_migration ORDER BY id';

const appliedSteps = async (tx: ReadTx): Promise<Applied[]> => {
  const exists =
    tx.engine === 'sqlite'
      ? "SELECT name FROM sqlite_schema WHERE name = 'schema_migration'"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_name = 'schema_migration' AND table_schema = current_schema()";
  return (await rawRows(tx, exists)).length === 0 ? [] : ((await rawRows(tx, LIST)) as Applied[]);
};

const lockedSteps = async (tx: WriteTx): Promise<Applied[]> => {
  if (tx.engine === 'postgres') {
    // A step over a large table, or waiting for another process's, takes as long as it takes.
    await rawRun(tx, 'SET LOCAL statement_timeout = 0');
    await rawRun(tx, 'SET LOCAL lock_timeout = 0');
    await rawRun(tx, 'SELECT pg_advisory_xact_lock(4845621)');
  }
  await rawRun(tx, dialect(tx.engine, HISTORY));
  return (await rawRows(tx, LIST)) as Applied[];
};

const applyStep = async (tx: WriteTx, step: Migration, now: number): Promise<void> => {
  for (const sql of step.sql.split(/;\s*$/m)) if (sql.trim() !== '') await rawRun(tx, dialect(tx.engine, sql));
  await rawRun(tx, `INSERT INTO schema_migration (id, name, applied_at) VALUES (${step.id}, '${step.name}', ${now})`);
};

/** The steps still due. What was applied must be a beginning of what we know, in the same order. */
const checkOrder = (done: readonly Applied[], known: readonly Migration[], place: string): readonly Migration[] => {
  if (done.length > known.length)
    throw storageError(
      'folder_newer',
      `${place} was written by a newer version (step ${done.length}; we know ${known.length}).`,
      {
        found: done.length,
        known: known.length,
      },
    );
  for (const [i, { id, name }] of done.entries())
    if (known[i]?.id !== id || known[i]?.name !== name)
      throw storageError(
        'migrations_differ',
        `${place} went through step ${id} "${name}", which this build does not know.`,
      );
  return known.slice(done.length);
};

const dialect = (engine: EngineKind, sql: string): string => (engine === 'sqlite' ? sql : forPostgres(sql));

/**
 * Only what our schema uses differs: types, STRICT, WITHOUT ROWID. Text is ordered by its bytes, as SQLite does and
 * as JavaScript cannot be surprised by; the system's collations also change under an index's feet with glibc.
 */
const forPostgres = (sql: string): string =>
  sql
    .replaceAll(/\bINTEGER\b/g, 'BIGINT')
    .replaceAll(/\bBLOB\b/g, 'BYTEA')
    .replaceAll(/\bTEXT\b/g, 'TEXT COLLATE "C"')
    .replaceAll(/\)\s*(?:STRICT|WITHOUT ROWID)(?:\s*,\s*(?:STRICT|WITHOUT ROWID))?/g, ')');
