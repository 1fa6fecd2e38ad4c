import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duration } from '#kernel';
import { systemClock } from '#kernel/node';
import { sealingError } from '#sealing';
import { openControlHouse, refusal } from './control-house.ts';

const PATH = 'porch/home/mqtt';
const key = 'request-0001';

test('a repeated request gets the first answer and is not done again', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const put = () =>
    owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } }, idempotencyKey: key });
  const first = await put();
  assert.deepEqual(await put(), first);
  assert.deepEqual(await put(), first);
  assert.equal((await owner.call('versions.list', { path: PATH })).versions.length, 1);
});

test('an answer with a secret is given again to its caller, and is sealed in the database', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const make = () => owner.call('tokens.create', { body: { life: '1h' }, idempotencyKey: key });
  const { token } = await make();
  assert.equal((await make()).token, token);
  const rows = await house.rooms.engine.read((tx) =>
    tx.query<{ idempotent_answer: { sealed: Uint8Array; caller: string } }, { sealed: Uint8Array; caller: string }>(
      (db) => db.selectFrom('idempotent_answer').select(['sealed', 'caller']),
    ),
  );
  assert.equal(rows.length, 1);
  assert.ok(!Buffer.from(rows[0]!.sealed).includes(token));
});

test('the same key with another request, or another condition, is refused with 422', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } }, idempotencyKey: key });
  const other = owner.call('values.put', {
    path: PATH,
    body: { value: { value: 'other-secret-value' } },
    idempotencyKey: key,
  });
  assert.equal((await refusal(other, 'control.key_reused')).status, 422);
  const elsewhere = owner.call('values.put', {
    path: 'porch/home/b',
    body: { value: { value: 'first-secret-value' } },
    idempotencyKey: key,
  });
  await refusal(elsewhere, 'control.key_reused');
});

test('a key is its caller’s own: another identity, and another token of the same one, start afresh', async (t) => {
  const house = await openControlHouse(t);
  const call = { body: { life: '1h' }, idempotencyKey: key } as const;
  const session = await house.as('session').call('tokens.create', call);
  const bearer = await house.as('owner').call('tokens.create', call);
  const developer = await house.as('developer').call('tokens.create', call);
  assert.equal(new Set([session.token, bearer.token, developer.token]).size, 3);
});

test('of many that come at once, one is done', async (t) => {
  const house = await openControlHouse(t);
  const clients = Array.from({ length: 8 }, () => house.as('session'));
  const all = await Promise.allSettled(
    clients.map((client) =>
      client.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } }, idempotencyKey: key }),
    ),
  );
  const answers = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  assert.ok(answers.length >= 1);
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  for (const one of all)
    if (one.status === 'rejected') assert.equal((one.reason as { code: string }).code, 'control.key_in_use');
  assert.equal((await house.as('session').call('versions.list', { path: PATH })).versions.length, 1);
});

test('a request that was refused may be sent again with its key', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const put = () =>
    owner.call('values.put', {
      path: PATH,
      body: { value: { value: 'first-secret-value' }, checkAndSet: 1 },
      idempotencyKey: key,
    });
  await refusal(put(), 'secrets.version_conflict');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'zeroth-secret-value' } } });
  assert.equal((await put()).version, 2);
});

test('after a day the key is free', async (t) => {
  let shift = 0;
  const clock = { now: () => systemClock.now() + shift, monotonic: () => systemClock.monotonic() };
  const house = await openControlHouse(t, { clock });
  const owner = house.as('owner');
  const put = () =>
    owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } }, idempotencyKey: key });
  assert.equal((await put()).version, 1);
  shift = Duration.of(23, 'h').ms;
  assert.equal((await put()).version, 1);
  shift = Duration.of(25, 'h').ms;
  assert.equal((await put()).version, 2);
});

test('keys of a wrong form, on reads and without a caller are refused', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  for (const bad of ['short', 'with space in it', 'x'.repeat(129)])
    await refusal(
      owner.call('values.put', { path: PATH, body: { value: {} }, idempotencyKey: bad }),
      'control.bad_key',
    );
  await refusal(owner.call('me.show', { idempotencyKey: key }), 'control.key_refused');
  await refusal(
    house.with(undefined).call('sign-in.code', { body: { code: 'x' }, idempotencyKey: key }),
    'control.key_refused',
  );
});

test('no repetition gives a value to one who may not read it any more', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  for (const call of [
    owner.call('bulk-reads.create', { body: { paths: [PATH] }, idempotencyKey: key }),
    owner.call('renderings.open', {
      params: { project: 'porch', environment: 'home' },
      body: { targets: [] },
      idempotencyKey: key,
    }),
    owner.call('kit.create', { body: {}, idempotencyKey: key }),
  ])
    await refusal(call, 'control.key_refused');
  const make = () =>
    owner.call('generations.create', {
      path: 'porch/home/made',
      body: { kind: 'mqtt-password', reveal: true },
      idempotencyKey: key,
    });
  const made = await make();
  assert.equal(typeof made.value?.['value'], 'string');
  assert.deepEqual(await make(), { ...made, value: null });
});

test('a request that failed before anything happened frees its key, whoever’s fault it was', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const { sealing } = house.rooms;
  const { seal } = sealing;
  const put = () =>
    owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } }, idempotencyKey: key });
  const faults = [
    new TypeError('a key that was wiped meanwhile'),
    sealingError('rekeyed', 'The keys were changed.'),
    sealingError('damaged', 'A key does not open.', { what: 'key' }),
  ];
  for (const fault of faults) {
    sealing.seal = () => Promise.reject(fault);
    await assert.rejects(put());
  }
  sealing.seal = seal;
  assert.equal((await put()).version, 1);
  assert.equal((await put()).version, 1, 'and its answer is kept');
});

test('a request of which a part was done keeps its key, though the rest failed', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const { sealing } = house.rooms;
  const { open } = sealing;
  const make = () =>
    owner.call('generations.create', { path: PATH, body: { kind: 'password', reveal: true }, idempotencyKey: key });
  sealing.open = () => {
    throw sealingError('locked', 'The keys are locked.');
  };
  await refusal(make(), 'sealing.locked');
  sealing.open = open;
  await refusal(make(), 'control.key_in_use');
  assert.equal((await owner.call('versions.list', { path: PATH })).versions.length, 1);
});

test('locking answers although it leaves no key to keep the answer under', async (t) => {
  const house = await openControlHouse(t);
  const { state } = await house.as('session').call('lock.do', { body: {}, idempotencyKey: key });
  assert.equal(state, 'locked');
});
