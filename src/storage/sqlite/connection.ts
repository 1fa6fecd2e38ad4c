import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type DatabaseSyncOptions, type StatementSync, constants } from 'node:sqlite';
import { storageError } from '../errors.ts';

/** How long a statement waits for another connection's lock, in milliseconds. Only a checkpoint can hold one. */
const BUSY_MS = 5_000;
/** SQLITE_IOERR_FSYNC: after it nobody knows what the disk holds. */
export const FSYNC_FAILED = 1034;
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/** One connection with its prepared statements. */
export type Connection = {
  readonly db: DatabaseSync;
  prepared(sql: string): StatementSync;
  close(): void;
};

const OPTIONS: DatabaseSyncOptions = {
  timeout: BUSY_MS,
  allowExtension: false,
  defensive: true,
  enableForeignKeyConstraints: true,
  // A non-literal ATTACH slips past authorizers, so the limit closes what the authorizer below names.
  limits: { attach: 0 },
};

export const openWriting = (file: string): Connection => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const connection = open(file, OPTIONS);
  connection.db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -16384;
    PRAGMA journal_size_limit = 16777216;
  `);
  return connection;
};

export const openReading = (file: string): Connection => {
  const connection = open(file, { ...OPTIONS, readOnly: true });
  connection.db.exec('PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8192; PRAGMA query_only = ON;');
  return connection;
};

/**
 * Takes the folder for this process until it ends, however it ends: an exclusive transaction on a database of its
 * own, whose lock the operating system drops with the process.
 */
export const lockFolder = (file: string): Connection => {
  const connection = open(file, { ...OPTIONS, timeout: 0 });
  try {
    connection.db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    if (errorCode(error) === SQLITE_BUSY)
      throw storageError('folder_in_use', `Another process is using ${dirname(file)}.`, { folder: dirname(file) });
    throw error;
  }
  return connection;
};

/** SQLite's extended result code, or 0. */
export const errorCode = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : 0;

export const isDiskFull = (error: unknown): boolean => (errorCode(error) & 0xff) === SQLITE_FULL;

const open = (file: string, options: DatabaseSyncOptions): Connection => {
  const db = connect(file, options);
  db.setAuthorizer((action) => (action === constants.SQLITE_ATTACH ? constants.SQLITE_DENY : constants.SQLITE_OK));
  const statements = new Map<string, StatementSync>();
  return {
    db,
    prepared(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = db.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    close() {
      statements.clear();
      db.close();
    },
  };
};

const connect = (file: string, options: DatabaseSyncOptions): DatabaseSync => {
  try {
    return new DatabaseSync(file, options);
  } catch (error) {
    throw storageError('unreadable', `The database ${file} cannot be opened.`, { place: file }, error);
  }
};
