import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type DatabaseSyncOptions, type StatementSync, constants } from 'node:sqlite';
import type { ChatelaineError } from '#kernel';
import { makeFolder as make } from '#kernel/node';
import { storageError } from '../errors.ts';

/** How long a statement waits for another connection's lock, in milliseconds. Only a checkpoint can hold one. */
export const BUSY_MS = 5_000;
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
/** SQLITE_IOERR_WRITE, _FSYNC and _DIR_FSYNC: after them nobody knows what the disk holds. */
const DISK_FAILURES: ReadonlySet<number> = new Set([778, 1034, 1290]);
/** SQLITE_IOERR_SHMSIZE: no room to enlarge the index of the write-ahead log. */
const NO_ROOM_FOR_INDEX = 4874;

/** One connection with its prepared statements. */
export type Connection = {
  readonly db: DatabaseSync;
  prepared(sql: string): StatementSync;
  close(): void;
};

/**
 * What a savepoint may have to undo, SQLite would else write page by page to a file in the system's folder for temporary
 * ones: two of three writes to the disk that a new value took, and rows of ours outside the data folder.
 */
const WITHOUT_TEMPORARY_FILES = 'PRAGMA temp_store = MEMORY;';

const OPTIONS: DatabaseSyncOptions = {
  timeout: BUSY_MS,
  allowExtension: false,
  defensive: true,
  enableForeignKeyConstraints: true,
  // A non-literal ATTACH slips past authorizers, so the limit closes what the authorizer below names.
  limits: { attach: 0 },
};

export const makeFolder = (folder: string): void => {
  try {
    make(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
};

/** Makes the names of the database and its log durable. SQLite does the same, but overlooks when it fails. */
export const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    throw unreadable(folder, error);
  } finally {
    closeSync(descriptor);
  }
};

/**
 * Makes the file for its owner alone; SQLite would let everybody read it, and gives its log and index the same mode. What
 * is there is not opened: closing it would drop the locks that this process holds on it (POSIX fcntl). What goes wrong
 * here SQLite meets again, and names.
 */
const makePrivate = (file: string): void => {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {}
};

export const openWriting = (file: string): Connection => {
  makePrivate(file);
  return open(
    file,
    OPTIONS,
    `
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA trusted_schema = OFF;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -16384;
    PRAGMA journal_size_limit = 16777216;
    PRAGMA wal_autocheckpoint = 0;
    ${WITHOUT_TEMPORARY_FILES}
  `,
  );
};

export const openReading = (file: string): Connection =>
  open(
    file,
    { ...OPTIONS, readOnly: true },
    `PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8192; PRAGMA query_only = ON; ${WITHOUT_TEMPORARY_FILES}`,
  );

/**
 * Takes the folder for this process until it ends, however it ends: an exclusive transaction on a database of its
 * own, whose lock the operating system drops with the process.
 */
export const lockFolder = (file: string): Connection => {
  makePrivate(file);
  try {
    return open(file, { ...OPTIONS, timeout: 0 }, 'BEGIN EXCLUSIVE');
  } catch (error) {
    if (error instanceof Error && (errorCode(error.cause) & 0xff) === SQLITE_BUSY)
      throw storageError('folder_in_use', `Another process is using ${dirname(file)}.`, { folder: dirname(file) });
    throw error;
  }
};

/** SQLite's extended result code, or 0. */
const errorCode = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : 0;

export const isDiskFull = (error: unknown): boolean =>
  (errorCode(error) & 0xff) === SQLITE_FULL || errorCode(error) === NO_ROOM_FOR_INDEX;

export const isDiskFailure = (error: unknown): boolean => DISK_FAILURES.has(errorCode(error));

const open = (file: string, options: DatabaseSyncOptions, settings: string): Connection => {
  const db = connect(file, options, settings);
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

/** SQLite finds out that a file cannot be written, or is none of its own, only when it is first used. */
const connect = (file: string, options: DatabaseSyncOptions, settings: string): DatabaseSync => {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, options);
    db.exec(settings);
    return db;
  } catch (error) {
    if (db?.isOpen) db.close();
    throw unreadable(file, error);
  }
};

/** SQLITE_PERM, _READONLY and _CANTOPEN: a wrong place or a wrong mode, which its owner can mend. */
const UNUSABLE: ReadonlySet<number> = new Set([3, 8, 14]);

const unreadable = (place: string, cause: unknown): ChatelaineError =>
  UNUSABLE.has(errorCode(cause) & 0xff) ? unusable(place, cause) : refused('unreadable', place, cause);

const unusable = (place: string, cause: unknown): ChatelaineError => refused('unusable', place, cause);

const refused = (code: 'unreadable' | 'unusable', place: string, cause: unknown): ChatelaineError =>
  storageError(
    code,
    `${place} cannot be opened: ${cause instanceof Error ? cause.message : 'no reason given'}.`,
    { place },
    cause,
  );
