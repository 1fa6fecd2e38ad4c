import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createProject } from '#inventory';
import { CredentialPath, Secret, hasCode } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { readVersion, writeVersion } from '#secrets';
import { type Engine, openPostgres, openSqlite, openWriter, statement } from '#storage';
import { freshSchema, postgresServer, temporaryFolder } from './engines.ts';
import { whyNoPostgres } from './postgres-server.ts';
import { type Rooms, knownProvider, openRooms, reopenRooms } from './rooms.ts';
import { doctor } from '../src/server/doctor/doctor.ts';
import { compose } from '../src/server/compose.ts';

const PATH = CredentialPath.parse('porch/home/mqtt');
const isLocked = (error: unknown): boolean => hasCode(error, 'sealing.locked');

const write = (house: Rooms, text: string) =>
  writeVersion(house.secrets, house.owner, {
    path: PATH,
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });
const read = async (house: Rooms) =>
  (await readVersion(house.secrets, house.owner, { path: PATH, version: 0 })).value?.['password'];
const make = (house: Rooms, name: string) =>
  house.deeds.perform(createProject(house.sealing, house.random), house.owner, {
    name,
    posture: 'home',
    environments: [],
  });

type LockTable = { shared_lock: { serial: number; locked: number; changed_at: number; mac: Uint8Array } };
const lockRow = statement<LockTable, Record<never, never>, LockTable['shared_lock']>((db) =>
  db.selectFrom('shared_lock').select(['serial', 'locked', 'changed_at', 'mac']),
);
const removeLock = statement<LockTable>((db) => db.deleteFrom('shared_lock'));
const setLock = statement<LockTable, LockTable['shared_lock']>((db, { serial, locked, changed_at, mac }) =>
  db.updateTable('shared_lock').set({ serial, locked, changed_at, mac }),
);

type Open = () => Promise<Engine>;

/** Two processes on one PostgreSQL database, as far as the database can tell. */
const inTwoProcesses = (title: string, run: (one: Rooms, two: Rooms, open: Open) => Promise<void>): void => {
  test(title, { skip: whyNoPostgres() ?? false }, async (t) => {
    const open = await postgres(t);
    const one = await openRooms(await open());
    await write(one, 'correct horse');
    await run(one, await reopenRooms(await open()), open);
  });
};

const postgres = async (t: TestContext): Promise<Open> => {
  const url = Secret.fromText((await postgresServer()).url);
  const schema = freshSchema();
  return async () => {
    const engine = await openPostgres({ url, schema });
    t.after(() => engine.close());
    return engine;
  };
};

/** A process that starts with nobody there. */
const startUnattended = async (engine: Engine) => {
  const house = compose({
    engine,
    clock: systemClock,
    random: systemRandom,
    provider: knownProvider(),
    version: '0.0.0-test',
    onCommit: () => {},
    health: async () => ({}),
  });
  await house.look();
  return house;
};

inTwoProcesses('after a lock is acknowledged no other process reveals or changes anything', async (one, two) => {
  assert.equal(await read(two), 'correct horse');
  await one.seal.lock(one.owner);
  assert.equal(two.seal.state(), 'unlocked', 'it has not looked yet');
  const tries = await Promise.allSettled([read(two), write(two, 'battery staple'), make(two, 'cabin'), read(two)]);
  for (const each of tries) assert.ok(each.status === 'rejected' && isLocked(each.reason), JSON.stringify(each));
  assert.equal(two.seal.state(), 'locked');
  assert.throws(() => two.sealing.mac('token'), isLocked, 'its keys are gone');
});

inTwoProcesses('a lock among many deeds of another process is the last of them all', async (one, two) => {
  const reads = Array.from({ length: 40 }, () => read(two).then(() => two.deeds.head()!.size));
  const lock = one.seal.lock(one.owner);
  const settled = await Promise.allSettled(reads);
  await lock;
  for (const each of settled) assert.ok(each.status === 'fulfilled' || isLocked(each.reason), String(each));
  await assert.rejects(read(two), isLocked);
  const size = one.deeds.head()!.size;
  await assert.rejects(write(two, 'battery staple'), isLocked);
  await one.deeds.refresh();
  assert.equal(one.deeds.head()!.size, size, 'nothing came after it');
});

inTwoProcesses(
  'an idle process drops its keys when it looks, and comes back once a person unlocked',
  async (one, two) => {
    await one.seal.lock(one.owner);
    await two.deeds.catchUp();
    assert.equal(two.seal.state(), 'locked');
    await two.seal.rejoin();
    assert.equal(two.seal.state(), 'locked', 'nobody ended the lock');
    await one.seal.unlock(undefined, 'local');
    assert.equal(await read(one), 'correct horse');
    assert.equal(two.seal.state(), 'locked', 'each takes up its own keys');
    await two.seal.rejoin();
    assert.equal(await read(two), 'correct horse');
    await write(two, 'battery staple');
    assert.equal(await read(one), 'battery staple');
  },
);

inTwoProcesses('a lock that came and went while a process did not look still drops its keys', async (one, two) => {
  await one.seal.lock(one.owner);
  await one.seal.unlock(undefined, 'local');
  await assert.rejects(read(two), isLocked);
  await two.seal.rejoin();
  assert.equal(await read(two), 'correct horse');
});

inTwoProcesses('either of two processes may lock what the other unlocked', async (one, two) => {
  await one.seal.lock(one.owner);
  await assert.rejects(read(two), isLocked);
  await two.seal.unlock(undefined, 'local');
  await one.seal.rejoin();
  await two.seal.lock(two.owner);
  await assert.rejects(read(one), isLocked);
  await Promise.all([one.seal.unlock(undefined, 'local'), two.seal.unlock(undefined, 'local')]);
  assert.deepEqual([await read(one), await read(two)], ['correct horse', 'correct horse']);
});

inTwoProcesses('whoever can write the database may lock, never unlock', async (one, two, open) => {
  const database = openWriter(await open());
  await one.seal.lock(one.owner);
  await one.seal.unlock(undefined, 'local');
  const opened = (await one.engine.read((tx) => tx.one(lockRow, {})))!;
  await one.seal.lock(one.owner);
  const locked = (await one.engine.read((tx) => tx.one(lockRow, {})))!;
  const forgeries: readonly [string, () => Promise<unknown>][] = [
    ['removed', () => database.commit((tx) => tx.run(removeLock, {}))],
    ['opened without the key', () => database.commit((tx) => tx.run(setLock, { ...locked, locked: 0 }))],
    ['put back as it was before', () => database.commit((tx) => tx.run(setLock, opened))],
    ['ahead', () => database.commit((tx) => tx.run(setLock, { ...opened, serial: locked.serial + 1 }))],
  ];
  for (const [what, forge] of [...forgeries.slice(1), forgeries[0]!]) {
    await forge();
    const started = await startUnattended(await open());
    await assert.rejects(started.seal.unlockUnlessLocked(), isLocked, what);
    await assert.rejects(read(two), isLocked, what);
    await two.seal.rejoin().catch(() => undefined);
    assert.equal(two.seal.state(), 'locked', what);
  }
  await two.seal.unlock(undefined, 'local');
  assert.equal(await read(two), 'correct horse', 'a person can');
  const third = await reopenRooms(await open());
  assert.equal(await read(third), 'correct horse');
  const keys = async () =>
    (await doctor({ engine: third.engine, clock: systemClock, sealing: third.sealing })).find(
      ({ id }) => id === 'keys',
    );
  assert.equal((await keys())?.state, 'good');
  await database.commit((tx) => tx.run(removeLock, {}));
  assert.match((await keys())?.detail ?? '', /the lock of all processes is not as it was written last/);
});

test('a start with nobody there leaves locked what somebody locked', async () => {
  const folder = temporaryFolder();
  const engine = openSqlite({ folder });
  const house = await openRooms(engine);
  await house.seal.lock(house.owner);
  await engine.close();
  const next = openSqlite({ folder });
  try {
    const started = await startUnattended(next);
    await assert.rejects(started.seal.unlockUnlessLocked(), isLocked);
    assert.equal(started.seal.state(), 'locked');
    await started.seal.unlock(undefined, 'local');
    assert.equal(started.seal.state(), 'unlocked');
    started.sealing.lock();
    const third = await startUnattended(next);
    await third.seal.unlockUnlessLocked();
    assert.equal(third.seal.state(), 'unlocked', 'the lock was ended');
  } finally {
    await next.close();
  }
});
