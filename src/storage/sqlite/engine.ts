import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Engine, type ReadTx, WRITER, type WritableEngine } from '../engine.ts';
import { storageError } from '../errors.ts';
import { type RowGuard, openRowGuard } from '../guard/row-guard.ts';
import { lockFolder, makeFolder, openReading, openWriting, syncFolder } from './connection.ts';
import { openSharedReads } from './shared-reads.ts';
import { readTx } from './transaction.ts';
import { sqliteWriter } from './writer.ts';

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
  makeFolder(folder);
  const lock = lockFolder(join(folder, LOCK_FILE));
  const [writing, reading] = openBoth(file, () => lock.close());
  const guard = openRowGuard();
  const reads = openSharedReads(reading, guard);
  const writer = sqliteWriter(writing, file, reads, guard, onFatal);
  let closed = false;
  const whileOpen = <T>(work: () => Promise<T>): Promise<T> =>
    closed ? Promise.reject(storageError('closed', `${file} is closed.`)) : work();

  const engine: WritableEngine = {
    kind: 'sqlite',
    place: file,
    guard,
    read: (work) => whileOpen(() => work(reads.tx)),
    snapshot: (work) => whileOpen(() => snapshot(file, guard, work)),
    scrub: () => whileOpen(() => writer.checkpoint()),
    size: async () => sizeOf(file) + sizeOf(`${file}-wal`),
    async close() {
      if (closed) return;
      closed = true;
      await writer.stop();
      reads.end();
      for (const connection of [reading, writing, lock]) connection.close();
    },
    [WRITER]: writer,
  };
  return engine;
};

const openBoth = (file: string, release: () => void) => {
  try {
    const both = [openWriting(file), openReading(file)] as const;
    syncFolder(dirname(file));
    return both;
  } catch (error) {
    release();
    throw error;
  }
};

/** A connection of its own, because a transaction that spans awaits must not share one. */
const snapshot = async <T>(file: string, guard: RowGuard, work: (tx: ReadTx) => Promise<T>): Promise<T> => {
  const connection = openReading(file);
  try {
    connection.db.exec('BEGIN');
    return await work({ ...readTx(connection), guard });
  } finally {
    connection.close();
  }
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
