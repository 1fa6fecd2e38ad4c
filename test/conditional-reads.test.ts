import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrphanToken } from '#identity';
import { openUseSignals, requireCredential, placeFacts, useSignalsOf } from '#inventory';
import { CredentialPath, Secret, hasCode } from '#kernel';
import { systemClock } from '#kernel/node';
import { listGrants, revokeGrant } from '#policy';
import { type ConditionalRead, destroyCredential, readIfChanged, writeVersion } from '#secrets';
import { openControlHouse, refusal } from './control/control-house.ts';
import { forEachEngine } from './engines.ts';
import { somebody, tokenFor } from './house.ts';
import { type Rooms, openRooms, reopenRooms } from './rooms.ts';

const PATH = CredentialPath.parse('porch/home/mqtt');
const HERE = { address: 'local', agent: 'test' };

const write = (house: Rooms, text: string, path = PATH) =>
  writeVersion(house.secrets, house.owner, {
    path,
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });
const ask = (house: Rooms, known: readonly string[] = [], caller = house.owner): Promise<ConditionalRead> =>
  readIfChanged(house.secrets, caller, { path: PATH, version: 0 }, known);
const size = (house: Rooms): number => house.deeds.head()!.size;
const signals = (house: Rooms) =>
  house.engine.read(async (tx) => {
    const { credential } = await requireCredential(tx, PATH, await placeFacts(tx, PATH));
    return useSignalsOf(tx, credential.id);
  });
const callerWith = (house: Rooms, token: string) =>
  house.engine.read((tx) => house.identity.authenticate(tx, Secret.fromText(token), HERE, systemClock.now()));

forEachEngine('what is unchanged is counted, not entered, and reveals nothing', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'correct horse');
  const { tag } = await ask(house);
  const before = size(house);
  for (let i = 0; i < 5; i++) assert.deepEqual(await ask(house, ['another', tag]), { changed: false, tag });
  assert.equal(size(house), before, 'no entry');
  await house.secrets.uses.flush();
  await ask(house, [tag]);
  await house.secrets.uses.flush();
  const [signal, ...others] = await signals(house);
  assert.deepEqual([signal?.identity, others.length], [house.owner.identity, 0]);
  assert.equal(
    signal?.hours.reduce((sum, { uses }) => sum + uses, 0),
    6,
  );
  assert.ok(Math.abs(signal.lastAt - systemClock.now()) < 60_000);
  assert.equal(size(house), before);
  await write(house, 'battery staple');
  const next = await ask(house, [tag]);
  assert.ok(next.changed && next.tag !== tag);
  assert.deepEqual(next.read.value, { password: 'battery staple' });
});

forEachEngine('a new credential under an old name is not what was known', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'correct horse');
  const { tag } = await ask(house);
  await ask(house, [tag]);
  await destroyCredential(house.secrets, house.owner, { path: PATH, reason: 'test', forget: true });
  await house.secrets.uses.flush();
  await assert.rejects(ask(house, [tag]), (error) => hasCode(error, 'inventory.no_credential'));
  await write(house, 'battery staple');
  assert.equal((await ask(house, [tag])).changed, true);
  assert.deepEqual(await signals(house), [], 'what was counted went with the credential');
});

forEachEngine('who may not read is denied with an entry, whatever he knows', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'correct horse');
  const { tag } = await ask(house);
  const stranger = await callerWith(house, await tokenFor(house, await somebody(house, 'eve', null)));
  const before = size(house);
  await assert.rejects(ask(house, [tag], stranger), (error) => hasCode(error, 'deeds.denied'));
  assert.equal(size(house), before + 1);
});

forEachEngine('a revocation by another process is known at once, and so is a lock', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'correct horse');
  const grace = await somebody(house, 'grace', 'maintainer');
  const caller = await callerWith(house, await tokenFor(house, grace));
  const { tag } = await ask(house, [], caller);
  assert.equal((await ask(house, [tag], caller)).changed, false);
  const other = await reopenRooms(engine);
  const { output } = await other.deeds.perform(listGrants(other.grantPorts), other.owner, {});
  const { id } = output.find(({ identity }) => identity === grace)!;
  await other.deeds.perform(revokeGrant(other.grantPorts), other.owner, { id });
  await assert.rejects(ask(house, [tag], caller), (error) => hasCode(error, 'deeds.denied'));
  const { tag: own } = await ask(house);
  await house.seal.lock(house.owner);
  await assert.rejects(ask(house, [own]), (error) => hasCode(error, 'sealing.locked'));
});

forEachEngine('a token for a limited number of uses reads, and each read takes one', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'correct horse');
  const { tag } = await ask(house);
  const { output } = await house.deeds.perform(createOrphanToken(house.identityPorts), house.owner, {
    caller: house.owner,
    identity: house.owner.identity,
    uses: 2,
  });
  const request = async () => ask(house, [tag], await callerWith(house, output.token.revealText()));
  for (let i = 0; i < 2; i++) assert.equal((await request()).changed, true);
  await assert.rejects(request());
});

test('what is counted is bounded, in memory and in each row', async () => {
  let now = 0;
  const written: number[] = [];
  const uses = openUseSignals({
    clock: { now: () => now, monotonic: () => now },
    write: () => Promise.resolve(void written.push(now)),
  });
  for (let i = 0; i < 10_000; i++) assert.ok(uses.count(`cred_${i}`, 'idn_ada'));
  assert.equal(uses.count('cred_10000', 'idn_ada'), false, 'to be entered instead');
  assert.ok(uses.count('cred_0', 'idn_ada'), 'who is known is counted on');
  await uses.flush();
  await uses.flush();
  assert.equal(written.length, 1, 'nothing waits any more');
  now = 1;
  assert.ok(uses.count('cred_10000', 'idn_ada'));
});

forEachEngine('a row keeps a day of hours, and counts survive a writing that failed', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, 'correct horse');
  const { credential } = await engine.read(async (tx) => requireCredential(tx, PATH, await placeFacts(tx, PATH)));
  let now = 0;
  let fails = false;
  const uses = openUseSignals({
    clock: { now: () => now, monotonic: () => now },
    write: (work) => (fails ? Promise.reject(new Error('no room')) : house.deeds.housekeep(work)),
  });
  for (let hour = 0; hour < 40; hour++) {
    now = hour * 3_600_000;
    fails = hour % 2 === 0;
    uses.count(credential.id, 'idn_ada');
    await uses.flush().catch(() => undefined);
  }
  const [signal] = await engine.read((tx) => useSignalsOf(tx, credential.id));
  assert.deepEqual(
    signal?.hours,
    Array.from({ length: 24 }, (_, i) => ({ hour: 39 - i, uses: 1 })),
  );
});

test('our own API answers 304 to what is known, alone and among many', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  for (const name of ['one', 'two'])
    await owner.call('values.put', {
      path: `porch/home/${name}`,
      body: { value: { value: `a value called ${name}` } },
    });
  const first = await owner.call('values.get', { path: 'porch/home/one' });
  const before = house.rooms.deeds.head()!.size;
  assert.equal(await owner.callUnlessKnown('values.get', [first.tag], { path: 'porch/home/one' }), undefined);
  assert.equal(house.rooms.deeds.head()!.size, before);
  const other = await owner.callUnlessKnown('values.get', [first.tag], { path: 'porch/home/two' });
  assert.equal(other?.value['value'], 'a value called two');
  await refusal(house.as('stranger').callUnlessKnown('values.get', [first.tag], { path: 'porch/home/one' }));

  const paths = ['porch/home/one', 'porch/home/two', 'porch/home/none'];
  const { results, unchanged } = await owner.call('bulk-reads.create', { body: { paths, known: [first.tag] } });
  assert.deepEqual(unchanged, ['porch/home/one']);
  assert.deepEqual(
    results.map(({ ok, path }) => [ok, path]),
    [
      [true, 'porch/home/two'],
      [false, 'porch/home/none'],
    ],
  );

  await house.rooms.secrets.uses.flush();
  const shown = await owner.call('credentials.show', { path: 'porch/home/one' });
  assert.deepEqual(
    shown.unchanged.map(({ by, times }) => [by, times]),
    [[house.rooms.owner.identity, 2]],
  );
});
