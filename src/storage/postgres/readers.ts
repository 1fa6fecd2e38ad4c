import type { Pool, PoolClient, PoolConfig } from 'pg';
import { ChatelaineError } from '#kernel';
import type { ReadTx } from '../engine.ts';
import { isLost, translate, unreachable } from './failures.ts';
import { SNAPSHOT_MS, prepareSession } from './session.ts';
import { type Send, readTx } from './transaction.ts';

/** Connections for reads, per process; the writer has one more. PostgreSQL allows 100 by default, for all processes. */
const READERS = 8;
/** The tables whose rows are destroyed: values, the keys that wrap them, kept files, answers held for a while. */
const SCRUBBED = ['version', 'data_key', 'original', 'wrapped_answer', 'idempotent_answer'];

export type Readers = {
  /** Statements on any connection, each seeing the newest commit. */
  readonly reads: ReadTx;
  snapshot<T>(work: (tx: ReadTx) => Promise<T>): Promise<T>;
  scrub(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
};

export const readerConfig = (client: PoolConfig, schema: string): PoolConfig => ({
  ...client,
  max: READERS,
  onConnect: (each) => prepareSession(each, schema),
});

export const openReaders = (pool: Pool, place: string, schema: string): Readers => {
  // A connection that died while idle is dropped by the pool, which reports it here; nothing was running on it.
  pool.on('error', () => undefined);

  const borrow = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw error instanceof ChatelaineError ? error : unreachable(place, error);
    }
  };

  /** Runs on one connection, which is thrown away when anything failed on it. */
  const on = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await borrow();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };

  /** A read may be asked twice, so that a server's restart is not seen by anyone who comes after it. */
  const send: Send = async (query) => {
    const ask = () => on((client) => client.query(query));
    try {
      return await ask().catch((error: unknown) => {
        if (error instanceof ChatelaineError || !isLost(error)) throw error;
        return ask();
      });
    } catch (error) {
      throw failure(error);
    }
  };

  const failure = (error: unknown): unknown => {
    if (error instanceof ChatelaineError) return error;
    return isLost(error) ? unreachable(place, error) : translate(error, place);
  };

  return {
    reads: readTx(send),
    snapshot: (work) =>
      on(async (client) => {
        const sendHere: Send = (query) =>
          client.query(query).catch((error: unknown) => {
            throw failure(error);
          });
        await sendHere({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' });
        await sendHere({ text: `SET LOCAL idle_in_transaction_session_timeout = ${SNAPSHOT_MS}` });
        await sendHere({ text: `SET LOCAL statement_timeout = ${SNAPSHOT_MS}` });
        const result = await work(readTx(sendHere));
        await sendHere({ text: 'COMMIT' });
        return result;
      }),
    async scrub() {
      const { rows } = await send({
        text: 'SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename = ANY ($2)',
        values: [schema, `{${SCRUBBED.join(',')}}`],
      });
      const tables = (rows as { tablename: string }[]).map(({ tablename }) => `"${schema}"."${tablename}"`);
      if (tables.length === 0) return;
      try {
        await on(async (client) => {
          await client.query('SET statement_timeout = 0');
          await client.query(`VACUUM ${tables.join(', ')}`);
          await client.query(`SET statement_timeout = DEFAULT`);
        });
      } catch (error) {
        throw failure(error);
      }
    },
    async size() {
      const { rows } = await send({ text: 'SELECT pg_database_size(current_database()) AS bytes' });
      return (rows[0] as { bytes: number }).bytes;
    },
    close: () => pool.end(),
  };
};
