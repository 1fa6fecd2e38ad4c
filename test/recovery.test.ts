import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CredentialPath, Secret, hasCode } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { breakGlass, createIdentity, linkOsUser, systemCaller } from '#identity';
import { confirmKit } from '#inventory';
import { type AnchorPlace, listEntries, parseVerifierKey } from '#ledger';
import { type SealProvider, keyFileProvider, openSealing, recoveryKeyProvider, parseRecoveryKey } from '#sealing';
import { readVersion, writeVersion } from '#secrets';
import { type Engine, openSqlite } from '#storage';
import { makeBackup } from '../src/server/backup/make-backup.ts';
import { checkBackup, restoreFolder, restoreInto } from '../src/server/backup/restore.ts';
import { checkStart, acceptRolledBack, ownKey } from '../src/server/check-start.ts';
import { type Composed, compose } from '../src/server/compose.ts';
import { doctorOffline } from '../src/server/doctor/offline.ts';
import { fileAnchor } from '../src/server/file-anchor.ts';
import { kitText, readKitText } from '../src/server/kit-page.ts';
import { kitState, makeKit } from '../src/server/kit.ts';
import { ensureOwner } from '../src/server/owner.ts';
import { engines, forEachEngine, temporaryFolder } from './engines.ts';
import { type Rooms, openRooms } from './rooms.ts';

const HERE = { address: 'local', agent: 'test' };
const at = (text: string) => CredentialPath.parse(text);
const code = (expected: string) => (error: unknown) => hasCode(error, expected);

const write = (house: Rooms, path: string, text: string) =>
  writeVersion(house.secrets, house.owner, {
    path: at(path),
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });

const valueOf = async (house: Composed, caller: Rooms['owner'], path: string) =>
  (await readVersion(house.secrets, caller, { path: at(path), version: 0 })).value;

const kitOf = async (house: Rooms) =>
  readKitText(kitText(await makeKit(house, systemCaller(HERE), house.owner.identity)));

const restoring = (file: string, kit: Awaited<ReturnType<typeof kitOf>>) => ({
  file,
  identity: kit.backupIdentity!,
  key: parseVerifierKey(kit.verifierKey!),
  clock: systemClock,
});

const composed = async (engine: Engine, provider: SealProvider | undefined, anchor?: AnchorPlace) => {
  const house = compose({
    engine,
    clock: systemClock,
    random: systemRandom,
    provider,
    anchor,
    version: '0.0.0-test',
    onCommit: () => {},
    health: async () => ({}),
  });
  await house.look();
  return house;
};

test('a machine lost with its data, its key file and its anchor comes back from kit and backup alone', async () => {
  const home = temporaryFolder();
  const elsewhere = temporaryFolder();
  const lost = { data: join(home, 'data'), keyFile: join(home, 'keys', 'root.key') };
  const engine = openSqlite({ folder: lost.data });
  const guard = keyFileProvider({ file: lost.keyFile, dataFolder: lost.data });
  const first = await openRooms(engine, { provider: guard });
  const acknowledged = new Map<string, string>();
  for (let i = 0; i < 40; i++) {
    const path = `porch/${i % 2 === 0 ? 'home' : 'prod'}/room-${i}/password`;
    await write(first, path, `a value worth keeping ${i}`);
    acknowledged.set(path, `a value worth keeping ${i}`);
  }
  const kit = await kitOf(first);
  const { file } = await makeBackup(first, first.owner, { folder: elsewhere });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await engine.close();
  rmSync(home, { recursive: true });

  const fresh = temporaryFolder();
  const data = join(fresh, 'data');
  const restored = await restoreFolder(data, restoring(file, kit));
  assert.equal(restored.proven, true);
  const again = openSqlite({ folder: data });
  const keyFile = join(fresh, 'keys', 'root.key');
  const house = await composed(again, keyFileProvider({ file: keyFile, dataFolder: data }));
  assert.equal(house.sealing.state(), 'locked');
  await assert.rejects(house.seal.unlock(undefined, 'local'), code('sealing.key_missing'));
  await assert.rejects(
    house.seal.recover(Secret.fromText('0000-'.repeat(13) + '0000'), 'local'),
    code('sealing.malformed_key'),
  );
  await house.seal.recover(kit.recoveryKey!, 'local');

  const proven = await again.read((tx) =>
    house.identity.proveRecoveryKit(tx, kit.recoveryToken!, HERE, systemClock.now()),
  );
  const { output: session } = await house.deeds.perform(breakGlass(house.identityPorts), proven, { caller: proven });
  const owner = await again.read((tx) => house.identity.authenticate(tx, session.token, HERE, systemClock.now()));
  await house.seal.rekey(owner, undefined);
  assert.ok(statSync(keyFile).isFile(), 'the new guard has its key');
  for (const [path, text] of acknowledged)
    assert.deepEqual(await valueOf(house, owner, path), { password: text }, path);

  const { output: entries } = await house.deeds.perform(listEntries(null), owner, { before: null, limit: 500 });
  const actions = new Set(entries.map((entry) => entry.public.action));
  for (const action of ['installation.backup', 'installation.restore', 'installation.recover', 'session.break-glass'])
    assert.ok(actions.has(action), `${action} is on record`);
  await again.close();

  const keys = keyFileProvider({ file: keyFile, dataFolder: data });
  const checks = await doctorOffline({ folder: data, clock: systemClock, random: systemRandom, provider: keys });
  assert.deepEqual(
    checks.filter(({ state }) => state === 'bad'),
    [],
  );
});

test('the kit in the drawer opens the root key after a rekey too, and a new kit ends the old one', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine);
  const old = await kitOf(house);
  await house.seal.rekey(house.owner, undefined);
  const unlocks = async (key: Secret) => {
    const sealing = openSealing(systemRandom);
    await engine.read((tx) => sealing.look(tx));
    await sealing.unlock(engine, recoveryKeyProvider(parseRecoveryKey(key)));
    return sealing.state();
  };
  assert.equal(await unlocks(old.recoveryKey!), 'unlocked');
  const next = await kitOf(house);
  await assert.rejects(unlocks(old.recoveryKey!), code('sealing.wrong_key'));
  assert.equal(await unlocks(next.recoveryKey!), 'unlocked');
  const prove = (token: Secret) =>
    engine.read((tx) => house.identity.proveRecoveryKit(tx, token, HERE, systemClock.now()));
  await assert.rejects(prove(old.recoveryToken!), code('identity.unauthenticated'));
  await prove(next.recoveryToken!);
  await engine.close();
});

forEachEngine(
  'reminders go on until somebody confirms the kit, and begin again with the next one',
  async (_t, engine) => {
    const house = await openRooms(engine);
    assert.deepEqual(await kitState(house), { madeAt: null, confirmedAt: null });
    await kitOf(house);
    assert.equal((await kitState(house)).confirmedAt, null);
    await house.deeds.perform(confirmKit, house.owner, {});
    assert.notEqual((await kitState(house)).confirmedAt, null);
    await kitOf(house);
    assert.equal((await kitState(house)).confirmedAt, null);
  },
);

test('a kit whose public half somebody exchanged in the database is refused before it gets a key', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine);
  await kitOf(house);
  const { statement, openWriter } = await import('#storage');
  const exchange = statement<{ recovery_kit: { id: number; recovery_key: Uint8Array } }, { key: Uint8Array }>(
    (db, { key }) => db.updateTable('recovery_kit').set({ recovery_key: key }).where('id', '=', 1),
  );
  await openWriter(engine).commit((tx) => tx.run(exchange, { key: new Uint8Array(1_216).fill(9) }));
  await assert.rejects(house.seal.rekey(house.owner, undefined), code('sealing.damaged'));
  await assert.rejects(makeBackup(house, house.owner, { folder: temporaryFolder() }), code('sealing.damaged'));
  await engine.close();
});

for (const from of engines())
  for (const to of engines())
    test(
      `a backup restores from ${from.name} into ${to.name}`,
      { skip: from.missing ?? to.missing ?? false },
      async () => {
        const [source, target] = [await from.open(), await to.open()];
        const house = await openRooms(source.engine);
        for (let i = 0; i < 5; i++) await write(house, 'porch/home/mqtt/password', `value ${i} of several`);
        const kit = await kitOf(house);
        const { file, tables } = await makeBackup(house, house.owner, { folder: temporaryFolder() });
        const { rows } = await restoreInto(target.engine, restoring(file, kit));
        assert.equal(
          rows,
          tables.reduce((sum, table) => sum + table.rows, 0),
        );
        const other = await composed(target.engine, undefined);
        await other.seal.recover(kit.recoveryKey!, 'local');
        const caller = await target.engine.read((tx) => other.identity.proveOsUser(tx, 4_242, HERE));
        assert.deepEqual(await valueOf(other, caller, 'porch/home/mqtt/password'), { password: 'value 4 of several' });
        await assert.rejects(restoreInto(target.engine, restoring(file, kit)), code('storage.not_empty'));
        await source.dispose();
        await target.dispose();
      },
    );

test('a backup is one commit’s state while others write, and the server cannot read it again', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine);
  const kit = await kitOf(house);
  const state = { writing: true };
  const busy = (async () => {
    for (let i = 0; state.writing; i++) await write(house, `porch/home/busy-${i}/password`, `a busy value ${i}`);
  })();
  const { file } = await makeBackup(house, house.owner, { folder: temporaryFolder() });
  state.writing = false;
  await busy;
  const { checks, bad, manifest } = await checkBackup(restoring(file, kit), async (restored) => {
    const sealing = openSealing(systemRandom);
    await restored.read((tx) => sealing.look(tx));
    await sealing.unlock(restored, recoveryKeyProvider(parseRecoveryKey(kit.recoveryKey!)));
    return sealing;
  });
  assert.deepEqual(
    checks.filter(({ state }) => state === 'bad'),
    [],
  );
  assert.equal(bad, false);
  assert.ok(Number(manifest.checkpoint.split('\n')[1]) < house.deeds.head()!.size, 'the house went on meanwhile');
  const bytes = readFileSync(file);
  assert.ok(bytes.subarray(0, 24).toString().startsWith('age-encryption.org/v1'));
  assert.equal(bytes.includes('busy-'), false, 'not even names are in clear');
  await engine.close();
});

test('no backup without a kit, none over another file, and nothing half done is left', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine, { clock: { ...systemClock, now: () => 1_900_000_000_000 } });
  const folder = join(temporaryFolder(), 'backups');
  await assert.rejects(makeBackup(house, house.owner, { folder: folder }), code('sealing.no_kit'));
  await kitOf(house);
  await makeBackup(house, house.owner, { folder: folder });
  await assert.rejects(makeBackup(house, house.owner, { folder: folder }), code('server.file_exists'));
  assert.equal(readdirSync(folder).length, 1);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  await engine.close();
});

test('a folder that holds anything is refused, and a damaged, cut or foreign backup leaves the folder empty', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine);
  const kit = await kitOf(house);
  const { file } = await makeBackup(house, house.owner, { folder: temporaryFolder() });
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'letter'), 'mine');
  await assert.rejects(restoreFolder(folder, restoring(file, kit)), code('server.folder_not_empty'));
  assert.deepEqual(readdirSync(folder), ['letter']);

  const copy = join(temporaryFolder(), 'copy.age');
  const empty = temporaryFolder();
  const whole = readFileSync(file);
  const refuses = async (bytes: Uint8Array, what: RegExp) => {
    writeFileSync(copy, bytes);
    await assert.rejects(restoreFolder(empty, restoring(copy, kit)), (error) => {
      assert.match((error as { code?: string }).code ?? String(error), what);
      return true;
    });
    assert.deepEqual(readdirSync(empty), []);
  };
  for (let i = 0; i < 20; i++) {
    const place = Math.floor((whole.length * (i + 0.5)) / 20);
    await refuses(whole.with(place, whole[place]! ^ 1), /^sealing\.(damaged|wrong_key)$/);
    await refuses(whole.subarray(0, place), /^sealing\.(damaged|wrong_key)$|^server\.malformed_backup$/);
  }
  await refuses(new Uint8Array(), /^sealing\.damaged$/);
  rmSync(copy);
  await assert.rejects(restoreFolder(empty, restoring(copy, kit)), code('server.unreadable_file'));

  const stranger = await openRooms(openSqlite({ folder: temporaryFolder() }));
  const foreign = await kitOf(stranger);
  await assert.rejects(
    restoreFolder(empty, { ...restoring(file, kit), identity: foreign.backupIdentity! }),
    code('sealing.wrong_key'),
  );
  await assert.rejects(
    restoreFolder(empty, { ...restoring(file, kit), key: parseVerifierKey(foreign.verifierKey!) }),
    code('server.foreign_backup'),
  );
  assert.deepEqual(readdirSync(empty), []);
  await engine.close();
});

test('an older copy behind its anchor does not start until somebody records why, nor does a fork', async () => {
  const folder = temporaryFolder();
  const engine = openSqlite({ folder });
  const anchor = fileAnchor(join(temporaryFolder(), 'anchor'));
  const house = await openRooms(engine);
  const kit = await kitOf(house);
  await write(house, 'porch/home/mqtt/password', 'before the backup');
  const { file } = await makeBackup(house, house.owner, { folder: temporaryFolder() });
  await checkStart(engine, ownKey(house), anchor);
  await write(house, 'porch/home/mqtt/password', 'after the backup');
  await anchor.write(house.deeds.head()!.checkpoint);
  await checkStart(engine, ownKey(house), anchor);
  await engine.close();

  const older = openSqlite({ folder: join(temporaryFolder(), 'data') });
  await restoreInto(older, restoring(file, kit));
  const refused = await composed(older, undefined, anchor);
  const size = refused.deeds.head()!.size;
  await assert.rejects(refused.seal.recover(kit.recoveryKey!, 'local'), code('ledger.rolled_back'));
  assert.equal(refused.sealing.state(), 'locked');
  await refused.deeds.refresh();
  assert.equal(refused.deeds.head()!.size, size, 'nothing was written on top of the older copy');
  const back = await composed(older, undefined);
  await back.seal.recover(kit.recoveryKey!, 'local');
  await assert.rejects(checkStart(older, ownKey(back), anchor), code('ledger.rolled_back'));
  const caller = await older.read((tx) => back.identity.proveOsUser(tx, 4_242, HERE));
  // Grown past the anchor, the older copy is not behind any more, but tells another story.
  for (let i = 0; i < 6; i++) await back.deeds.perform(confirmKit, caller, {});
  await assert.rejects(
    checkStart(older, ownKey(back), anchor),
    (error) => code('ledger.rolled_back')(error) && /forked/.test(String(error)),
  );

  await assert.rejects(acceptRolledBack(back, caller, ' ', anchor), code('ledger.bad_reason'));
  await acceptRolledBack(back, caller, 'the disk died; this is the newest backup', anchor);
  await checkStart(older, ownKey(back), anchor);
  const [newest] = (await back.deeds.perform(listEntries(null), caller, { before: null, limit: 1 })).output;
  assert.equal(newest?.public.action, 'ledger.accept-rollback');
  assert.match(newest?.public.note ?? '', /remembers \d+ entries; the disk died/);
  await older.close();
});

test('the owner that the first start makes can have a kit', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const { migrate } = await import('#storage');
  await migrate(engine, systemClock.now());
  const keyFolder = temporaryFolder();
  const provider = keyFileProvider({ file: join(keyFolder, 'root.key'), dataFolder: join(keyFolder, 'data') });
  const house = await composed(engine, provider);
  await house.create({ demo: false, posture: 'home', provider });
  const owner = await ensureOwner(house, { name: 'ada', uid: 1_000 });
  assert.ok(owner?.isLinked);
  const kit = await makeKit(house, systemCaller(HERE), owner.id);
  assert.match(kitText(kit).revealText(), /CHATELAINE RECOVERY KIT/);
  const aaron = { name: 'aaron', kind: 'person', operator: true } as const;
  await house.deeds.perform(createIdentity(house.identityPorts), systemCaller(HERE), aaron);
  for (const uid of [1_000, 2_000])
    assert.equal((await ensureOwner(house, { name: 'ada', uid }))?.name, 'ada', 'not the first by name');

  const entries = house.deeds.head()!.size;
  await ensureOwner(house, { name: 'ada', uid: 1_000 });
  assert.equal(house.deeds.head()!.size, entries, 'a later start changes nothing');
  const link = async (uid: number | null) =>
    house.deeds.perform(linkOsUser(house.identityPorts), systemCaller(HERE), { identity: owner.id, uid });
  await link(null);
  assert.deepEqual(await ensureOwner(house, { name: 'ada', uid: 1_000 }), { ...owner, isLinked: false });
  await assert.rejects(
    engine.read((tx) => house.identity.proveOsUser(tx, 1_000, HERE)),
    code('identity.unauthenticated'),
    'what an owner unlinked stays unlinked',
  );
  await engine.close();
});
