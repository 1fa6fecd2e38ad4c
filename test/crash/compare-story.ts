import { createHash } from 'node:crypto';
import { CompiledQuery } from 'kysely';
import { toHex } from '#kernel';
import type { ReadTx } from '#storage';
import type { CredentialRow } from '../../src/inventory/tables.ts';
import type { VersionRow } from '../../src/secrets/tables.ts';
import type { CredentialStory, Story } from './replay.ts';

export const query = <Row>(tx: ReadTx, sql: string): Promise<Row[]> =>
  tx.query<unknown, Row>(() => ({ compile: () => CompiledQuery.raw(sql) }));

/** Everything in which the tables tell another story than the ledger. Call in a snapshot. */
export const compareStory = async (tx: ReadTx, story: Story, everything: boolean): Promise<string[]> => {
  const rows = await query<CredentialRow>(tx, 'SELECT * FROM credential');
  const versions = Map.groupBy(
    await query<VersionRow>(tx, 'SELECT * FROM version ORDER BY credential, serial'),
    (row) => row.credential,
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const found: string[] = [];
  for (const { id } of rows) if (!story.credentials.has(id)) found.push(`${id} is in no entry`);
  for (const id of everything ? story.credentials.keys() : story.touched) {
    const told = story.credentials.get(id)!;
    found.push(...compareCredential(told, known.get(id), versions.get(id) ?? []).map((what) => `${id}: ${what}`));
  }
  return [...found, ...(await compareGrants(tx, story)), ...(await loosePieces(tx)), ...(await miscounted(tx))];
};

const compareCredential = (
  told: CredentialStory,
  row: CredentialRow | undefined,
  versions: readonly VersionRow[],
): string[] => {
  if (!told.exists) return row === undefined && versions.length === 0 ? [] : ['was forgotten and is there'];
  if (row === undefined) return ['is gone'];
  const found: string[] = [];
  if (row.state !== told.state) found.push(`is ${row.state}, not ${told.state}`);
  if (row.current_number !== told.current) found.push(`stands at version ${row.current_number}, not ${told.current}`);
  found.push(...versions.flatMap((version) => compareVersion(told, version)));
  const there = new Set(versions.map(({ number }) => number));
  for (const number of told.bound.keys())
    if (there.has(number) !== number > told.removed)
      found.push(`version ${number} is ${there.has(number) ? 'there' : 'gone'}, removed up to ${told.removed}`);
  // Every serial was a version written; all that have no number yet wait to be promoted.
  const waiting = versions.filter(({ number }) => number === null).length;
  const serials = versions.at(-1)?.serial ?? 0;
  if (serials !== told.current + waiting)
    found.push(`has ${serials} versions made, ${told.current} numbered, ${waiting} pending`);
  if (waiting > told.pendingWritten) found.push(`has ${waiting} pending versions, ${told.pendingWritten} entered`);
  return found;
};

const compareVersion = (
  told: CredentialStory,
  { number, serial, envelope, hash, destroyed_at, state }: VersionRow,
): string[] => {
  const gone = destroyed_at !== null;
  if (gone !== (envelope === null)) return [`serial ${serial} is half destroyed`];
  if ((number === null) !== (state === 'pending')) return [`serial ${serial} is half promoted`];
  if (envelope !== null && createHash('sha256').update(envelope).digest('hex') !== toHex(hash))
    return [`serial ${serial} is not what its hash says`];
  if (number === null) return [];
  const bound = told.bound.get(number);
  if (bound === undefined) return [`version ${number} is in no entry`];
  if (gone !== told.destroyed.has(number)) return [`version ${number} is ${gone ? '' : 'not '}destroyed`];
  return gone || bound === toHex(hash) ? [] : [`version ${number} is not the one bound`];
};

const compareGrants = async (tx: ReadTx, story: Story): Promise<string[]> => {
  const rows = await query<{ id: string; revoked_at: number | null }>(
    tx,
    `SELECT id, revoked_at FROM role_grant WHERE role = 'developer'`,
  );
  const found = rows
    .filter(({ id, revoked_at }) => story.grants.get(id) !== (revoked_at === null))
    .map(({ id }) => `grant ${id} is not as told`);
  return rows.length === story.grants.size ? found : [...found, `${rows.length} grants, ${story.grants.size} told of`];
};

/** Rows that belong to nothing. */
const loosePieces = async (tx: ReadTx): Promise<string[]> => {
  const loose: Readonly<Record<string, string>> = {
    'a version without a key': `SELECT v.credential FROM version v LEFT JOIN data_key k ON k.credential = v.credential
      WHERE v.envelope IS NOT NULL AND k.credential IS NULL`,
    'a claim of a destroyed version': `SELECT f.credential FROM version_value f LEFT JOIN version v
      ON v.credential = f.credential AND v.serial = f.serial WHERE v.envelope IS NULL`,
    'a credential without a history': `SELECT c.id FROM credential c LEFT JOIN state_change s ON s.credential = c.id
      WHERE s.credential IS NULL`,
    'a history that ends elsewhere': `SELECT c.id FROM credential c JOIN state_change s ON s.credential = c.id
      WHERE s.n = (SELECT max(n) FROM state_change WHERE credential = c.id) AND s.is_now <> c.state`,
  };
  const found: string[] = [];
  for (const [what, sql] of Object.entries(loose)) {
    const rows = await query<object>(tx, sql);
    if (rows.length > 0) found.push(`${what}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return found;
};

/** Homes whose count is not the number of versions that live there, in the home's own environment. */
const miscounted = async (tx: ReadTx): Promise<string[]> => {
  const rows = await query<{ uses: number | null; held: number }>(
    tx,
    `SELECT h.uses, count(f.fingerprint) AS held FROM value_home h
      LEFT JOIN version_value f ON f.fingerprint = h.fingerprint
      GROUP BY h.fingerprint, h.uses HAVING count(f.fingerprint) <> h.uses
    UNION ALL
    SELECT NULL AS uses, count(*) AS held FROM version_value f LEFT JOIN value_home h ON h.fingerprint = f.fingerprint
      LEFT JOIN credential c ON c.id = f.credential LEFT JOIN environment e ON e.id = c.environment
      WHERE h.fingerprint IS NULL OR h.environment <> e.name HAVING count(*) > 0`,
  );
  return rows.map(({ uses, held }) => `a value's home counts ${uses}, ${held} versions hold it`);
};
