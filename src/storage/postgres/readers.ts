import type { Pool, PoolClient, PoolConfig } from 'pg';
import { ChatelaineError } from '#kernel';
import type { ReadTx } from '../engine.ts';
import { checkedReads } from '../guard/checked-reads.ts';
import type { RowGuard } from '../guard/row-guard.ts';
import { isLost, translate, unreachable } from './failures.ts';
import { SNAPSHOT_MS, prepareSession } from './session.ts';
import { type Send, readTx } from './transaction.ts';

/** Connections for reads, per process; the writer has one more. PostgreSQL allows 100 by default, for all processes. */
const READERS = 8;
/** The tables whose rows are destroyed: values, the keys that wrap them, kept files, answers held for a while. */
const SCRUBBED = ['version', 'data_key', 'original', 'wrapped_answer', 'idempotent_answer'];

const BEGIN_SNAPSHOT = `
  BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL idle_in_transaction_session_timeout = ${SNAPSHOT_MS};
  SET LOCAL statement_timeout = ${SNAPSHOT_MS}`;

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
  // pg waits for what this returns, though its types do not say so.
  onConnect: (each): void => prepareSession(each, schema) as unknown as void,
});

export const openReaders = (pool: Pool, place: string, schema: string, guard: RowGuard): Readers => {
  // A connection that died while idle is dropped by the pool, which reports it here; nothing was running on it.
  pool.on('error', () => undefined);
  // The pool listens to those at rest only. One that dies in use fails its query, and says so here as well: without a
  // listener that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));

  const borrow = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw error instanceof ChatelaineError ? error : unreachable(place, error);
    }
  };

  /** Asks on one connection, which is thrown away when anything failed on it. */
  const ask: Send = async (query) => {
    const client = await borrow();
    try {
      const result = await client.query(query);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };

  /** A read may be asked twice, so that a server's restart is not seen by anyone who comes after it. */
  const send: Send = async (query) => {
    try {
      return await ask(query).catch((error: unknown) => {
        if (error instanceof ChatelaineError || !isLost(error)) throw error;
        return ask(query);
      });
    } catch (error) {
      throw failure(error);
    }
  };

  const failure = (error: unknown): unknown => {
    if (error instanceof ChatelaineError) return error;
    return isLost(error) ? unreachable(place, error) : translate(error, place);
  };

  /** A connection with an open snapshot; one that died while idle shows it here. */
  const begin = async (again = true): Promise<PoolClient> => {
    const client = await borrow();
    try {
      await client.query(BEGIN_SNAPSHOT);
      return client;
    } catch (error) {
      client.release(true);
      if (again && isLost(error)) return begin(false);
      throw failure(error);
    }
  };

  return {
    reads: checkedReads(readTx(send), guard),
    async snapshot(work) {
      const client = await begin();
      const sendHere: Send = (query) =>
        client.query(query).catch((error: unknown) => {
          throw failure(error);
        });
      try {
        const result = await work({ ...readTx(sendHere), guard });
        await sendHere({ text: 'COMMIT' });
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    async scrub() {
      const { rows } = await send({
        text: 'SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename = ANY ($2)',
        values: [schema, `{${SCRUBBED.join(',')}}`],
      });
      const tables = (rows as { tablename: string }[]).map(({ tablename }) => `"${schema}"."${tablename}"`);
      if (tables.length === 0) return;
      const client = await borrow();
      try {
        await client.query('SET statement_timeout = 0');
        await client.query(`VACUUM ${tables.join(', ')}`);
      } catch (error) {
        throw failure(error);
      } finally {
        // Not for others: this session has no limit any more.
        client.release(true);
      }
    },
    async size() {
      const { rows } = await send({ text: 'SELECT pg_database_size(current_database()) AS bytes' });
      return (rows[0] as { bytes: number }).bytes;
    },
    close: () => pool.end(),
  };
};
