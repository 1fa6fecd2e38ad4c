import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, type ReadTx, WRITER, type WritableEngine, type WriteTx, type Writer } from '../engine.ts';
import { storageError } from '../errors.ts';
import { type Connection, FSYNC_FAILED, errorCode, isDiskFull, lockFolder, openReading, openWriting } from './connection.ts';
import { readTx, writeTx } from './transaction.ts';

/** File names inside the data folder. */
export const DATABASE_FILE = 'chatelaine.db';
const LOCK_FILE = 'chatelaine.lock';

export type SqliteOptions = {
  /** The data folder; made with mode 0700 when missing. */
  readonly folder: string;
  /** Called once when the disk failed to sync. The owner locks and stops. */
  readonly onFatal?: (error: Error) => void;
};

/** Opens the folder for this process alone. Errors: `storage.folder_in_use`, `storage.unreadable`. */
export const openSqlite = ({ folder, onFatal }: SqliteOptions): Engine => {
  const file = join(folder, DATABASE_FILE);
  const writing = openWriting(file);
  let lock: Connection;
  try {
    lock = lockFolder(join(folder, LOCK_FILE));
  } catch (error) {
    writing.close();
    throw error;
  }
  const reading = openReading(file);
  const reads = readTx(reading);
  const writer = sqliteWriter(writing, file, onFatal);

  const engine: WritableEngine = {
    kind: 'sqlite',
    place: file,
    read: (work) => work(reads),
    snapshot: (work) => snapshot(file, work),
    async scrub() {
      writing.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    async size() {
      return sizeOf(file) + sizeOf(`${file}-wal`);
    },
    async close() {
      await writer.idle();
      for (const connection of [reading, writing, lock]) connection.close();
    },
    [WRITER]: writer,
  };
  return engine;
};

/** A connection of its own, because a transaction that spans awaits must not share one. */
const snapshot = async <T>(file: string, work: (tx: ReadTx) => Promise<T>): Promise<T> => {
  const connection = openReading(file);
  try {
    connection.db.exec('BEGIN');
    return await work(readTx(connection));
  } finally {
    connection.close();
  }
};

type SqliteWriter = Writer & { idle(): Promise<void> };

const sqliteWriter = (connection: Connection, place: string, onFatal?: (error: Error) => void): SqliteWriter => {
  let last: Promise<unknown> = Promise.resolve();
  let failure: Error | undefined;

  const attempt = async <T>(work: (tx: WriteTx) => Promise<T>): Promise<T> => {
    if (failure !== undefined) throw failure;
    try {
      connection.prepared('BEGIN IMMEDIATE').run();
      const result = await work(writeTx(connection));
      connection.prepared('COMMIT').run();
      return result;
    } catch (error) {
      if (connection.db.isTransaction) connection.prepared('ROLLBACK').run();
      throw translate(error);
    }
  };

  const translate = (error: unknown): unknown => {
    if (errorCode(error) === FSYNC_FAILED) {
      failure = storageError('fatal', `The disk failed to sync ${place}.`, { place }, error);
      onFatal?.(failure);
      return failure;
    }
    return isDiskFull(error) ? storageError('full', `There is no room left for ${place}.`, { place }, error) : error;
  };

  return {
    commit(work) {
      const turn = last.then(() => attempt(work));
      last = turn.catch(() => undefined);
      return turn;
    },
    idle: async () => {
      await last;
    },
  };
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
