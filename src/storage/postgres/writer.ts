import type { Client } from 'pg';
import type { Writer, WriteTx } from '../engine.ts';
import { storageError } from '../errors.ts';
import type { RowGuard } from '../guard/row-guard.ts';
import { runWrites } from '../transaction.ts';
import { takeTurns } from '../turns.ts';
import { connectionLost, isLost, translate } from './failures.ts';
import { channel, control } from './transaction.ts';

/** The writer's session; `lost` turns true as soon as its socket closes. */
export type Session = { readonly client: Client; lost: boolean };

export type PostgresWriter = Writer & { close(): Promise<void> };

/** Writes one commit after another on one session, which `connect` makes anew when it was lost. */
export const postgresWriter = (
  connect: () => Promise<Session>,
  first: Session,
  place: string,
  guard: RowGuard,
): PostgresWriter => {
  const turns = takeTurns();
  let session = first;
  let closed = false;

  /** A session with an open transaction. One that died while idle shows it here, where nothing is lost by asking again. */
  const begin = async (): Promise<Session> => {
    for (const fresh of [false, true]) {
      if (fresh) session = await connect();
      if (session.lost) continue;
      try {
        await session.client.query(control(BEGIN));
        return session;
      } catch (error) {
        drop(session);
        if (!isLost(error)) throw translate(error, place);
        if (fresh) throw connectionLost(place, error);
      }
    }
    throw connectionLost(place, new Error('the new connection ended at once'));
  };

  const attempt = async <T>(work: (tx: WriteTx) => Promise<T>): Promise<T> => {
    const current = await begin();
    let result: T;
    try {
      result = await runWrites(
        channel(current.client, () => !current.lost),
        guard,
        work,
      );
    } catch (error) {
      throw (await rollback(current)) ? translate(error, place) : connectionLost(place, error);
    }
    await commit(current);
    return result;
  };

  const commit = async (current: Session): Promise<void> => {
    try {
      const { command } = await current.client.query(control('COMMIT'));
      // A spoiled transaction answers COMMIT with ROLLBACK; `finish` should have seen to it before.
      if (command !== 'COMMIT') throw new TypeError(`${place} answered COMMIT with ${command}.`);
    } catch (error) {
      // The server that still takes our ROLLBACK has answered the COMMIT, with a no.
      if (await rollback(current)) throw translate(error, place);
      throw storageError('unknown_outcome', `The connection to ${place} was lost during COMMIT.`, { place }, error);
    }
  };

  return {
    async commit(work) {
      if (closed) throw storageError('closed', `${place} is closed.`);
      return turns.take(() => attempt(work));
    },
    async close() {
      closed = true;
      await turns.idle();
      await session.client.end();
    },
  };
};

const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';

/** False when the session did not live to take it; then the server rolls back by itself. */
const rollback = async (session: Session): Promise<boolean> => {
  if (session.lost) return false;
  try {
    await session.client.query(control('ROLLBACK'));
    return true;
  } catch {
    drop(session);
    return false;
  }
};

const drop = (session: Session): void => {
  session.lost = true;
  void session.client.end().catch(() => undefined);
};
