import type { Client, ClientBase, ClientConfig } from 'pg';
import type { Secret } from '#kernel';
import { storageError } from '../errors.ts';
import type { Address } from './address.ts';
import { types } from './values.ts';

/** How long a new connection may take, in milliseconds. */
const CONNECT_MS = 10_000;
/** How long a statement may run on the server. */
const STATEMENT_MS = 30_000;
/** How long a statement may wait for another session's lock; rows are held for milliseconds. */
const LOCK_MS = 10_000;
/** How long our silence may hold locks: a frozen process must not stop the others. */
const IDLE_IN_TRANSACTION_MS = 30_000;
/** When nothing at all comes back by then, the network is gone, and the server's own limits cannot tell us. */
export const SILENCE_MS = STATEMENT_MS + LOCK_MS + 5_000;
/** How long a snapshot may last; it holds back VACUUM meanwhile. A backup reads in one. */
export const SNAPSHOT_MS = 600_000;

/** pg's settings for one session. Holds the password: it never leaves this folder and is never printed. */
export const clientConfig = (url: Secret, address: Address): ClientConfig => ({
  connectionString: url.revealText(),
  application_name: 'chatelaine',
  connectionTimeoutMillis: CONNECT_MS,
  keepAlive: true,
  types,
  // What the URL says about TLS wins over this; see parseAddress. `true` verifies the chain and the name.
  ...(address.local || address.saysTls ? {} : { ssl: true }),
});

/** The writer may keep the network busy: statements are sent without waiting for the answers before them. */
export const writerConfig = (url: Secret, address: Address): ClientConfig => ({
  ...clientConfig(url, address),
  pipeline: true,
});

/** Makes a new session ours: names resolve in `schema` alone, bytes come as hex, nothing waits for ever. */
export const prepareSession = async (client: ClientBase, schema: string): Promise<void> => {
  await client.query(`
    SET search_path = "${schema}", pg_temp;
    SET bytea_output = 'hex';
    SET standard_conforming_strings = on;
    SET statement_timeout = ${STATEMENT_MS};
    SET lock_timeout = ${LOCK_MS};
    SET idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`);
};

/** Checked whenever the writer connects, because a server may come back with other settings. */
export const checkServer = async (client: Client, place: string): Promise<void> => {
  const { rows } = await client.query<ServerFacts>(`
    SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
      current_setting('synchronous_commit') AS synchronous_commit,
      current_setting('synchronous_standby_names') AS standbys,
      current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby`);
  const facts = rows[0]!;
  const refuse = (setting: string, wanted: string, found: string) =>
    storageError('unsafe_server', `${place} runs with ${setting} = ${found}.`, { place, setting, wanted, found });
  if (facts.fsync !== 'on') throw refuse('fsync', 'on', facts.fsync);
  if (facts.full_page_writes !== 'on') throw refuse('full_page_writes', 'on', facts.full_page_writes);
  if (facts.synchronous_commit === 'off') throw refuse('synchronous_commit', 'on', 'off');
  // Without standbys "local" promises the same as "on"; with them, a failover would lose what we acknowledged.
  if (facts.synchronous_commit === 'local' && facts.standbys !== '') throw refuse('synchronous_commit', 'on', 'local');
  if (facts.encoding !== 'UTF8') throw refuse('server_encoding', 'UTF8', facts.encoding);
  if (facts.standby === 1) throw storageError('unreachable', `${place} is a standby, which cannot write.`, { place });
  // A reload of the server's configuration must not loosen what was just checked.
  await client.query(`SELECT set_config('synchronous_commit', $1, false)`, [facts.synchronous_commit]);
};

type ServerFacts = {
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly standbys: string;
  readonly encoding: string;
  readonly standby: number;
};

/** Makes the schema when it is missing; another process may be doing the same. */
export const ensureSchema = async (client: Client, schema: string): Promise<void> => {
  const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rowCount !== 0) return;
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
  } catch (error) {
    const again = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    if (again.rowCount === 0) throw error;
  }
};
