import assert from 'node:assert/strict';
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { CredentialPath, Secret, hasCode, toHex } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { createOrphanToken, systemCaller } from '#identity';
import { redactEntries } from '#ledger';
import { destroyCredential, destroyVersions, readVersion, transferCredential, writeVersion } from '#secrets';
import { DATABASE_FILE, type Engine, openSqlite } from '#storage';
import { type Check, doctor, doctorExit } from '../src/server/doctor/doctor.ts';
import { doctorOffline } from '../src/server/doctor/offline.ts';
import { fileAnchor } from '../src/server/file-anchor.ts';
import { makeKit } from '../src/server/kit.ts';
import { forEachEngine, temporaryFolder } from './engines.ts';
import { type Rooms, knownProvider, openRooms } from './rooms.ts';

const at = (text: string) => CredentialPath.parse(text);

const write = (house: Rooms, path: string, text: string, pending = false) =>
  writeVersion(house.secrets, house.owner, {
    path: at(path),
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
    pending,
  });

/** A house with a past: several versions, more than are kept, deleted, destroyed, renamed, pending, forgotten. */
const live = async (house: Rooms): Promise<void> => {
  for (let i = 1; i <= 13; i++) await write(house, 'porch/home/mqtt/password', `broker password ${i}`);
  for (let i = 1; i <= 3; i++) await write(house, 'porch/home/wifi', `wireless passphrase ${i}`);
  await write(house, 'porch/prod/api', 'production key alone');
  await write(house, 'porch/home/next', 'a value in waiting', true);
  await write(house, 'porch/home/old-name', 'renamed with its value');
  await transferCredential(house.secrets, house.owner, {
    from: at('porch/home/old-name'),
    to: at('porch/home/new-name'),
  });
  await destroyVersions(house.secrets, house.owner, { path: at('porch/home/wifi'), versions: [1, 3] });
  for (const forget of [false, true]) {
    await write(house, `porch/home/gone-${forget}`, `to be destroyed ${forget}`);
    await destroyCredential(house.secrets, house.owner, {
      path: at(`porch/home/gone-${forget}`),
      reason: 'test',
      forget,
    });
  }
  for (let i = 0; i < 300; i++)
    await readVersion(house.secrets, house.owner, { path: at('porch/prod/api'), version: 0 });
  const system = systemCaller({ address: 'local', agent: 'test' });
  await house.deeds.perform(createOrphanToken(house.identityPorts), system, {
    caller: system,
    identity: house.owner.identity,
  });
  await makeKit(house, system, house.owner.identity);
  await house.seal.lock(house.owner);
  await house.seal.unlock(undefined, 'local');
};

const bad = (checks: readonly Check[]): string[] => checks.filter(({ state }) => state === 'bad').map(({ id }) => id);
const said = (checks: readonly Check[], id: string): string => checks.find((check) => check.id === id)?.detail ?? '';

forEachEngine('a house with a past is in order, with keys and without', async (_t, engine) => {
  const house = await openRooms(engine);
  await live(house);
  const checks = await doctor({ engine, clock: systemClock, sealing: house.sealing });
  assert.deepEqual(
    checks.filter(({ state }) => state === 'bad'),
    [],
  );
  assert.match(said(checks, 'versions'), /^\d\d versions of 6 credentials open and agree with the ledger$/);
  assert.equal(doctorExit(checks), 0);
  const locked = await doctor({ engine, clock: systemClock });
  assert.deepEqual(bad(locked), []);
  assert.deepEqual(new Set(locked.map(({ id }) => id)), new Set(checks.map(({ id }) => id)), 'no check falls away');
  assert.equal(locked.find(({ id }) => id === 'ledger-signature')?.state, 'warning');
});

forEachEngine('redacting an identity leaves every proof valid and the doctor content', async (_t, engine) => {
  const house = await openRooms(engine);
  await live(house);
  const { output } = await house.deeds.perform(redactEntries, house.owner, {
    identity: house.owner.identity,
    reason: 'asked for',
  });
  assert.ok(output.redacted > 100);
  const checks = await doctor({ engine, clock: systemClock, sealing: house.sealing });
  assert.deepEqual(bad(checks), []);
  assert.match(said(checks, 'redactions'), new RegExp(`^${output.redacted} entries`));
});

/** What somebody with the database file does to it, and the check that must find it, saying what it says. */
type Break = readonly [
  what: string,
  sql: string | ((db: DatabaseSync) => void),
  id: string,
  says: RegExp,
  more?: { readonly keyless?: false },
];

const credentialOf = (name: string) => `(SELECT id FROM credential WHERE name = '${name}')`;
const MQTT = credentialOf('mqtt/password');
const WIFI = credentialOf('wifi');
const OWNER = `(SELECT id FROM identity WHERE name = 'ada')`;

const flip = (table: string, column: string, where: string) => (db: DatabaseSync) => {
  const row = db.prepare(`SELECT ${column} AS bytes FROM ${table} WHERE ${where} LIMIT 1`).get() as {
    bytes: Uint8Array;
  };
  const bytes = Uint8Array.from(row.bytes);
  bytes[bytes.length >> 1]! ^= 4;
  db.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = (SELECT rowid FROM ${table} WHERE ${where} LIMIT 1)`).run(
    bytes,
  );
};

const BREAKS: readonly Break[] = [
  [
    'a bit of an envelope',
    flip('version', 'envelope', `credential = ${MQTT} AND number = 13`),
    'versions',
    /mqtt\/password version 13: its envelope was changed/,
  ],
  [
    'an envelope cut short',
    `UPDATE version SET envelope = substr(envelope, 1, 90) WHERE credential = ${MQTT} AND number = 12`,
    'versions',
    /version 12: its envelope was changed/,
  ],
  [
    'an older envelope put back with its hash',
    `UPDATE version SET (envelope, hash) = (SELECT envelope, hash FROM version WHERE credential = ${MQTT} AND number = 12) WHERE credential = ${MQTT} AND number = 13`,
    'versions',
    /version 13: it is not what entry \d+ of the ledger bound/,
  ],
  [
    'an envelope of another credential with its hash',
    `UPDATE version SET (envelope, hash) = (SELECT envelope, hash FROM version WHERE credential = ${credentialOf('api')}) WHERE credential = ${MQTT} AND number = 13`,
    'versions',
    /version 13: it is not what entry/,
  ],
  [
    'the newest version gone',
    `DELETE FROM version WHERE credential = ${MQTT} AND number = 13`,
    'versions',
    /version 13 is missing/,
  ],
  [
    'a version gone from the middle',
    `DELETE FROM version WHERE credential = ${MQTT} AND number = 9`,
    'versions',
    /version 9 is missing/,
  ],
  [
    'older versions gone',
    `DELETE FROM version WHERE credential = ${MQTT} AND number < 10`,
    'versions',
    /version 4, 5, 6, 7, 8, 9 is missing/,
  ],
  [
    'the oldest version gone that is kept',
    `DELETE FROM version WHERE credential = ${MQTT} AND number = 4`,
    'versions',
    /version 4 is missing/,
  ],
  [
    'a version put back that was removed as too old',
    `UPDATE version SET number = 3 WHERE credential = ${MQTT} AND number = 4`,
    'versions',
    /mqtt\/password version 3: removed by entry \d+ and put back/,
  ],
  [
    'the current number turned back',
    `UPDATE credential SET current_number = 12 WHERE id = ${MQTT}`,
    'versions',
    /its current version is 12, the ledger bound 13 last/,
  ],
  [
    'a destroyed version brought back',
    `UPDATE version SET destroyed_at = NULL, (envelope, hash) = (SELECT envelope, hash FROM version WHERE credential = ${WIFI} AND number = 2) WHERE credential = ${WIFI} AND number = 3`,
    'versions',
    /wifi version 3: it is not what entry/,
  ],
  [
    'a destroyed credential revived',
    `UPDATE credential SET state = 'active' WHERE name = 'gone-false'`,
    'versions',
    /gone-false: its state is active, the ledger says destroyed/,
  ],
  [
    'a credential deleted',
    `DELETE FROM credential WHERE id = ${MQTT}`,
    'versions',
    /which the ledger binds, is gone without having been destroyed/,
  ],
  [
    'a credential renamed',
    `UPDATE credential SET name = 'mqtt/passwort' WHERE id = ${MQTT}`,
    'versions',
    /does not open/,
    { keyless: false },
  ],
  [
    'a credential moved to another environment',
    `UPDATE credential SET environment = (SELECT id FROM environment WHERE name = 'prod') WHERE id = ${MQTT}`,
    'versions',
    /porch\/prod\/mqtt\/password version \d+: its envelope does not open/,
    { keyless: false },
  ],
  [
    'a pending version promoted by hand',
    `UPDATE version SET number = 1, state = 'live' WHERE credential = ${credentialOf('next')}`,
    'versions',
    /next version 1: the ledger never bound it/,
  ],
  [
    'a pending envelope changed',
    flip('version', 'envelope', `credential = ${credentialOf('next')}`),
    'versions',
    /pending, serial 1\): its envelope was changed/,
  ],
  [
    'a data key changed',
    flip('data_key', 'wrapped', `credential = ${MQTT}`),
    'keys',
    /the key of cred_\w+ does not open/,
    { keyless: false },
  ],
  [
    'a data key gone',
    `DELETE FROM data_key WHERE credential = ${MQTT}`,
    'versions',
    /does not open/,
    { keyless: false },
  ],
  [
    'two data keys exchanged',
    `UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE credential = ${WIFI}) WHERE credential = ${MQTT}`,
    'keys',
    /does not open/,
    { keyless: false },
  ],
  [
    'a key of the keyring gone',
    `DELETE FROM keyring WHERE purpose = 'fingerprint'`,
    'keys',
    /key system\/fingerprint is missing/,
  ],
  ['a project key gone', `DELETE FROM keyring WHERE scope <> 'system'`, 'keys', /wrap is missing/],
  [
    'a key of the keyring under another root',
    `UPDATE keyring SET root_term = 9 WHERE purpose = 'index'`,
    'keys',
    /under root key 9, not 1/,
  ],
  ['the kit’s copy of the root key gone', 'DELETE FROM root_key_copy', 'keys', /not both there/],
  [
    'the kit’s record changed',
    `UPDATE recovery_kit SET backup_recipient = 'age1mine'`,
    'kit',
    /forged or changed/,
    { keyless: false },
  ],
  [
    'an entry’s column changed',
    "UPDATE ledger_entry SET action = 'credential.list' WHERE idx = 20",
    'ledger-entries',
    /entry 20: what it says is not what was committed to/,
  ],
  [
    'half of a removal taken out of its entry',
    `UPDATE ledger_entry SET head_hash = NULL WHERE note = 'removed up to version 3'`,
    'ledger-entries',
    /entry \d+: what it says is not what was committed to/,
  ],
  [
    'who did it changed',
    "UPDATE ledger_entry SET caller = 'idn_somebody_else' WHERE idx = 21",
    'ledger-entries',
    /entry 21: who did it is not/,
  ],
  [
    'who did it half removed',
    'UPDATE ledger_entry SET caller = NULL WHERE idx = 22',
    'ledger-entries',
    /entry 22: its personal part is redacted by half/,
  ],
  [
    'a redaction that is not on record',
    'UPDATE ledger_entry SET caller = NULL, address = NULL, agent = NULL, path = NULL, personal_salt = NULL WHERE idx = 23',
    'redactions',
    /1 entries are redacted, 0 by record/,
  ],
  ['an entry removed', 'DELETE FROM ledger_entry WHERE idx = 30', 'ledger-entries', /entry 30 is missing/],
  [
    'the newest entries removed',
    'DELETE FROM ledger_entry WHERE idx > 300',
    'ledger-tree',
    /the head counts \d+ entries; there are 301/,
  ],
  [
    'the newest entries removed and the head counting fewer',
    'DELETE FROM ledger_entry WHERE idx > 300; UPDATE ledger_head SET size = 301',
    'ledger-tree',
    /checkpoint|covers|right edge/,
  ],
  [
    'an entry added',
    `INSERT INTO ledger_entry SELECT (SELECT max(idx) + 1 FROM ledger_entry), at, action, outcome, rule, resource, note, head_version, head_hash, salt, caller, address, agent, path, personal_salt, personal_hash, commitment FROM ledger_entry WHERE idx = 5`,
    'ledger-tree',
    /the head counts/,
  ],
  [
    'two entries exchanged',
    'UPDATE ledger_entry SET idx = -1 WHERE idx = 40; UPDATE ledger_entry SET idx = 40 WHERE idx = 41; UPDATE ledger_entry SET idx = 41 WHERE idx = -1',
    'ledger-tree',
    /root|entr/,
  ],
  [
    'a tile changed',
    flip('ledger_tile', 'hashes', 'level = 1'),
    'ledger-tree',
    /tile 1\/0 is wrong from its hash 0 on/,
  ],
  ['a tile gone', 'DELETE FROM ledger_tile', 'ledger-tree', /tile 1\/0 is missing/],
  [
    'a tile too many',
    "INSERT INTO ledger_tile VALUES (2, 0, x'00')",
    'ledger-tree',
    /tile 2\/0 has 1 bytes; 0 belong there/,
  ],
  ['the right edge changed', flip('ledger_head', 'edge', 'id = 1'), 'ledger-tree', /right edge/],
  [
    'an older checkpoint put back',
    (db) => {
      const { checkpoint } = db.prepare('SELECT checkpoint FROM ledger_head').get() as { checkpoint: string };
      db.prepare('UPDATE ledger_head SET checkpoint = ?').run(
        checkpoint.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) - 1}\n`),
      );
    },
    'ledger-tree',
    /checkpoint|root/,
  ],
  ['the head gone', 'DELETE FROM ledger_head', 'ledger-tree', /there is no ledger/],
  [
    'an operator made by hand',
    `UPDATE identity SET operator = 0 WHERE id = ${OWNER}`,
    'rights',
    /identity idn_\w+ was forged/,
    { keyless: false },
  ],
  [
    'a token made to live longer',
    'UPDATE token SET expires_at = 9999999999999',
    'rights',
    /token acc_\w+ was forged/,
    { keyless: false },
  ],
  [
    'a grant widened',
    `UPDATE role_grant SET role = 'auditor'`,
    'rights',
    /grant grt_\w+ was forged/,
    { keyless: false },
  ],
  [
    'a policy slipped in',
    `INSERT INTO policy VALUES ('pol_x', NULL, 'permit(principal, action, resource);', 0, 'me', x'00')`,
    'rights',
    /policy pol_x was forged/,
    { keyless: false },
  ],
  [
    'an exception slipped in',
    `INSERT INTO rule_exception VALUES ('exc_x', 'bearer-gold', 'x', '', 0, 'me', 9, x'00')`,
    'rights',
    /exception exc_x was forged/,
    { keyless: false },
  ],
  [
    'a value counted once too often',
    'UPDATE value_home SET uses = uses + 1 WHERE fingerprint = (SELECT min(fingerprint) FROM value_home)',
    'value-homes',
    /counted 2 times and held 1 times/,
  ],
  [
    'a value without a home',
    'DELETE FROM value_home WHERE fingerprint = (SELECT min(fingerprint) FROM value_home)',
    'value-homes',
    /1 values have no home/,
  ],
  [
    'a reference into nothing',
    'PRAGMA foreign_keys = OFF; DELETE FROM environment',
    'references',
    /credential refers to no environment/,
  ],
  [
    'events that waited changed',
    "INSERT INTO pending_event VALUES (1, 5, 'installation.unlock', 'denied', '::1', 1, x'00')",
    'pending',
    /chain is broken/,
  ],
  [
    'a step of the schema taken away',
    'DELETE FROM schema_migration WHERE id = (SELECT max(id) FROM schema_migration)',
    'schema',
    /is at step/,
  ],
];

describe('what somebody did to the database file is found and named', () => {
  let template = '';
  let anchored = '';
  before(async () => {
    template = temporaryFolder();
    anchored = join(temporaryFolder(), 'anchor');
    const engine = openSqlite({ folder: template });
    const house = await openRooms(engine);
    await live(house);
    await fileAnchor(anchored).write(house.deeds.head()!.checkpoint);
    await engine.close();
  });
  after(() => rmSync(template, { recursive: true, force: true }));

  const broken = (sql: Break[1]): string => {
    const folder = temporaryFolder();
    cpSync(template, folder, { recursive: true });
    chmodSync(folder, 0o700);
    const db = new DatabaseSync(join(folder, DATABASE_FILE));
    if (typeof sql === 'string') db.exec(sql);
    else sql(db);
    db.close();
    return folder;
  };
  const examine = (folder: string, keys: boolean) =>
    doctorOffline({
      folder,
      clock: systemClock,
      random: systemRandom,
      anchor: fileAnchor(anchored),
      ...(keys ? { provider: knownProvider() } : {}),
    });

  test('nothing is found where nothing was done', async () => {
    const folder = broken('');
    for (const keys of [true, false]) assert.deepEqual(bad(await examine(folder, keys)), []);
  });

  for (const [what, sql, id, says, { keyless } = {}] of BREAKS)
    test(what, async () => {
      const folder = broken(sql);
      for (const keys of keyless === false ? [true] : [true, false]) {
        const checks = await examine(folder, keys);
        assert.ok(
          bad(checks).includes(id),
          `${keys ? 'with' : 'without'} keys: ${JSON.stringify(checks.filter(({ state }) => state !== 'good'))}`,
        );
        assert.match(said(checks, id), says);
        assert.equal(doctorExit(checks), 1);
        assert.ok((checks.find((check) => check.id === id)?.remedy ?? '').length > 10);
      }
      rmSync(folder, { recursive: true });
    });

  test('an older copy of the whole file put back', async () => {
    const folder = broken('');
    const engine = openSqlite({ folder });
    const { reopenRooms } = await import('./rooms.ts');
    const house = await reopenRooms(engine);
    await write(house, 'porch/home/mqtt/password', 'newer than the copy');
    const newer = join(temporaryFolder(), 'anchor');
    await fileAnchor(newer).write(house.deeds.head()!.checkpoint);
    await engine.close();
    const checks = await doctorOffline({
      folder: template,
      clock: systemClock,
      random: systemRandom,
      anchor: fileAnchor(newer),
      provider: knownProvider(),
    });
    assert.deepEqual(bad(checks), ['anchor']);
    assert.match(said(checks, 'anchor'), /an older copy was put back/);
  });

  test('bytes of the file itself overwritten', async () => {
    const folder = broken('');
    const { openSync, writeSync, closeSync, statSync } = await import('node:fs');
    const file = join(folder, DATABASE_FILE);
    const descriptor = openSync(file, 'r+');
    for (let page = 20; page < statSync(file).size / 4_096; page += 9)
      writeSync(descriptor, new Uint8Array(64).fill(0xa5), 0, 64, page * 4_096);
    closeSync(descriptor);
    const outcome = await examine(folder, false).then(
      (checks) => bad(checks).join(),
      (error: unknown) => String(error),
    );
    assert.match(outcome, /pages|malformed/);
  });

  test('a folder that others may look into, a missing key file, a clock set back', async () => {
    const folder = broken('');
    chmodSync(folder, 0o755);
    const early = { ...systemClock, now: () => Date.parse('1970-01-02T00:00:00Z') };
    const checks = await doctorOffline({
      folder,
      clock: early,
      random: systemRandom,
      keyFile: join(folder, 'root.key'),
    });
    assert.match(said(checks, 'modes'), /others may look into .* key file .* is not there; the key file lies inside/);
    assert.match(said(checks, 'clock'), /the clock says 1970-01-02; the newest entry is \d+ s ahead/);
    writeFileSync(join(folder, 'root.key'), '', { mode: 0o644 });
    const again = await doctorOffline({
      folder,
      clock: systemClock,
      random: systemRandom,
      keyFile: join(folder, 'root.key'),
    });
    assert.match(said(again, 'modes'), /others may read the key file/);
  });

  test('a folder in use or without an installation is refused', async () => {
    const folder = broken('');
    const engine: Engine = openSqlite({ folder });
    await assert.rejects(examine(folder, false), (error) => hasCode(error, 'storage.folder_in_use'));
    await engine.close();
    await assert.rejects(examine(temporaryFolder(), false), (error) => hasCode(error, 'server.no_folder'));
  });

  test('looking changes nothing in the file', async () => {
    const folder = broken('');
    const dump = () => {
      const db = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true });
      const rows = db.prepare('SELECT idx, commitment FROM ledger_entry').all() as {
        idx: number;
        commitment: Uint8Array;
      }[];
      db.close();
      return rows.map(({ idx, commitment }) => `${idx} ${toHex(commitment)}`);
    };
    const seen = dump();
    await examine(folder, true);
    assert.deepEqual(dump(), seen);
  });
});
