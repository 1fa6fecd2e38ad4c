export { type Engine, type ReadTx, type WriteTx, type Writer, openWriter } from './engine.ts';
export { storageError } from './errors.ts';
export { MIGRATIONS, type Migration, type MigrationReport, migrate } from './migrations/run.ts';
export { type PostgresOptions, openPostgres } from './postgres/engine.ts';
export { isRetryable } from './postgres/failures.ts';
export { copyDatabase } from './sqlite/copy.ts';
export { DATABASE_FILE, type SqliteOptions, openSqlite } from './sqlite/engine.ts';
export { type EngineKind, type Statement, type Value, type Values, statement } from './statement.ts';
