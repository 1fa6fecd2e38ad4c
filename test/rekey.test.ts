import assert from 'node:assert/strict';
import { systemCaller } from '#identity';
import { createProject } from '#inventory';
import { CredentialPath, Secret, hasCode } from '#kernel';
import { readVersion, writeVersion } from '#secrets';
import { type Engine, statement, storageError } from '#storage';
import { forEachEngine } from './engines.ts';
import { makeKit } from '../src/server/kit.ts';
import { type Rooms, knownProvider, openRooms, reopenRooms } from './rooms.ts';

const write = (house: Rooms, path: string, text: string) =>
  writeVersion(house.secrets, house.owner, {
    path: CredentialPath.parse(path),
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });
const read = async (house: Rooms, path: string) =>
  (await readVersion(house.secrets, house.owner, { path: CredentialPath.parse(path), version: 0 })).value;

type Tables = {
  root_key: { term: number };
  keyring: { root_term: number; wrapped: Uint8Array };
  value_home: { fingerprint: Uint8Array };
};
const terms = statement<Tables, Record<never, never>, { root_term: number }>((db) =>
  db.selectFrom('keyring').select('root_term').distinct(),
);
const termsInForce = async (engine: Engine): Promise<readonly number[]> =>
  (await engine.read((tx) => tx.all(terms, {}))).map(({ root_term }) => root_term);
const fingerprints = statement<Tables, Record<never, never>, { fingerprint: Uint8Array }>((db) =>
  db.selectFrom('value_home').select('fingerprint'),
);

forEachEngine(
  'a rekey wraps every key anew while the house is open, and everything stays readable',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house, 'porch/home/mqtt', 'correct horse');
    const before = await engine.read((tx) => tx.all(fingerprints, {}));
    for (const term of [2, 3]) {
      const wrapped = await house.seal.rekey(house.owner, undefined);
      assert.ok(wrapped >= 7, `${wrapped} keys`);
      assert.deepEqual(await termsInForce(engine), [term]);
      assert.deepEqual(await read(house, 'porch/home/mqtt'), { password: 'correct horse' });
    }
    const after = await engine.read((tx) => tx.all(fingerprints, {}));
    assert.equal(after.length, before.length);
    assert.notDeepEqual(after, before, 'fingerprints are made anew');
    await assert.rejects(write(house, 'porch/prod/mqtt', 'correct horse'), (error) =>
      hasCode(error, 'secrets.shared_across_environments'),
    );
    const again = await reopenRooms(engine);
    assert.deepEqual(await read(again, 'porch/home/mqtt'), { password: 'correct horse' });
  },
);

const makeProject = (house: Rooms, name: string) =>
  house.deeds.perform(createProject(house.sealing, house.random), house.owner, {
    name,
    posture: 'home',
    environments: [{ name: 'home', production: false }],
  });

forEachEngine('what is made beside a rekey is under the keys that it put in force', async (_t, engine) => {
  const house = await openRooms(engine);
  const names = Array.from({ length: 12 }, (_, i) => `beside-${i}`);
  const make = async (name: string, i: number): Promise<void> => {
    await makeProject(house, name);
    await write(house, `${name}/home/mqtt`, `a value of its own ${i}`);
  };
  await Promise.all([house.seal.rekey(house.owner, undefined), ...names.map(make)]);
  assert.deepEqual(await termsInForce(engine), [2]);
  const again = await reopenRooms(engine);
  for (const [i, name] of names.entries())
    assert.deepEqual(await read(again, `${name}/home/mqtt`), { password: `a value of its own ${i}` });
});

forEachEngine('another process goes on with the keys of a rekey it did not make', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'porch/home/mqtt', 'correct horse');
  const other = await reopenRooms(engine);
  await house.seal.rekey(house.owner, undefined);
  await assert.rejects(write(other, 'porch/prod/mqtt', 'correct horse'), (error) =>
    hasCode(error, 'secrets.shared_across_environments'),
  );
  await house.seal.rekey(house.owner, undefined);
  await makeProject(other, 'cabin');
  await write(other, 'cabin/home/mqtt', 'battery staple');
  assert.deepEqual(await termsInForce(engine), [3]);
  assert.deepEqual(await read(house, 'cabin/home/mqtt'), { password: 'battery staple' });
});

forEachEngine(
  'a database that does not answer while the keys of a rekey are taken up is asked again',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house, 'porch/home/mqtt', 'correct horse');
    let fails = false;
    let failed = 0;
    const known = knownProvider();
    const unsteady: Engine = {
      ...engine,
      read: (work) => {
        if (!fails) return engine.read(work);
        fails = false;
        failed++;
        return Promise.reject(storageError('connection_lost', 'The connection was cut.'));
      },
    };
    let opened = 0;
    const other = await reopenRooms(unsteady, {
      provider: {
        ...known,
        obtain: async (...asked) => {
          // What is read next are the keys that this one opens; the first time is the start.
          fails = opened++ === 1;
          return known.obtain(...asked);
        },
      },
    });
    await house.seal.rekey(house.owner, undefined);
    assert.deepEqual(await read(other, 'porch/home/mqtt'), { password: 'correct horse' });
    assert.equal(failed, 1);
  },
);

forEachEngine('reads and writes while the keys are changed again and again are all answered', async (_t, engine) => {
  const house = await openRooms(engine);
  const paths = Array.from({ length: 8 }, (_, i) => `porch/home/at-${i}`);
  for (const path of paths) await write(house, path, `a value of ${path}`);
  let isDone = false;
  const rekeying = (async () => {
    for (let i = 0; i < 6; i++) await house.seal.rekey(house.owner, undefined);
    isDone = true;
  })();
  let reads = 0;
  const readers = paths.map(async (path) => {
    while (!isDone) {
      assert.deepEqual(await read(house, path), { password: `a value of ${path}` });
      reads++;
    }
  });
  const writer = (async () => {
    for (let i = 0; !isDone; i++) await write(house, 'porch/home/written', `a value of its own ${i}`);
  })();
  await Promise.all([rekeying, ...readers, writer]);
  assert.ok(reads > paths.length, `${reads} reads`);
  assert.deepEqual(await termsInForce(engine), [7]);
});

forEachEngine('what was found before a rekey is opened after it', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'porch/home/mqtt', 'correct horse');
  // The rekey comes between the commit that records the read and the opening of what it found.
  const ports = {
    ...house.secrets,
    deeds: {
      ...house.deeds,
      async perform(...args: Parameters<typeof house.deeds.perform>) {
        const done = await house.deeds.perform(...args);
        await house.seal.rekey(house.owner, undefined);
        return done;
      },
    } as typeof house.deeds,
  };
  const { value } = await readVersion(ports, house.owner, {
    path: CredentialPath.parse('porch/home/mqtt'),
    version: 0,
  });
  assert.deepEqual(value, { password: 'correct horse' });
});

forEachEngine('a kit that is made beside a rekey opens what the rekey put in force', async (_t, engine) => {
  const house = await openRooms(engine);
  const system = systemCaller({ address: 'local', agent: 'test' });
  const [kit] = await Promise.all([
    makeKit(house, system, house.owner.identity),
    house.seal.rekey(house.owner, undefined),
    house.seal.rekey(house.owner, undefined).catch(() => 0),
  ]);
  house.sealing.lock();
  await house.seal.recover(kit.recoveryKey, 'local');
  assert.equal(house.seal.state(), 'unlocked');
});

forEachEngine(
  'what was sealed under an older key of a project still opens, as long as that key is kept',
  async (_t, engine) => {
    const house = await openRooms(engine);
    const { sealing, deeds } = house;
    const { output: project } = await makeProject(house, 'cabin');
    const scope = project.id;
    const binding = ['a plan'];
    const older = await engine.read((tx) => sealing.sealBlob(tx, scope, Secret.fromText('older'), binding));
    await deeds.housekeep((tx) => sealing.addScope(tx, scope, 1));
    const newer = await engine.read((tx) => sealing.sealBlob(tx, scope, Secret.fromText('newer'), binding));
    await house.seal.rekey(house.owner, undefined);
    const { receipt } = await makeProject(house, 'shed');
    const open = async (bytes: Uint8Array, bound = binding) =>
      (
        await engine.read((tx) =>
          sealing.openBlob(tx, receipt, { resource: receipt.resource, scope, bytes, binding: bound, what: 'the plan' }),
        )
      ).revealText();
    assert.deepEqual([await open(older), await open(newer)], ['older', 'newer']);
    await assert.rejects(open(older, ['another plan']), (error) => hasCode(error, 'sealing.damaged'));
    const flipped = Uint8Array.from(older);
    flipped[flipped.length - 1]! ^= 1;
    await assert.rejects(open(flipped), (error) => hasCode(error, 'sealing.damaged'));
  },
);
