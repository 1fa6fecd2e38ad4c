import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectAll } from '#findings';
import { systemClock } from '#kernel/node';
import { openControlHouse, refusal } from './control-house.ts';

const params = { project: 'porch', environment: 'home' };

test('an inspection finds what is wrong, twice the same, and closes what was put right', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('generations.create', { path: 'porch/home/esp/api', body: { kind: 'esphome-api-key' } });
  await owner.call('generations.create', {
    path: 'porch/home/mqtt',
    body: {
      kind: 'mqtt-password',
      description: { owner: 'ada', purpose: 'the broker', expiresAt: '2020-01-01T00:00:00.000Z' },
    },
  });
  const first = await owner.call('inspections.create', { params, body: {} });
  assert.deepEqual(first, { opened: 3, closed: 0, open: 3 });
  assert.deepEqual(await owner.call('inspections.create', { params, body: {} }), { opened: 0, closed: 0, open: 3 });
  const { items } = await owner.call('findings.list', { query: { project: 'porch' } });
  assert.deepEqual(items.map(({ rule, place }) => `${rule} ${place}`).toSorted(), [
    'expired mqtt',
    'ownerless-gold esp/api',
    'purposeless esp/api',
  ]);
  await owner.call('credentials.describe', { path: 'porch/home/esp/api', body: { owner: 'ada' } });
  const left = await owner.call('findings.list', { query: { project: 'porch' } });
  assert.deepEqual(
    left.items.map(({ rule }) => rule).toSorted(),
    ['expired', 'purposeless'],
    'what was declared is settled at once',
  );
  const expiresAt = '2999-01-01T00:00:00.000Z';
  await owner.call('credentials.describe', { path: 'porch/home/mqtt', body: { expiresAt } });
  assert.deepEqual(await owner.call('inspections.create', { params, body: {} }), { opened: 0, closed: 1, open: 1 });
});

test('a credential is due by the age of its value, whatever was written about it since', async (t) => {
  let shift = 0;
  const clock = { now: () => systemClock.now() + shift, monotonic: () => systemClock.monotonic() };
  const house = await openControlHouse(t, { clock });
  const owner = house.as('session');
  const path = 'porch/home/mqtt';
  const put = (value: string) => owner.call('values.put', { path, body: { value: { value } } });
  const dueAfter = async (): Promise<number> => {
    const listed = (await owner.call('credentials.list', { query: params })).items[0]!;
    const { dueAt } = await owner.call('credentials.show', { path });
    assert.equal(listed.dueAt, dueAt);
    return Math.round((Date.parse(dueAt!) - Date.parse(listed.createdAt)) / 3_600_000);
  };
  const overdue = async () => {
    await owner.call('inspections.create', { params, body: {} });
    const { items } = await owner.call('findings.list', { query: { project: 'porch' } });
    return items.some(({ rule }) => rule === 'overdue');
  };
  await put('first-secret-value');
  await owner.call('credentials.describe', { path, body: { rotation: '2h', owner: 'ada' } });
  assert.equal(await dueAfter(), 2);
  shift += 3_600_000;
  const described = await owner.call('credentials.describe', { path, body: { purpose: 'the broker' } });
  assert.equal(Math.round((Date.parse(described.dueAt!) - Date.parse(described.createdAt)) / 3_600_000), 2);
  assert.equal(await dueAfter(), 2);
  assert.equal(await overdue(), false);
  shift += 3_600_000 + 1_000;
  await owner.call('credentials.describe', { path, body: { purpose: 'the broker of the porch' } });
  assert.equal(await overdue(), true);
  await put('second-secret-value');
  assert.equal(await dueAfter(), 4);
  assert.equal(await overdue(), false);
});

test('what has no value yet is never due', async (t) => {
  const house = await openControlHouse(t);
  const headers = { 'x-vault-token': house.tokens.session };
  const body = '{"max_versions":5}';
  await fetch(`${house.url}/v1/secret/metadata/porch/home/reserved`, { method: 'POST', headers, body });
  const path = 'porch/home/reserved';
  const described = await house.as('session').call('credentials.describe', { path, body: { rotation: '1h' } });
  assert.equal(described.dueAt, null);
});

test('the hourly inspection leaves no entry when nothing changed', async (t) => {
  const house = await openControlHouse(t);
  await house.as('session').call('generations.create', { path: 'porch/home/mqtt', body: { kind: 'mqtt-password' } });
  assert.deepEqual(await inspectAll(house.rooms), { opened: 2, closed: 0 });
  const { size } = house.rooms.deeds.head()!;
  assert.deepEqual(await inspectAll(house.rooms), { opened: 0, closed: 0 });
  assert.equal(house.rooms.deeds.head()!.size, size);
});

test('a finding is excused for a time or closed, and opens again when it is found again', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('generations.create', {
    path: 'porch/home/mqtt',
    body: { kind: 'mqtt-password', description: { owner: 'ada' } },
  });
  await owner.call('inspections.create', { params, body: {} });
  const { id } = (await owner.call('findings.list', { query: {} })).items[0]!;
  const excused = await owner.call('findings.excuse', { params: { id }, body: { reason: 'next week', life: '7d' } });
  assert.equal(excused.state, 'excused');
  await refusal(
    owner.call('findings.excuse', { params: { id }, body: { reason: 'for ever', life: '900d' } }),
    'findings.bad_life',
  );
  assert.equal((await owner.call('findings.close', { params: { id }, body: { reason: 'done' } })).state, 'closed');
  await refusal(owner.call('findings.close', { params: { id }, body: { reason: 'again' } }), 'findings.closed');
  assert.equal((await owner.call('inspections.create', { params, body: {} })).opened, 1);
  assert.equal((await owner.call('findings.list', { query: {} })).items[0]!.id, id);
  const foreign = await refusal(house.as('stranger').call('findings.close', { params: { id }, body: { reason: 'x' } }));
  const unknown = await refusal(
    house.as('stranger').call('findings.close', { params: { id: 'fnd_none' }, body: { reason: 'x' } }),
  );
  assert.deepEqual([foreign.status, unknown.status], [404, 404]);
});

test('next names the one most useful thing with its command: the kit first, then gold nobody answers for', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('generations.create', { path: 'porch/home/esp/api', body: { kind: 'esphome-api-key' } });
  await owner.call('inspections.create', { params, body: {} });
  assert.equal(
    (await owner.call('next.show', { query: {} })).step?.command,
    'chatelaine kit create --out ~/chatelaine-kit.txt',
  );
  await refusal(owner.call('kit.confirm', { body: {} }), 'control.no_kit');
  await owner.call('kit.create', { body: {} });
  await owner.call('kit.confirm', { body: {} });
  const { step, further } = await owner.call('next.show', { query: {} });
  assert.deepEqual([step?.id, step?.command], ['ownerless-gold', 'chatelaine set porch/home/esp/api --owner NAME']);
  assert.deepEqual(
    further.map(({ id }) => id),
    ['purposeless'],
  );
});

test('whoever sees a prefix sees the findings below it and no others', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  for (const path of ['porch/home/a/one', 'porch/home/b/two'])
    await owner.call('generations.create', { path, body: { kind: 'mqtt-password', description: { owner: 'ada' } } });
  await owner.call('inspections.create', { params, body: {} });
  const { identity } = await house.as('stranger').call('me.show');
  await owner.call('grants.create', {
    body: { identity, role: 'developer', project: 'porch', environment: 'home', prefix: 'a', reason: 'only a' },
  });
  const { items } = await house.as('stranger').call('findings.list', { query: {} });
  assert.deepEqual(
    items.map(({ place }) => place),
    ['a/one'],
  );
});
