import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '#client';
import { inspectAll } from '#findings';
import { Secret, fromBase64, hasCode, matchName, toHex } from '#kernel';
import { hmac, systemClock } from '#kernel/node';
import { MOST_AN_HOUR } from '../../src/http/control/match-limit.ts';
import { type ControlHouse, openControlHouse, refusal } from './control-house.ts';

const params = { project: 'porch', environment: 'home' };
const MQTT = 'porch/home/mqtt';
const SOURCE = 'github.com/ada/porch';

const put = (owner: Client, path: string, value: string) =>
  owner.call('values.put', { path, body: { value: { value }, description: { owner: 'ada', purpose: 'a test' } } });
const namer = async (client: Client, place = params) => {
  const { key } = await client.call('match-keys.create', { params: place, body: {} });
  const mac = hmac(Secret.fromBytes(fromBase64(key)));
  return (text: string) => toHex(matchName(mac, text)!);
};
const leaked = async (client: Client, state: 'open' | 'excused' | 'closed' = 'open') =>
  (await client.call('findings.list', { query: { ...params, rule: 'leaked', state } })).items.map(
    ({ id, place, summary }) => ({ id, place, summary }),
  );
const seenAt = (name: string, ...files: readonly string[]) => [
  { name, places: files.map((file, line) => ({ file, line })) },
];

const openPorch = async (house: ControlHouse) => {
  const owner = house.as('session');
  await put(owner, MQTT, 'the password of the broker');
  const nameOf = await namer(owner);
  return { owner, nameOf, name: nameOf('the password of the broker') };
};

test('a value is told with its version, its users and its owner, and never itself', async (t) => {
  const house = await openControlHouse(t);
  const { owner, nameOf, name } = await openPorch(house);
  const consumers = Array.from({ length: 60 }, (_, i) => ({ kind: 'file' as const, place: `a.yaml:${i}`, detail: {} }));
  await owner.call('consumers.declare', { path: MQTT, body: { consumers } });
  const names = [name, nameOf('nobody keeps this one')];
  const { items } = await owner.call('matches.create', { params, body: { names } });
  const [{ consumers: users, ...match }] = items as [(typeof items)[number]];
  assert.equal(items.length, 1);
  assert.deepEqual(match, {
    name,
    path: MQTT,
    leaf: 'value',
    version: 1,
    standing: 'current',
    live: true,
    state: 'active',
    kind: 'password',
    system: null,
    tier: 'silver',
    owner: 'ada',
    purpose: 'a test',
  });
  assert.deepEqual([users.count, users.first.length], [60, 50]);
});

test('a leak is a finding that ends with its proof: the version was replaced', async (t) => {
  const house = await openControlHouse(t);
  const { owner, name } = await openPorch(house);
  const record = () =>
    owner.call('leaks.record', { params, body: { source: SOURCE, seen: seenAt(name, 'a.yaml', 'b.yaml'), gone: [] } });
  assert.deepEqual(await record(), { opened: 1, closed: 0 });
  assert.deepEqual(await record(), { opened: 0, closed: 0 });
  const [finding] = await leaked(owner);
  assert.deepEqual(
    [finding!.place, finding!.summary],
    ['mqtt', `version 1, in a.yaml:0 of ${SOURCE} and 1 more place`],
  );
  const { step } = await owner.call('next.show');
  assert.ok(step !== null);
  await put(owner, MQTT, 'another password of the broker');
  await inspectAll(house.rooms);
  assert.deepEqual(await leaked(owner), []);
  assert.equal((await leaked(owner, 'closed'))[0]!.summary, 'version 1 was replaced by version 2');
  assert.deepEqual(await record(), { opened: 0, closed: 0 }, 'what is replaced is no finding');
});

test('or a later scan of each place did not find it', async (t) => {
  const house = await openControlHouse(t);
  const { owner, name } = await openPorch(house);
  const record = (source: string, gone: readonly string[], ...files: readonly string[]) =>
    owner.call('leaks.record', {
      params,
      body: { source, seen: files.length === 0 ? [] : seenAt(name, ...files), gone: [...gone] },
    });
  await record(SOURCE, [], 'a.yaml', 'b.yaml');
  await record('elsewhere', [], 'a.yaml');
  const { items } = await owner.call('leaks.list', { params, query: { source: SOURCE } });
  assert.deepEqual(
    items.map(({ path, version, live, file, line }) => [path, version, live, file, line]).toSorted(byFile),
    [
      [MQTT, 1, true, 'a.yaml', 0],
      [MQTT, 1, true, 'b.yaml', 1],
    ],
  );
  const ids = items.map(({ id }) => id);
  assert.deepEqual(await record('elsewhere', ids), { opened: 0, closed: 0 }, 'another source proves nothing');
  assert.deepEqual(await record(SOURCE, ids), { opened: 0, closed: 0 }, 'one place is left');
  const [other] = (await owner.call('leaks.list', { params, query: { source: 'elsewhere' } })).items;
  assert.deepEqual(await record('elsewhere', [other!.id]), { opened: 0, closed: 1 });
  assert.match((await leaked(owner, 'closed'))[0]!.summary, /looked through again/);
  assert.deepEqual(await record(SOURCE, [], 'a.yaml'), { opened: 1, closed: 0 }, 'it came back');
});

const byFile = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[3]) < String(b[3]) ? -1 : 1);

test('an excuse holds for the places that were known, and is over where a new one is found', async (t) => {
  const house = await openControlHouse(t);
  const { owner, name } = await openPorch(house);
  const record = (...files: readonly string[]) =>
    owner.call('leaks.record', { params, body: { source: SOURCE, seen: seenAt(name, ...files), gone: [] } });
  await record('a.yaml');
  const [finding] = await leaked(owner);
  await owner.call('findings.excuse', { params: { id: finding!.id }, body: { reason: 'a private copy', life: '30d' } });
  assert.deepEqual(await record('a.yaml'), { opened: 0, closed: 0 });
  assert.equal((await leaked(owner, 'excused')).length, 1);
  assert.deepEqual(await record('a.yaml', 'public.yaml'), { opened: 1, closed: 0 });
  assert.equal((await leaked(owner)).length, 1);
});

test('a credential that is destroyed, renamed or retired leaves no finding behind', async (t) => {
  const house = await openControlHouse(t);
  const { owner, nameOf, name } = await openPorch(house);
  const record = (which: string) =>
    owner.call('leaks.record', { params, body: { source: SOURCE, seen: seenAt(which, 'a.yaml'), gone: [] } });
  await record(name);
  await owner.call('transfers.create', { path: MQTT, body: { to: 'porch/home/broker' } });
  await owner.call('inspections.create', { params, body: {} });
  assert.deepEqual(
    (await leaked(owner)).map(({ place }) => place),
    ['broker'],
  );
  assert.equal((await leaked(owner, 'closed'))[0]!.summary, 'it is called broker now');
  await owner.call('credentials.destroy', { path: 'porch/home/broker', query: { reason: 'a test', forget: 'true' } });
  await owner.call('inspections.create', { params, body: {} });
  assert.deepEqual(await leaked(owner), []);
  await put(owner, 'porch/home/lamp', 'the password of the lamp');
  await record(nameOf('the password of the lamp'));
  await owner.call('states.change', { path: 'porch/home/lamp', body: { ending: 'retire', reason: 'a test' } });
  await owner.call('inspections.create', { params, body: {} });
  assert.deepEqual(await leaked(owner), []);
});

test('what nobody keeps cannot be entered as a leak, and who may not ask cannot either', async (t) => {
  const house = await openControlHouse(t);
  const { owner, nameOf, name } = await openPorch(house);
  const record = (client: Client, which: string) =>
    client.call('leaks.record', { params, body: { source: SOURCE, seen: seenAt(which, 'a.yaml'), gone: [] } });
  assert.deepEqual(await record(owner, nameOf('nobody keeps this one')), { opened: 0, closed: 0 });
  const { size } = house.rooms.deeds.head()!;
  await refusal(record(house.as('responder'), name), 'deeds.denied');
  await refusal(record(house.as('stranger'), name), 'control.foreign');
  await refusal(house.as('stranger').call('match-keys.create', { params, body: {} }), 'control.foreign');
  assert.equal(house.rooms.deeds.head()!.size, size + 3, 'each is in the ledger');
  assert.deepEqual(await leaked(owner), []);
});

test('gold that a token may not be told about is told to whoever answers for it', async (t) => {
  const house = await openControlHouse(t);
  const { owner, name } = await openPorch(house);
  await owner.call('credentials.describe', { path: MQTT, body: { tier: 'gold' } });
  const { items } = await house.as('deployer').call('matches.create', { params, body: { names: [name] } });
  assert.deepEqual(items, []);
  const told = async () =>
    (await owner.call('findings.list', { query: { ...params, rule: 'found-by-scan' } })).items.map(
      ({ place }) => place,
    );
  for (let i = 0; i < 50 && (await told()).length === 0; i++) await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(await told(), ['mqtt']);
});

test('after too many values in an hour an identity waits, right or wrong', async (t) => {
  let hours = 0;
  const clock = { now: () => systemClock.now(), monotonic: () => systemClock.monotonic() + hours * 3_600_000 };
  const house = await openControlHouse(t, { clock });
  const { owner, name } = await openPorch(house);
  const names = [name, ...Array.from({ length: 999 }, (_, i) => i.toString(16).padStart(64, '0'))];
  for (let asked = 0; asked < MOST_AN_HOUR; asked += 1_000)
    assert.equal((await owner.call('matches.create', { params, body: { names } })).items.length, 1);
  await assert.rejects(owner.call('matches.create', { params, body: { names: [name] } }), (error) =>
    hasCode(error, 'http.too_many'),
  );
  const elsewhere = { project: 'porch', environment: 'prod' };
  await owner.call('matches.create', { params: elsewhere, body: { names: [name] } });
  hours = 1;
  await owner.call('matches.create', { params, body: { names: [name] } });
});

test('malformed and oversized questions are refused before anybody is asked', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const ask = (names: readonly string[]) => owner.call('matches.create', { params, body: { names: [...names] } });
  await refusal(ask(['no name']), 'control.bad_request');
  await refusal(ask(Array.from({ length: 1_001 }, () => 'ab'.repeat(32))), 'control.bad_request');
  await refusal(ask(['AB'.repeat(32)]), 'control.bad_request');
});
