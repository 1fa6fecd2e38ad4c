import assert from 'node:assert/strict';
import { createProject } from '#inventory';
import { CredentialPath, Secret, hasCode } from '#kernel';
import { readVersion, writeVersion } from '#secrets';
import { type Engine, statement } from '#storage';
import { forEachEngine } from './engines.ts';
import { type Rooms, openRooms, reopenRooms } from './rooms.ts';

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
