import type { Client } from 'pg';
import { ChatelaineError, type Secret, hasCode } from '#kernel';
import { type Engine, WRITER, type WritableEngine } from '../engine.ts';
import { storageError } from '../errors.ts';
import { openRowGuard } from '../guard/row-guard.ts';
import { parseAddress } from './address.ts';
import { unreachable } from './failures.ts';
import { openReaders, readerConfig } from './readers.ts';
import { checkServer, clientConfig, ensureSchema, prepareSession, writerConfig } from './session.ts';
import { type Session, postgresWriter } from './writer.ts';

export type PostgresOptions = {
  /**
   * A libpq connection URI. Another host is reached with verified TLS unless the URL says `sslmode=disable`; pg reads
   * `sslmode`, `sslrootcert`, `sslcert` and `sslkey`, and takes a missing password from PGPASSWORD or ~/.pgpass.
   * A pooler between us and the server must pool sessions, not transactions.
   */
  readonly url: Secret;
  /** The data space inside the database, `[a-z_][a-z0-9_]*`; made when missing. Default `chatelaine`. */
  readonly schema?: string;
  /** Called once when the server came back with settings under which nothing can be promised. */
  readonly onFatal?: (error: Error) => void;
};

/**
 * Opens a PostgreSQL database that several processes may share. Errors: `storage.bad_address`,
 * `storage.unreachable`, `storage.unsafe_server`.
 *
 * What `scrub` cannot promise here: VACUUM gives the space of destroyed rows free for new ones, it does not
 * overwrite it; and the write-ahead log, its archive, standbys and base backups keep old pages until they age out.
 * Rows hold ciphertext; a destroyed version is beyond reading because its key is gone, not because its row is.
 */
export const openPostgres = async ({ url, schema = 'chatelaine', onFatal }: PostgresOptions): Promise<Engine> => {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new TypeError(`"${schema}" cannot name a schema.`);
  const address = parseAddress(url, schema);
  const { place } = address;
  const pg = await import('pg');

  let unsafe: ChatelaineError | undefined;
  const connect = async (): Promise<Session> => {
    if (unsafe !== undefined) throw unsafe;
    let client: Client | undefined;
    try {
      client = new pg.Client(writerConfig(url, address));
      const session = watch(client);
      await client.connect();
      await checkServer(client, place);
      await ensureSchema(client, schema);
      await prepareSession(client, schema);
      return session;
    } catch (error) {
      await client?.end().catch(() => undefined);
      throw error instanceof ChatelaineError ? error : unreachable(place, error);
    }
  };
  const reconnect = () =>
    connect().catch((error: unknown) => {
      if (hasCode(error, 'storage.unsafe_server') && unsafe === undefined) {
        unsafe = error;
        onFatal?.(error);
      }
      throw error;
    });

  const guard = openRowGuard();
  const writer = postgresWriter(reconnect, await connect(), place, guard);
  const readers = openReaders(new pg.Pool(readerConfig(clientConfig(url, address), schema)), place, schema, guard);
  let closed = false;
  const whileOpen = <T>(work: () => Promise<T>): Promise<T> =>
    closed ? Promise.reject(storageError('closed', `${place} is closed.`)) : work();

  const engine: WritableEngine = {
    kind: 'postgres',
    place,
    guard,
    read: (work) => whileOpen(() => work(readers.reads)),
    snapshot: (work) => whileOpen(() => readers.snapshot(work)),
    scrub: () => whileOpen(() => readers.scrub()),
    size: () => whileOpen(() => readers.size()),
    async close() {
      if (closed) return;
      closed = true;
      await writer.close();
      await readers.close();
    },
    [WRITER]: writer,
  };
  return engine;
};

/** Notices the end of a session. Without a listener for `error`, a lost connection would end the process. */
const watch = (client: Client): Session => {
  const session: Session = { client, lost: false };
  const notice = () => {
    session.lost = true;
  };
  client.on('error', notice);
  client.on('end', notice);
  return session;
};
