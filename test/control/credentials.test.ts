import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionFor, somebody } from '../house.ts';
import { openControlHouse, refusal } from './control-house.ts';

const PATH = 'porch/home/mqtt/password';

test('a credential is described, and a change on an older revision is refused with 412', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', {
    path: PATH,
    body: { value: { value: 'first-secret-value' }, description: { kind: 'mqtt-password', system: 'mosquitto' } },
  });
  const shown = await owner.call('credentials.show', { path: PATH });
  assert.equal(shown.system, 'mosquitto');
  assert.equal(shown.owner, null);
  const described = await owner.call('credentials.describe', {
    path: PATH,
    ifMatch: shown,
    body: { owner: 'ada', purpose: 'the broker', rotation: '90d', expiresAt: '2031-01-01T00:00:00.000Z' },
  });
  assert.equal(described.owner, 'ada');
  assert.equal(described.rotation, '12w6d');
  assert.equal(described.revision, shown.revision + 1);
  const stale = owner.call('credentials.describe', { path: PATH, ifMatch: shown, body: { owner: 'eve' } });
  assert.equal((await refusal(stale, 'inventory.changed_meanwhile')).status, 412);
  assert.equal((await owner.call('credentials.show', { path: PATH })).owner, 'ada');
});

test('a list comes in pages, in order, and only with what the caller may see', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  for (let i = 0; i < 7; i++)
    await owner.call('values.put', {
      path: `porch/home/list/n${i}`,
      body: { value: { value: `list-secret-${i}-value` } },
    });
  await owner.call('values.put', { path: 'porch/home/other', body: { value: { value: 'other-secret-value' } } });
  const query = { project: 'porch', environment: 'home', limit: '3' };
  const first = await owner.call('credentials.list', { query });
  assert.deepEqual(
    first.items.map(({ path }) => path.slice(-2)),
    ['n0', 'n1', 'n2'],
  );
  const all: string[] = [];
  for await (const { path } of owner.items('credentials.list', { query })) all.push(path);
  assert.equal(all.length, 8);
  assert.deepEqual(all, all.toSorted());
  const narrowed = await owner.call('grants.create', {
    body: {
      identity: await strangerId(house),
      role: 'developer',
      project: 'porch',
      environment: 'home',
      prefix: 'list/n3',
      reason: 'only this',
    },
  });
  assert.equal(narrowed.place, 'porch/home/list/n3');
  const seen = await house
    .as('stranger')
    .call('credentials.list', { query: { project: 'porch', environment: 'home' } });
  assert.deepEqual(
    seen.items.map(({ path }) => path),
    ['porch/home/list/n3'],
  );
  await refusal(house.as('stranger').call('credentials.show', { path: 'porch/home/other' }), 'control.foreign');
});

const strangerId = async (house: Awaited<ReturnType<typeof openControlHouse>>): Promise<string> =>
  (await house.as('stranger').call('me.show')).identity;

test('a limit of nothing does not turn into everything', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  for (let i = 0; i < 3; i++)
    await owner.call('values.put', { path: `porch/home/n${i}`, body: { value: { value: `list-secret-${i}-value` } } });
  const { items } = await owner.call('credentials.list', {
    query: { project: 'porch', environment: 'home', limit: '0' },
  });
  assert.equal(items.length, 1);
  await refusal(
    owner.call('credentials.list', { query: { project: 'porch', environment: 'home', limit: '-1' } }),
    'control.bad_request',
  );
});

test('a suspended credential is not handed out, says how to resume it, and its history tells who and why', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  await owner.call('states.change', { path: PATH, body: { ending: 'suspend', reason: 'the phone was lost' } });
  const refused = await refusal(owner.call('values.get', { path: PATH }));
  assert.equal(refused.status, 403);
  assert.match(refused.hint ?? '', /resume/);
  await owner.call('states.change', { path: PATH, body: { ending: 'resume', reason: 'it was found' } });
  assert.equal((await owner.call('values.get', { path: PATH })).version, 1);
  const { history } = await owner.call('credentials.show', { path: PATH });
  assert.deepEqual(
    history.map(({ is, reason }) => [is, reason]),
    [
      ['active', null],
      ['suspended', 'the phone was lost'],
      ['active', 'it was found'],
    ],
  );
  await owner.call('states.change', { path: PATH, body: { ending: 'compromise', reason: 'seen in a screenshot' } });
  await refusal(
    owner.call('states.change', { path: PATH, body: { ending: 'resume', reason: 'no' } }),
    'inventory.illegal_transition',
  );
});

test('a credential is renamed within its environment and destroyed with its name freed', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: PATH, body: { value: { value: 'first-secret-value' } } });
  await owner.call('transfers.create', { path: PATH, body: { to: 'porch/home/broker/password' } });
  await refusal(owner.call('values.get', { path: PATH }), 'inventory.no_credential');
  assert.deepEqual((await owner.call('values.get', { path: 'porch/home/broker/password' })).value, {
    value: 'first-secret-value',
  });
  await owner.call('credentials.destroy', {
    path: 'porch/home/broker/password',
    query: { reason: 'gone', forget: 'true' },
  });
  await refusal(owner.call('credentials.show', { path: 'porch/home/broker/password' }), 'inventory.no_credential');
  await owner.call('values.put', {
    path: 'porch/home/broker/password',
    body: { value: { value: 'first-secret-value' }, checkAndSet: 0 },
  });
});

test('projects and environments are made on purpose, and listed to those who see something there', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('projects.create', {
    body: { name: 'cabin', posture: 'home', environments: [{ name: 'home', production: false }] },
  });
  await owner.call('environments.create', {
    params: { project: 'cabin' },
    body: { name: 'staging', production: false },
  });
  const { items } = await owner.call('projects.list', { query: {} });
  assert.deepEqual(
    items.map(({ name, environments }) => [name, environments.map((one) => one.name)]),
    [
      ['cabin', ['home', 'staging']],
      ['porch', ['home', 'prod']],
    ],
  );
  const developer = await house.as('developer').call('projects.list', { query: {} });
  assert.deepEqual(
    developer.items.map(({ name }) => name),
    ['porch'],
  );
  await refusal(
    owner.call('projects.create', {
      body: { name: 'cabin', posture: 'home', environments: [{ name: 'home', production: false }] },
    }),
    'inventory.project_exists',
  );
  await refusal(house.as('stranger').call('projects.list', { query: {} }), 'deeds.denied');
});

test('a transfer needs the right at both names, and tells nothing of what it may not see', async (t) => {
  const house = await openControlHouse(t);
  const { rooms } = house;
  const owner = house.as('session');
  for (const name of ['esphome/mine', 'homeassistant/there'])
    await owner.call('values.put', { path: `porch/home/${name}`, body: { value: { value: `the value of ${name}` } } });
  const maya = await somebody(rooms, 'maya', 'maintainer', {
    project: 'porch',
    environment: 'home',
    prefix: 'esphome',
  });
  const hers = house.with(await sessionFor(rooms, maya));
  const move = (to: string) =>
    refusal(hers.call('transfers.create', { path: 'porch/home/esphome/mine', body: { to: `porch/home/${to}` } }));
  const [taken, free] = [await move('homeassistant/there'), await move('homeassistant/planted')];
  assert.deepEqual([taken.code, taken.status], [free.code, free.status]);
  assert.ok([403, 404].includes(taken.status));
  await refusal(owner.call('values.get', { path: 'porch/home/homeassistant/planted' }), 'inventory.no_credential');
  await hers.call('transfers.create', { path: 'porch/home/esphome/mine', body: { to: 'porch/home/esphome/moved' } });
  assert.deepEqual((await owner.call('values.get', { path: 'porch/home/esphome/moved' })).value, {
    value: 'the value of esphome/mine',
  });
});
