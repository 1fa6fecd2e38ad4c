import type { WriteTx, Writer } from '../engine.ts';
import { storageError } from '../errors.ts';
import { runWrites } from '../transaction.ts';
import { takeTurns } from '../turns.ts';
import { type Connection, isDiskFailure, isDiskFull } from './connection.ts';
import { channel } from './transaction.ts';

/** Frames of the write-ahead log (pages of 4 KiB) after which they are moved into the database; SQLite's own default. */
const CHECKPOINT_FRAMES = 1_000;

export type SqliteWriter = Writer & {
  /** Moves the whole write-ahead log into the database and empties it, between two commits. */
  checkpoint(): Promise<void>;
  /** Refuses further commits and resolves when those asked for have run. */
  stop(): Promise<void>;
};

/**
 * Commits one after another on `connection`, and checkpoints by itself: SQLite's automatic checkpoint hides its errors,
 * and after a failed fsync nobody knows what the disk holds, even if a later fsync succeeds
 * (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
export const sqliteWriter = (connection: Connection, place: string, onFatal?: (error: Error) => void): SqliteWriter => {
  const turns = takeTurns();
  let failure: Error | undefined;
  let stopped = false;

  const attempt = async <T>(work: (tx: WriteTx) => Promise<T>): Promise<T> => {
    if (failure !== undefined) throw failure;
    try {
      connection.prepared('BEGIN IMMEDIATE').run();
      const result = await runWrites(channel(connection), work);
      connection.prepared('COMMIT').run();
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

  return {
    async commit(work) {
      if (stopped) throw storageError('closed', `${place} is closed.`);
      return turns.take(async () => {
        const result = await attempt(work);
        checkpointIfDue();
        return result;
      });
    },
    checkpoint: () =>
      turns.take(async () => {
        if (failure !== undefined) throw failure;
        try {
          connection.prepared('PRAGMA wal_checkpoint(TRUNCATE)').get();
        } catch (error) {
          throw translate(error);
        }
      }),
    stop() {
      stopped = true;
      return turns.idle();
    },
  };
};

type Frames = { readonly log: number; readonly checkpointed: number };
