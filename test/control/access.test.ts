import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '#client';
import { openControlHouse, refusal } from './control-house.ts';

test('an identity gets a grant, works with it, and loses it at once', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', {
    path: 'porch/home/mqtt',
    body: { value: { value: 'first-secret-value' }, description: { kind: 'mqtt-password' } },
  });
  const node = await owner.call('identities.create', { body: { name: 'node-red', kind: 'service' } });
  const grant = await owner.call('grants.create', {
    body: {
      identity: node.id,
      role: 'service',
      project: 'porch',
      environment: 'home',
      prefix: 'mqtt',
      reason: 'reads the broker password',
    },
  });
  const { token } = await owner.call('tokens.create', { body: { identity: node.id, display: 'node-red', life: '1h' } });
  const service = house.with(token);
  assert.equal((await service.call('values.get', { path: 'porch/home/mqtt' })).version, 1);
  await refusal(
    service.call('values.put', { path: 'porch/home/mqtt', body: { value: { value: 'x' } } }),
    'deeds.denied',
  );
  const listed = await owner.call('grants.list', { query: { project: 'porch' } });
  assert.ok(listed.items.some(({ id }) => id === grant.id));
  await owner.call('grants.revoke', { params: { id: grant.id } });
  await refusal(service.call('values.get', { path: 'porch/home/mqtt' }), 'control.foreign');
  await refusal(owner.call('grants.revoke', { params: { id: grant.id } }), 'policy.grant_absent');
});

test('a suspended identity is nobody until it is resumed', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  const developer = house.as('developer');
  const { identity } = await developer.call('me.show');
  await owner.call('identities.suspend', { params: { id: identity }, body: {} });
  await refusal(developer.call('me.show'), 'identity.unauthenticated');
  await owner.call('identities.resume', { params: { id: identity }, body: {} });
  assert.equal((await developer.call('me.show')).name, 'developer');
  const names: string[] = [];
  for await (const { name } of owner.items('identities.list', { query: { limit: '2' } })) names.push(name);
  assert.deepEqual(names, [
    'ada',
    'auditor',
    'deployer',
    'developer',
    'maintainer',
    'responder',
    'service',
    'stranger',
  ]);
});

test('a token makes children that reach no further, and takes them along when it ends', async (t) => {
  const house = await openControlHouse(t);
  const developer = house.as('developer');
  const scope = { project: 'porch', environment: 'home', prefix: null, roles: ['developer'] };
  const child = await developer.call('tokens.create', {
    body: { life: '1h', scope, addresses: ['127.0.0.1'] },
  });
  const counted = await developer.call('tokens.create', { body: { life: '1h', uses: 50 } });
  const few = house.with(counted.token);
  assert.equal((await few.call('tokens.show', { params: { id: 'self' } })).usesLeft, 50);
  assert.equal((await few.call('tokens.show', { params: { id: 'self' } })).usesLeft, 49);
  await refusal(few.call('tokens.create', { body: { life: '10m' } }), 'identity.beyond_parent');
  const narrow = house.with(child.token);
  await refusal(
    narrow.call('tokens.create', { body: { scope: { ...scope, environment: null } } }),
    'identity.beyond_parent',
  );
  await refusal(
    narrow.call('credentials.list', { query: { project: 'porch', environment: 'prod' } }),
    'control.foreign',
  );
  const grandchild = await narrow.call('tokens.create', { body: { life: '10m' } });
  const { ended } = await developer.call('tokens.revoke', { params: { id: child.accessor } });
  assert.deepEqual(ended.toSorted(), [child.accessor, grandchild.accessor].toSorted());
  await refusal(narrow.call('me.show'), 'identity.unauthenticated');
});

test('a token of somebody else answers as one that never was, except to who may end anybody’s', async (t) => {
  const house = await openControlHouse(t);
  const foreign = await house.as('maintainer').call('tokens.create', { body: { life: '1h' } });
  const developer = house.as('developer');
  const known = await refusal(developer.call('tokens.show', { params: { id: foreign.accessor } }));
  const unknown = await refusal(developer.call('tokens.show', { params: { id: 'acc_00000000000000000000000' } }));
  assert.deepEqual([known.status, known.code, known.message], [unknown.status, unknown.code, unknown.message]);
  const revoked = await refusal(developer.call('tokens.revoke', { params: { id: foreign.accessor } }));
  const never = await refusal(developer.call('tokens.revoke', { params: { id: 'acc_00000000000000000000000' } }));
  assert.deepEqual([revoked.status, revoked.code, revoked.message], [never.status, never.code, never.message]);
  assert.equal(revoked.status, 404);
  assert.equal((await house.with(foreign.token).call('me.show')).name, 'maintainer');
  const { ended } = await house.as('session').call('tokens.revoke', { params: { id: foreign.accessor } });
  assert.deepEqual(ended, [foreign.accessor]);
});

test('the tokens of an identity are seen, a page at a time, and ended by who may; nobody else learns of them', async (t) => {
  const house = await openControlHouse(t);
  const developer = house.as('developer');
  const { identity, accessor } = await developer.call('me.show');
  const made = await developer.call('tokens.create', { body: { display: 'mine', life: '1h', uses: 3 } });
  const gone = await developer.call('tokens.create', { body: { life: '1h' } });
  await developer.call('tokens.revoke', { params: { id: gone.accessor } });
  const params = { id: identity };
  const expected = [accessor!, made.accessor].toSorted();
  const listed = async (client: Client, limit: string): Promise<string[]> => {
    const found: string[] = [];
    for await (const one of client.items('tokens.list', { params, query: { limit } })) found.push(one.accessor);
    return found;
  };
  assert.deepEqual(await listed(developer, '1'), expected, 'his own, but for the one that was revoked');
  const { items } = await developer.call('tokens.list', { params, query: {} });
  const mine = items.find(({ display }) => display === 'mine');
  assert.deepEqual([mine?.uses, mine?.usesLeft, mine?.identity], [3, 3, identity]);
  assert.ok(!JSON.stringify(items).includes('chtl_'));

  const owner = house.as('session');
  assert.deepEqual(await listed(owner, '100'), expected);
  assert.equal((await owner.call('tokens.show', { params: { id: made.accessor } })).display, 'mine');
  for (const role of ['stranger', 'service', 'maintainer'] as const) {
    const other = house.as(role);
    const known = await refusal(other.call('tokens.list', { params, query: {} }));
    const unknown = await refusal(
      other.call('tokens.list', { params: { id: 'idn_000000000000000000000000' }, query: {} }),
    );
    assert.deepEqual([known.status, known.code], [unknown.status, unknown.code], role);
    assert.ok(known.status === 404 || known.status === 403, role);
    await refusal(other.call('tokens.show', { params: { id: made.accessor } }), 'identity.token_absent');
  }
  await refusal(
    owner.call('tokens.list', { params: { id: 'idn_000000000000000000000000' }, query: {} }),
    'identity.absent',
  );
  const scope = { project: 'porch', environment: null, prefix: null, roles: null };
  const narrowed = await house.as('owner').call('tokens.create', { body: { life: '1h', scope } });
  const narrow = house.with(narrowed.token);
  await refusal(narrow.call('tokens.list', { params, query: {} }));
  await refusal(narrow.call('tokens.show', { params: { id: made.accessor } }), 'identity.token_absent');
  const elsewhere = {
    identity: (await owner.call('me.show')).identity,
    action: 'credential.read',
    path: 'barn/home/x',
  };
  assert.equal((await narrow.call('explain.show', { query: elsewhere })).rule, 'token-scope', 'about himself');
  await refusal(narrow.call('explain.show', { query: { ...elsewhere, identity } }));

  await owner.call('tokens.revoke', { params: { id: made.accessor } });
  assert.deepEqual(await listed(owner, '100'), [accessor]);
});

test('a bearer token alone does not reveal gold, unless an exception with an end says so', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('generations.create', { path: 'porch/home/esp/api', body: { kind: 'esphome-api-key' } });
  const bearer = house.as('developer');
  const refused = await refusal(bearer.call('values.get', { path: 'porch/home/esp/api' }), 'deeds.denied');
  assert.equal(refused.details['rule'], 'bearer-gold');
  const exception = await owner.call('exceptions.create', {
    body: {
      rule: 'bearer-gold',
      project: 'porch',
      environment: 'home',
      name: 'esp/api',
      reason: 'until the agent is there',
      life: '7d',
    },
  });
  assert.equal((await bearer.call('values.get', { path: 'porch/home/esp/api' })).version, 1);
  await owner.call('exceptions.revoke', { params: { id: exception.id } });
  await refusal(bearer.call('values.get', { path: 'porch/home/esp/api' }), 'deeds.denied');
  const nowhere = {
    rule: 'bearer-gold',
    project: 'porch',
    environment: 'home',
    name: 'none',
    reason: 'not there',
    life: '7d',
  };
  await refusal(owner.call('exceptions.create', { body: nowhere }), 'policy.place_absent');
});

test('a policy of the project may forbid, is checked, and is removed', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: 'porch/home/mqtt', body: { value: { value: 'first-secret-value' } } });
  await refusal(
    owner.call('policies.create', { body: { project: 'porch', text: 'permit(principal, action, resource);' } }),
    'policy.invalid',
  );
  const text = 'forbid(principal, action == Action::"credential.read", resource) when { resource.name == "mqtt" };';
  const policy = await owner.call('policies.create', { body: { project: 'porch', text } });
  const refused = await refusal(owner.call('values.get', { path: 'porch/home/mqtt' }), 'deeds.denied');
  assert.equal(refused.details['rule'], `custom-${policy.id}`);
  await owner.call('policies.remove', { params: { id: policy.id } });
  assert.equal((await owner.call('values.get', { path: 'porch/home/mqtt' })).version, 1);
});

test('explain says which rule decides and what is missing, about others only to who watches over the place', async (t) => {
  const house = await openControlHouse(t);
  const owner = house.as('session');
  await owner.call('values.put', { path: 'porch/prod/key', body: { value: { value: 'first-secret-value' } } });
  const own = await house
    .as('developer')
    .call('explain.show', { query: { action: 'credential.read', path: 'porch/prod/key' } });
  assert.deepEqual([own.allow, own.rule], [false, 'developer-production']);
  const other = await owner.call('explain.show', {
    query: { identity: 'developer', action: 'credential.read', path: 'porch/home/none' },
  });
  assert.deepEqual([other.allow, other.rule, other.grants.length], [false, 'absent', 1]);
  const explain = async (action: string, where: object, identity = 'ada') =>
    owner.call('explain.show', { query: { identity, action, ...where } });
  const barn = await explain('credential.read', { path: 'barn/home/x' });
  assert.deepEqual([barn.allow, barn.rule, barn.missing[0]?.what], [false, 'absent', ['project barn']]);
  assert.match(`${barn.because} ${barn.missing[0]?.remedy}`, /no project barn\..*chatelaine project create barn\b/);
  const attic = await explain('credential.write', { path: 'porch/attic/x' });
  assert.deepEqual([attic.allow, attic.rule, attic.missing[0]?.what], [false, 'absent', ['environment porch/attic']]);
  assert.match(attic.missing[0]!.remedy, /chatelaine project environment porch attic\b/);
  assert.equal((await explain('credential.list', { project: 'porch', environment: 'attic' })).rule, 'absent');
  assert.equal((await explain('environment.create', { project: 'barn', environment: 'home' })).rule, 'absent');
  assert.equal((await explain('project.create', { project: 'barn' })).allow, true);
  assert.equal((await explain('environment.create', { project: 'porch', environment: 'attic' })).allow, true);
  const unseen = await explain('credential.read', { path: 'barn/home/x' }, 'stranger');
  const seen = await explain('credential.read', { path: 'porch/home/x' }, 'stranger');
  assert.deepEqual([unseen.rule, unseen.rule], [seen.rule, 'default-deny'], 'who may not look learns of no absence');
  const { identity } = await owner.call('me.show');
  const nosy = house
    .as('developer')
    .call('explain.show', { query: { identity, action: 'credential.read', path: 'porch/prod/key' } });
  assert.ok([403, 404].includes((await refusal(nosy)).status));
});
