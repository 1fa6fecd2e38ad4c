import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Engine, type Writer, openSqlite } from '#storage';
import { temporaryFolder } from '../engines.ts';
import { openControlHouse, refusal } from './control-house.ts';

const PATH = 'porch/home/mqtt/password';

test('a value is written, read, changed and rolled back, each with its place in the ledger', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const first = await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  assert.equal(first.created, true);
  assert.equal(first.version, 1);
  const second = await owner.call('values.put', {
    path: PATH,
    body: { value: { value: 'second-secret-value' }, checkAndSet: 1 },
  });
  assert.equal(second.version, 2);
  const read = await owner.call('values.get', { path: PATH });
  assert.deepEqual(read.value, { value: 'second-secret-value' });
  assert.ok(read.receipt > second.receipt);
  assert.deepEqual((await owner.call('values.get', { path: PATH, query: { version: '1' } })).value, {
    value: 'first-secret-value',
  });
  const back = await owner.call('rollbacks.create', { path: PATH, body: { version: 1 } });
  assert.equal(back.version, 3);
  assert.deepEqual((await owner.call('values.get', { path: PATH })).value, { value: 'first-secret-value' });
  const entry = await owner.call('ledger.show', { params: { index: String(back.receipt) }, query: {} });
  assert.equal(entry.action, 'credential.write');
});

test('numbers of a value come back as they were written', async (t) => {
  const house = await openControlHouse(t);
  const { token } = { token: house.tokens.owner };
  const body = '{"value":{"pin":12345678901234567890,"ratio":1.0,"huge":1e400}}';
  const url = `${house.url}/api/values/${PATH}`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  assert.equal((await fetch(url, { method: 'PUT', headers, body })).status, 200);
  const text = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text();
  assert.ok(text.includes('"value":{"pin":12345678901234567890,"ratio":1.0,"huge":1e400}'), text);
});

test('a check-and-set against another version is a conflict, a missing version is absent', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' }, checkAndSet: 0 } });
  const again = owner.call('values.put', {
    path: PATH,
    body: { value: { value: 'other-secret-value' }, checkAndSet: 0 },
  });
  assert.equal((await refusal(again, 'secrets.version_conflict')).status, 409);
  await refusal(owner.call('values.get', { path: PATH, query: { version: '9' } }), 'secrets.no_version');
});

test('deleted versions come back, destroyed ones never', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  const change = (change: 'delete' | 'undelete' | 'destroy') =>
    owner.call('versions.change', { path: PATH, body: { change, versions: [1] } });
  await change('delete');
  await refusal(owner.call('values.get', { path: PATH }), 'secrets.version_deleted');
  await change('undelete');
  assert.deepEqual((await owner.call('values.get', { path: PATH })).value, { value: 'first-secret-value' });
  await change('destroy');
  await refusal(owner.call('values.get', { path: PATH }), 'secrets.version_destroyed');
  const { versions } = await owner.call('versions.list', { path: PATH });
  assert.deepEqual(
    versions.map(({ version, destroyed }) => ({ version, destroyed })),
    [{ version: 1, destroyed: true }],
  );
});

test('a generated value has its kind’s shape, is shown only when asked for, and a pending one waits', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const hidden = await owner.call('generations.create', { path: 'porch/home/api', body: { kind: 'esphome-api-key' } });
  assert.equal(hidden.value, null);
  const shown = await owner.call('generations.create', { path: 'porch/home/api', body: { reveal: true } });
  assert.match(shown.value?.['value'] as string, /^[A-Za-z0-9+/]{43}=$/);
  const pending = await owner.call('generations.create', { path: 'porch/home/api', body: { pending: true } });
  assert.equal(pending.version, null);
  assert.equal((await owner.call('values.get', { path: 'porch/home/api' })).version, 2);
  const promoted = await owner.call('promotions.create', {
    path: 'porch/home/api',
    body: { credential: pending.credential, serial: pending.serial },
  });
  assert.equal(promoted.version, 3);
});

test('generating one field leaves the others', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', {
    path: PATH,
    body: { value: { user: 'broker-user-name', password: 'old-secret-value' } },
  });
  await owner.call('generations.create', { path: PATH, body: { kind: 'mqtt-password', field: 'password' } });
  const { value } = await owner.call('values.get', { path: PATH });
  assert.equal(value['user'], 'broker-user-name');
  assert.notEqual(value['password'], 'old-secret-value');
});

/** An engine that counts its commits. */
const countingEngine = (): { engine: Engine; commits: () => number } => {
  const inner = openSqlite({ folder: temporaryFolder() });
  let commits = 0;
  const counted = Object.getOwnPropertySymbols(inner).map((symbol) => {
    const writer = (inner as unknown as Record<symbol, Writer>)[symbol]!;
    const commit: Writer['commit'] = (work) => {
      commits++;
      return writer.commit(work);
    };
    return [symbol, { ...writer, commit }];
  });
  return { engine: { ...inner, ...Object.fromEntries(counted) }, commits: () => commits };
};

test('a bulk read answers each path by itself, in one commit, with an entry each', async (t) => {
  const { engine, commits } = countingEngine();
  const house = await openControlHouse(t, { engine });
  const owner = house.as('session');
  const paths = Array.from({ length: 20 }, (_, i) => `porch/home/bulk/n${i}`);
  for (const [i, path] of paths.entries())
    await owner.call('values.put', { path, body: { value: { value: `bulk-secret-${i}-value` } } });
  const before = house.rooms.deeds.head()!;
  const commitsBefore = commits();
  const { results } = await owner.call('bulk-reads.create', {
    body: { paths: [...paths, 'porch/home/none', 'nonsense'] },
  });
  const head = house.rooms.deeds.head()!;
  assert.deepEqual(
    results.slice(0, 20).map((result) => (result.ok ? result.value['value'] : null)),
    paths.map((_, i) => `bulk-secret-${i}-value`),
  );
  assert.deepEqual(
    results.slice(20).map((result) => (result.ok ? null : result.code)),
    ['inventory.no_credential', 'path.malformed'],
  );
  assert.equal(head.size - before.size, 21);
  assert.equal(commits() - commitsBefore, 1);
  const stranger = await house
    .as('stranger')
    .call('bulk-reads.create', { body: { paths: [paths[0]!, 'porch/home/none'] } });
  assert.deepEqual(
    stranger.results.map((result) => (result.ok ? null : [result.status, result.code])),
    [
      [404, 'control.foreign'],
      [404, 'control.foreign'],
    ],
  );
});

test('no value is in two environments, and the other place is named only to one who may see it', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'the-one-secret-value' } } });
  const copied = owner.call('values.put', {
    path: 'porch/prod/mqtt/password',
    body: { value: { value: 'the-one-secret-value' } },
  });
  const known = await refusal(copied, 'http.shared_value');
  assert.match(known.message, /porch\/home\/mqtt\/password/);
});

test('a weak value is a finding, a strong one ends it', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'password' } } });
  const weak = await owner.call('findings.list', { query: { project: 'porch', rule: 'weak' } });
  assert.equal(weak.items.length + (await owner.call('findings.list', { query: { rule: 'default' } })).items.length, 1);
  await owner.call('generations.create', { path: PATH, body: { kind: 'mqtt-password' } });
  assert.equal((await owner.call('findings.list', { query: { rule: 'weak' } })).items.length, 0);
  assert.equal((await owner.call('findings.list', { query: { rule: 'default' } })).items.length, 0);
});
