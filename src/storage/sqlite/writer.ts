import { setTimeout } from 'node:timers/promises';
import type { WriteTx, Writer } from '../engine.ts';
import { storageError } from '../errors.ts';
import type { RowGuard } from '../guard/row-guard.ts';
import { runWrites } from '../transaction.ts';
import { takeTurns } from '../turns.ts';
import { BUSY_MS, type Connection, isDiskFailure, isDiskFull } from './connection.ts';
import type { SharedReads } from './shared-reads.ts';
import { channel } from './transaction.ts';

/**
 * Frames of the write-ahead log (pages of 4 KiB) after which they are moved into the database. Twice SQLite's default: of
 * pages that are written again and again, each is moved once for more writes. No more, because on a full disk the room
 * that the ballast gives back (8 MiB, `server/disk.ts`) must take all that waits in the log.
 */
const CHECKPOINT_FRAMES = 2_000;
/** How often, and how far apart in milliseconds, emptying the log is tried while a snapshot reads from it. */
const CHECKPOINT_TRIES = 100;
const CHECKPOINT_PAUSE_MS = 100;

export type SqliteWriter = Writer & {
  /** Moves the whole write-ahead log into the database and empties it. Errors: `storage.busy` after ten seconds. */
  checkpoint(): Promise<void>;
  /** Refuses further commits and resolves when those asked for have run. */
  stop(): Promise<void>;
};

/**
 * Commits one after another on `connection`, and checkpoints by itself: SQLite's automatic checkpoint hides its errors,
 * and after a failed fsync nobody knows what the disk holds, even if a later fsync succeeds
 * (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
 *
 * @param reads ended after each commit, so that later reads see it
 */
export const sqliteWriter = (
  connection: Connection,
  place: string,
  reads: Pick<SharedReads, 'end' | 'endChanged'>,
  guard: RowGuard,
  onFatal?: (error: Error) => void,
): SqliteWriter => {
  const turns = takeTurns();
  let failure: Error | undefined;
  let stopped = false;

  const attempt = async <T>(work: (tx: WriteTx) => Promise<T>): Promise<T> => {
    if (failure !== undefined) throw failure;
    let endReads = reads.end;
    const changed = (): void => {
      endReads = reads.endChanged;
    };
    try {
      connection.prepared('BEGIN IMMEDIATE').run();
      const result = await runWrites(channel(connection, changed), guard, work);
      connection.prepared('COMMIT').run();
      endReads();
      return result;
    } catch (error) {
      throw rollback(error);
    }
  };

  const rollback = (error: unknown): unknown => {
    try {
      if (connection.db.isTransaction) connection.prepared('ROLLBACK').run();
    } catch (another) {
      return translate(another);
    }
    return translate(error);
  };

  const translate = (error: unknown): unknown => {
    if (isDiskFailure(error)) {
      if (failure !== undefined) return failure;
      failure = storageError('fatal', `The disk failed to write ${place}.`, { place }, error);
      onFatal?.(failure);
      return failure;
    }
    return isDiskFull(error) ? storageError('full', `There is no room left for ${place}.`, { place }, error) : error;
  };

  /** The commit before it is safe in the log already, so what fails here fails no commit but those to come. */
  const checkpointIfDue = (): void => {
    try {
      const { log, checkpointed } = connection.prepared('PRAGMA wal_checkpoint(NOOP)').get() as Frames;
      if (log - checkpointed >= CHECKPOINT_FRAMES) connection.prepared('PRAGMA wal_checkpoint(PASSIVE)').get();
    } catch (error) {
      translate(error);
    }
  };

  /** False while a snapshot still reads from the log; waiting for it here would stop the thread that it runs on. */
  const emptyLog = async (): Promise<boolean> => {
    if (failure !== undefined) throw failure;
    reads.end();
    try {
      connection.db.exec('PRAGMA busy_timeout = 0');
      return (connection.prepared('PRAGMA wal_checkpoint(TRUNCATE)').get() as Frames).busy === 0;
    } catch (error) {
      throw translate(error);
    } finally {
      connection.db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    }
  };

  return {
    async commit(work) {
      if (stopped) throw storageError('closed', `${place} is closed.`);
      return turns.take(async () => {
        const result = await attempt(work);
        checkpointIfDue();
        return result;
      });
    },
    async checkpoint() {
      for (let tries = 0; tries < CHECKPOINT_TRIES; tries++) {
        if (await turns.take(emptyLog)) return;
        await setTimeout(CHECKPOINT_PAUSE_MS);
      }
      throw storageError('busy', `A long read of ${place} keeps its log from being emptied.`, { place });
    },
    stop() {
      stopped = true;
      return turns.idle();
    },
  };
};

type Frames = { readonly busy: number; readonly log: number; readonly checkpointed: number };
