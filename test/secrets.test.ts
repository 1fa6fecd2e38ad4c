import assert from 'node:assert/strict';
import { CredentialPath, Secret, hasCode } from '#kernel';
import {
  ENDINGS,
  STATES,
  type State,
  changeState,
  configureCredential,
  describeCredential,
  showCredential,
  standingTag,
} from '#inventory';
import {
  type WriteVersion,
  currentSince,
  deleteVersions,
  destroyCredential,
  destroyVersions,
  scrubOwed,
  isPossible,
  listVersions,
  promoteVersion,
  readVersion,
  transferCredential,
  undeleteVersions,
  writeVersion,
} from '#secrets';
import { type Engine, statement } from '#storage';
import { storageError } from '../src/storage/errors.ts';
import { forEachEngine } from './engines.ts';
import { type Rooms, openRooms } from './rooms.ts';

/** The policy refuses what would reveal; the room refuses what would change. Both are 403 with the way out. */
const REFUSED = ['deeds.denied', 'secrets.not_in_this_state'];

const at = (text: string) => CredentialPath.parse(text);
const PATH = at('porch/home/mqtt/password');

const write = (house: Rooms, text: string, more: Partial<WriteVersion> = {}) =>
  writeVersion(house.secrets, house.owner, {
    path: PATH,
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
    ...more,
  });
const read = (house: Rooms, version = 0, path = PATH) => readVersion(house.secrets, house.owner, { path, version });
const refuses = (promise: Promise<unknown>, code: string) => assert.rejects(promise, (error) => hasCode(error, code));

forEachEngine('check-and-set compares the current number, and numbers count up', async (_t, engine) => {
  const house = await openRooms(engine);
  await refuses(write(house, 'first value', { checkAndSet: 1 }), 'secrets.version_conflict');
  assert.equal((await write(house, 'first value', { checkAndSet: 0 })).metadata.version, 1);
  await refuses(write(house, 'second value', { checkAndSet: 0 }), 'secrets.version_conflict');
  assert.equal((await write(house, 'second value', { checkAndSet: 1 })).metadata.version, 2);
  assert.deepEqual((await read(house, 1)).value, { password: 'first value' });
});

forEachEngine('of many writers with one check-and-set exactly one wins', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value');
  const tries = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) => write(house, `value number ${i}`, { checkAndSet: 1 })),
  );
  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await read(house)).metadata.version, 2);
});

forEachEngine('a version deleted comes back, a version destroyed does not', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value');
  await write(house, 'second value');
  await house.deeds.perform(deleteVersions, house.owner, { path: PATH, versions: [] });
  assert.equal((await read(house)).value, null);
  await house.deeds.perform(undeleteVersions, house.owner, { path: PATH, versions: [2] });
  assert.deepEqual((await read(house)).value, { password: 'second value' });
  await destroyVersions(house.secrets, house.owner, { path: PATH, versions: [1] });
  const gone = await read(house, 1);
  assert.ok(gone.value === null && gone.metadata.destroyed);
  assert.deepEqual((await read(house)).value, { password: 'second value' }, 'the others stay');
});

forEachEngine(
  'the age of a value is that of the current version, whether others come before or wait',
  async (_t, engine) => {
    let now = 1_900_000_000_000;
    const house = await openRooms(engine, { clock: { now: () => now, monotonic: () => performance.now() } });
    const since = async () => {
      const { credential } = (await house.deeds.perform(showCredential, house.owner, { path: PATH })).output;
      return (await engine.read((tx) => currentSince(tx, [credential, { id: 'crd_nothing' }]))).get(credential.id);
    };
    await write(house, 'first value');
    assert.equal(await since(), now);
    await write(house, 'second value');
    const second = (now += 1_000);
    await write(house, 'third value');
    const { metadata, credential } = await write(house, 'fourth value', { pending: true });
    now += 1_000;
    await house.deeds.perform(describeCredential, house.owner, { path: PATH, description: { owner: 'ada' } });
    assert.equal(await since(), second, 'neither what waits nor what is written about it counts');
    await house.deeds.perform(promoteVersion, house.owner, { path: PATH, credential, serial: metadata.serial });
    assert.equal(await since(), metadata.createdAt);
    assert.equal((await engine.read((tx) => currentSince(tx, []))).size, 0);
  },
);

forEachEngine('a pending version has no number and is not read until it is promoted', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value');
  const { metadata, credential } = await write(house, 'next value', { pending: true });
  assert.equal(metadata.version, null);
  assert.deepEqual((await read(house)).value, { password: 'first value' });
  await write(house, 'written meanwhile');
  await house.deeds.perform(promoteVersion, house.owner, { path: PATH, credential, serial: metadata.serial });
  const promoted = await read(house);
  assert.deepEqual([promoted.metadata.version, promoted.value], [3, { password: 'next value' }]);
  await refuses(
    house.deeds.perform(promoteVersion, house.owner, { path: PATH, credential, serial: metadata.serial }),
    'secrets.no_version',
  );
});

forEachEngine('a second name that differs only by case is refused', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value', { path: at('porch/home/MQTT') });
  await refuses(write(house, 'other value', { path: at('porch/home/mqtt') }), 'inventory.name_differs_by_case');
  await refuses(read(house, 0, at('porch/home/Mqtt')), 'inventory.name_differs_by_case');
});

forEachEngine('projects and environments are not made by accident', async (_t, engine) => {
  const house = await openRooms(engine);
  await refuses(write(house, 'some value', { path: at('nowhere/home/x') }), 'inventory.no_project');
  await refuses(write(house, 'some value', { path: at('porch/nowhere/x') }), 'inventory.no_environment');
});

forEachEngine('no secret value of eight characters is ever in two environments by a new write', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'shared value');
  const there = { path: at('porch/prod/mqtt/password') };
  await refuses(write(house, 'shared value', there), 'secrets.shared_across_environments');
  await refuses(read(house, 0, there.path), 'inventory.no_credential');
  await write(house, '1234567', { path: at('porch/home/pin') });
  await write(house, '1234567', { path: at('porch/prod/pin') });
  await write(house, 'shared value', { path: at('porch/home/again') });
  const found = await write(house, 'shared value', { ...there, asFound: true });
  assert.deepEqual(found.shared, [{ leaf: 'password', project: 'porch', environment: 'home' }]);
});

forEachEngine('a value that no version holds any more may be used elsewhere', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'shared value');
  await write(house, 'shared value', { path: at('porch/home/again') });
  await destroyCredential(house.secrets, house.owner, { path: PATH, reason: 'test', forget: true });
  const there = { path: at('porch/prod/mqtt/password') };
  await refuses(write(house, 'shared value', there), 'secrets.shared_across_environments');
  await destroyCredential(house.secrets, house.owner, { path: at('porch/home/again'), reason: 'test', forget: false });
  await write(house, 'shared value', there);
});

forEachEngine('every state allows the verbs of its row and no other', async (_t, engine) => {
  const house = await openRooms(engine);
  for (const state of STATES) {
    if (state === 'pre-active') continue;
    const path = at(`porch/home/state/${state}`);
    await write(house, `value of ${state}`, { path });
    await bring(house, path, state);
    for (const verb of ['read', 'write', 'delete', 'undelete'] as const) {
      const refused = await attempt(house, path, verb);
      assert.equal(
        refused !== null && REFUSED.includes(refused),
        !isPossible(state, verb),
        `${verb} when ${state}: ${refused}`,
      );
    }
  }
});

forEachEngine('only legal transitions happen, and each is kept with its reason', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'some value');
  await house.deeds.perform(changeState('suspend'), house.owner, { path: PATH, reason: 'looks odd' });
  await refuses(read(house), 'deeds.denied');
  await house.deeds.perform(changeState('resume'), house.owner, { path: PATH, reason: 'was me' });
  assert.deepEqual((await read(house)).value, { password: 'some value' });
  await house.deeds.perform(changeState('retire'), house.owner, { path: PATH, reason: 'replaced' });
  await refuses(
    house.deeds.perform(changeState('resume'), house.owner, { path: PATH, reason: 'no' }),
    'inventory.illegal_transition',
  );
  const { output } = await house.deeds.perform(showCredential, house.owner, { path: PATH });
  assert.deepEqual(
    output.states.map(({ is_now, reason }) => [is_now, reason]),
    [
      ['active', null],
      ['suspended', 'looks odd'],
      ['active', 'was me'],
      ['deactivated', 'replaced'],
    ],
  );
});

forEachEngine('a description changes what it names, against the revision its author saw', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'some value');
  const describe = (owner: string, ifStanding?: string) =>
    house.deeds.perform(describeCredential, house.owner, {
      path: PATH,
      description: { owner, tier: 'gold' },
      ifStanding,
    });
  const { output } = await describe('ada');
  assert.deepEqual([output.owner, output.tier_declared], ['ada', 'gold']);
  await describe('grace', standingTag(output));
  await refuses(describe('ada', standingTag(output)), 'inventory.changed_meanwhile');
});

forEachEngine('a transfer keeps every version readable under the new name only', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value');
  await write(house, 'second value');
  const to = at('porch/home/broker/password');
  await transferCredential(house.secrets, house.owner, { from: PATH, to });
  assert.deepEqual((await read(house, 1, to)).value, { password: 'first value' });
  assert.deepEqual((await read(house, 0, to)).value, { password: 'second value' });
  await refuses(read(house), 'inventory.no_credential');
  await refuses(
    transferCredential(house.secrets, house.owner, { from: to, to: at('porch/prod/x') }),
    'secrets.shared_across_environments',
  );
});

/** A house in which something happens just before a deed of this name, and once. */
const interrupted = (house: Rooms, name: string, meanwhile: () => Promise<unknown>): Rooms['secrets'] => {
  let pending: (() => Promise<unknown>) | undefined = meanwhile;
  const deeds: Rooms['deeds'] = {
    ...house.deeds,
    perform: async (deed, caller, input) => {
      const now = deed.name === name ? pending : undefined;
      if (now !== undefined) {
        pending = undefined;
        await now();
      }
      return house.deeds.perform(deed, caller, input);
    },
  };
  return { ...house.secrets, deeds };
};

for (const moment of ['read-version', 'transfer-credential'])
  forEachEngine(
    `a transfer never puts values of a credential into another made under its name, before ${moment}`,
    async (_t, engine) => {
      const house = await openRooms(engine);
      await write(house, 'of the first');
      const another = async () => {
        await destroyCredential(house.secrets, house.owner, { path: PATH, reason: 'test', forget: true });
        await write(house, 'of the second');
      };
      const to = at('porch/home/broker/password');
      await refuses(
        transferCredential(interrupted(house, moment, another), house.owner, { from: PATH, to }),
        'inventory.changed_meanwhile',
      );
      assert.deepEqual((await read(house)).value, { password: 'of the second' });
    },
  );

forEachEngine('a transfer does not bring back a version that was destroyed while it read', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value');
  await write(house, 'second value');
  const to = at('porch/home/broker/password');
  const meanwhile = () => destroyVersions(house.secrets, house.owner, { path: PATH, versions: [1] });
  const ports = interrupted(house, 'transfer-credential', meanwhile);
  await transferCredential(ports, house.owner, { from: PATH, to });
  assert.deepEqual((await read(house, 1, to)).value, null);
  assert.deepEqual((await read(house, 0, to)).value, { password: 'second value' });
});

forEachEngine('only the newest ten versions are kept', async (_t, engine) => {
  const house = await openRooms(engine);
  for (let i = 1; i <= 12; i++) await write(house, `value number ${i}`);
  const { output } = await house.deeds.perform(listVersions, house.owner, { path: PATH });
  assert.deepEqual(
    output.versions.map(({ version }) => version),
    [3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  );
});

forEachEngine('a version promoted late is among the newest, however early it was written', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'value number 1');
  const { metadata, credential } = await write(house, 'written early', { pending: true });
  for (let i = 2; i <= 10; i++) await write(house, `value number ${i}`);
  await house.deeds.perform(promoteVersion, house.owner, { path: PATH, credential, serial: metadata.serial });
  for (let i = 12; i <= 13; i++) await write(house, `value number ${i}`);
  assert.deepEqual((await read(house, 11)).value, { password: 'written early' });
});

type Rows = {
  version: {
    credential: string;
    serial: number;
    number: number | null;
    envelope: Uint8Array | null;
    hash: Uint8Array;
    destroyed_at: number | null;
  };
  credential: { id: string; current_number: number };
};
const rowsOf = (engine: Engine) =>
  engine.read((tx) => tx.query<Rows, Rows['version']>((db) => db.selectFrom('version').selectAll().orderBy('serial')));

/** What someone who can write the database, but holds no key, may try. */
const tamper = (house: Rooms, set: Partial<Rows['version']>, serial: number) =>
  house.deeds.housekeep((tx) =>
    tx.run(
      statement<Rows>((db) => db.updateTable('version').set(set).where('serial', '=', serial)),
      {},
    ),
  );

forEachEngine('an old row put back in place of the current one is refused', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value');
  const [old] = await rowsOf(engine);
  await write(house, 'second value');
  await house.deeds.housekeep((tx) =>
    tx.run(
      statement<Rows>((db) => db.updateTable('credential').set({ current_number: 1 })),
      {},
    ),
  );
  await refuses(read(house), 'secrets.rolled_back');
  await house.deeds.housekeep((tx) =>
    tx.run(
      statement<Rows>((db) => db.updateTable('credential').set({ current_number: 2 })),
      {},
    ),
  );
  await tamper(house, { envelope: old!.envelope, hash: old!.hash }, 2);
  await refuses(read(house), 'secrets.rolled_back');
});

forEachEngine('a destroyed version put back is refused', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value');
  await write(house, 'second value');
  const [old] = await rowsOf(engine);
  await destroyVersions(house.secrets, house.owner, { path: PATH, versions: [1] });
  await tamper(house, { envelope: old!.envelope, hash: old!.hash, destroyed_at: null }, 1);
  await refuses(read(house, 1), 'secrets.rolled_back');
});

const writeMany = async (house: Rooms, count: number, more: Partial<WriteVersion> = {}): Promise<void> => {
  for (let i = 0; i < count; i++) await write(house, `value ${i} of ${Math.random()}`, more);
};

const putBack = (house: Rooms, row: Rows['version']) =>
  house.deeds.housekeep((tx) =>
    tx.run(
      statement<Rows>((db) => db.insertInto('version').values(row)),
      {},
    ),
  );
const takeAway = (house: Rooms, serial: number) =>
  house.deeds.housekeep((tx) =>
    tx.run(
      statement<Rows>((db) => db.deleteFrom('version').where('serial', '=', serial)),
      {},
    ),
  );
const refusesRemoved = (promise: Promise<unknown>, version: number) =>
  assert.rejects(
    promise,
    (error) =>
      hasCode(error, 'secrets.rolled_back') &&
      new RegExp(`version ${version} was removed by entry \\d+, and put back`).test(String(error)),
  );

forEachEngine(
  'a version removed as too old, and put back, is refused by the entry that removed it',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await writeMany(house, 10);
    const [first, second] = await rowsOf(engine);
    await writeMany(house, 2);
    const expected = (await read(house, 3)).value;
    await putBack(house, first!);
    await putBack(house, second!);
    await refusesRemoved(read(house, 1), 1);
    await refusesRemoved(read(house, 2), 2);
    assert.deepEqual((await read(house, 3)).value, expected);

    // To keep more from now on brings nothing back; nor does destroying what was put back.
    await house.deeds.perform(configureCredential, house.owner, { path: PATH, configuration: { maxVersions: 100 } });
    await refusesRemoved(read(house, 2), 2);
    await destroyVersions(house.secrets, house.owner, { path: PATH, versions: [2] });
    await takeAway(house, 2);
    await putBack(house, second!);
    await refusesRemoved(read(house, 2), 2);
    await writeMany(house, 1);
    await refusesRemoved(read(house, 1), 1);
    assert.deepEqual((await read(house, 3)).value, expected);
  },
);

forEachEngine('who takes the oldest version away before it is removed cannot put it back later', async (_t, engine) => {
  const house = await openRooms(engine);
  await writeMany(house, 10);
  const [first] = await rowsOf(engine);
  await takeAway(house, 1);
  await writeMany(house, 1);
  await putBack(house, first!);
  await refusesRemoved(read(house, 1), 1);
});

forEachEngine('what was removed stays removed under another name, and under the first again', async (_t, engine) => {
  const house = await openRooms(engine);
  const other = at('porch/home/mqtt/renamed');
  await writeMany(house, 10);
  const [first] = await rowsOf(engine);
  await writeMany(house, 1);
  await transferCredential(house.secrets, house.owner, { from: PATH, to: other });
  await putBack(house, first!);
  await refusesRemoved(read(house, 1, other), 1);
  await refusesRemoved(transferCredential(house.secrets, house.owner, { from: other, to: PATH }), 1);
  await takeAway(house, 1);
  await transferCredential(house.secrets, house.owner, { from: other, to: PATH });
  await putBack(house, first!);
  await refusesRemoved(read(house, 1), 1);
  assert.notEqual((await read(house, 2)).value, null);
});

forEachEngine('a pending version that makes an older one go binds that in its own entry', async (_t, engine) => {
  const house = await openRooms(engine);
  await writeMany(house, 10);
  const [first] = await rowsOf(engine);
  const { credential, metadata } = await write(house, 'a pending value', { pending: true });
  await house.deeds.perform(promoteVersion, house.owner, { path: PATH, credential, serial: metadata.serial });
  await write(house, 'another pending value', { pending: true });
  await refuses(read(house, 1), 'secrets.no_version');
  await putBack(house, first!);
  await refusesRemoved(read(house, 1), 1);
  assert.deepEqual((await read(house)).value, { password: 'a pending value' });
});

forEachEngine('a row moved to another credential is refused', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'first value');
  await write(house, 'other value', { path: at('porch/home/other') });
  const [mine, other] = await rowsOf(engine);
  await house.deeds.housekeep((tx) =>
    tx.run(
      statement<Rows>((db) =>
        db.updateTable('version').set({ envelope: other!.envelope }).where('credential', '=', mine!.credential),
      ),
      {},
    ),
  );
  await refuses(read(house), 'secrets.rolled_back');
});

const bring = async (house: Rooms, path: CredentialPath, state: State): Promise<void> => {
  if (state === 'destroyed')
    return destroyCredential(house.secrets, house.owner, { path, reason: 'test', forget: false });
  for (const [ending, { to }] of Object.entries(ENDINGS))
    if (to === state && ending !== 'resume' && ending !== 'destroy')
      await house.deeds.perform(changeState(ending as 'suspend'), house.owner, { path, reason: 'test' });
};

const attempt = async (
  house: Rooms,
  path: CredentialPath,
  verb: 'read' | 'write' | 'delete' | 'undelete',
): Promise<string | null> => {
  const tries = {
    read: () => read(house, 0, path),
    write: () => write(house, `new value for ${path}`, { path }),
    delete: () => house.deeds.perform(deleteVersions, house.owner, { path, versions: [] }),
    undelete: () => house.deeds.perform(undeleteVersions, house.owner, { path, versions: [1] }),
  };
  try {
    await tries[verb]();
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};

forEachEngine('what was destroyed on a full disk is gone at once, and the cleaning is owed', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'correct horse');
  await write(house, 'battery staple');
  let tries = 0;
  let isFull = true;
  const full: Engine = {
    ...engine,
    kind: engine.kind,
    async scrub() {
      tries++;
      if (isFull) throw storageError('full', 'There is no room.', { place: 'the disk' });
      await engine.scrub();
    },
  };
  const ports = { ...house.secrets, engine: full };
  const says = (error: unknown): boolean => {
    assert.ok(hasCode(error, 'secrets.not_scrubbed'), String(error));
    assert.match(error.message, /Version 1 of porch.* is destroyed and is given to nobody again; .*the disk is full/);
    assert.match(error.hint ?? '', /Nothing needs repeating: .* free space/);
    return true;
  };
  await assert.rejects(destroyVersions(ports, house.owner, { path: PATH, versions: [1] }), says);
  const gone = await read(house, 1);
  assert.ok(gone.value === null && gone.metadata.destroyed, 'unreadable at once');
  await assert.rejects(destroyCredential(ports, house.owner, { path: PATH, reason: 'test', forget: true }), (error) =>
    hasCode(error, 'secrets.not_scrubbed'),
  );
  await assert.rejects(scrubOwed(full), (error) => hasCode(error, 'storage.full'));
  isFull = false;
  assert.equal(await scrubOwed(full), true);
  assert.equal(await scrubOwed(full), false, 'once is enough');
  assert.equal(tries, 4);
});
