import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Duration, hasCode } from '#kernel';
import { forEachEngine } from '../../test/engines.ts';
import type { TokenScope } from './caller.ts';
import { createOrphanToken } from './create-orphan-token.ts';
import { createToken } from './create-token.ts';
import { HERE, openHouse } from './identity.fixture.ts';
import { listForeignTokens, listTokens } from './list-tokens.ts';
import { lookUpToken } from './look-up-token.ts';
import { renewToken } from './renew-token.ts';
import { revokeForeignToken } from './revoke-foreign-token.ts';
import { revokeToken } from './revoke-token.ts';
import { checkScope, scopeWithin } from './scope.ts';

const code = (wanted: string) => (error: unknown) => hasCode(error, wanted);

forEachEngine('revoking a token revokes what came from it, and orphans survive', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const root = await house.token(ada.id);
  const child = await house.perform(createToken(house.ports), { caller: await house.caller(root.token) }, ada.id);
  const grandchild = await house.perform(createToken(house.ports), { caller: await house.caller(child.token) }, ada.id);
  const orphan = await house.perform(
    createOrphanToken(house.ports),
    { caller: await house.caller(child.token), identity: ada.id },
    ada.id,
  );
  const caller = await house.caller(root.token);
  const { accessors } = await house.perform(revokeToken(house.ports), { caller }, ada.id);
  assert.deepEqual(accessors.toSorted(), [root.accessor, child.accessor, grandchild.accessor].toSorted());
  for (const { token } of [root, child, grandchild])
    await assert.rejects(house.caller(token), code('identity.unauthenticated'));
  assert.equal((await house.caller(orphan.token)).name, 'ada');
});

forEachEngine('a circle of parents, forged by hand, does not stop a revocation', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const root = await house.token(ada.id);
  const caller = await house.caller(root.token);
  const child = await house.perform(createToken(house.ports), { caller }, ada.id);
  await house.writer.commit((tx) =>
    tx.query<{ token: { accessor: string; parent: string } }, unknown>((db) =>
      db
        .updateTable('token')
        .set({ parent: child.accessor })
        .where('accessor', '=', root.accessor)
        .returning('accessor'),
    ),
  );
  const orphan = await house.token(ada.id);
  const by = await house.caller(orphan.token);
  const { accessors } = await house.perform(revokeToken(house.ports), { caller: by, accessor: child.accessor }, ada.id);
  assert.deepEqual(accessors, [child.accessor], 'the forged row is worthless already');
});

forEachEngine('a child never gets longer life, wider scope or more addresses than its parent', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const scope: TokenScope = { project: 'porch', environment: 'home', prefix: 'mqtt', roles: ['service'] };
  const parent = await house.token(ada.id, { life: Duration.of(1, 'h'), scope, addresses: ['192.168.1.0/24'] });
  const caller = await house.caller(parent.token);
  const make = (wish: object) => house.perform(createToken(house.ports), { caller, ...wish }, ada.id);

  const child = await house.caller((await make({})).token);
  assert.deepEqual([child.scope, child.factors], [scope, ['token']]);
  assert.ok(child.expiresAt! <= caller.expiresAt!);
  await assert.rejects(house.caller((await make({})).token, { ...HERE, address: '10.0.0.1' }));

  const refused: readonly object[] = [
    { life: Duration.of(2, 'h') },
    { addresses: [] },
    { addresses: ['192.168.0.0/16'] },
    { addresses: ['192.168.1.7', '10.0.0.0/8'] },
    { scope: { ...scope, prefix: null } },
    { scope: { ...scope, prefix: 'mqttx' } },
    { scope: { ...scope, environment: 'prod' } },
    { scope: { ...scope, roles: null } },
    { scope: { ...scope, roles: ['service', 'owner'] } },
  ];
  for (const wish of refused) await assert.rejects(make(wish), code('identity.beyond_parent'), JSON.stringify(wish));
  await make({
    scope: { ...scope, prefix: 'mqtt/bridge' },
    addresses: ['192.168.1.128/25'],
    life: Duration.of(30, 'm'),
  });
});

forEachEngine('an orphan outlives its maker but keeps to its scope and addresses', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const scope: TokenScope = { project: 'porch', environment: null, prefix: null, roles: null };
  const maker = await house.token(ada.id, { life: Duration.of(1, 'h'), scope });
  const caller = await house.caller(maker.token);
  const make = (wish: object) =>
    house.perform(createOrphanToken(house.ports), { caller, identity: ada.id, ...wish }, ada.id);
  const orphan = await house.caller((await make({ life: Duration.of(30, 'd') })).token);
  assert.equal(orphan.expiresAt, house.clock.now() + 30 * 86_400_000);
  assert.deepEqual(orphan.scope, scope);
  await assert.rejects(make({ scope: { ...scope, project: null } }), code('identity.beyond_parent'));
});

forEachEngine('nothing lives longer than a year and a day, whatever is asked', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  for (const wish of [
    { life: Duration.of(367, 'd') },
    { life: Duration.of(0, 's') },
    { maxLife: Duration.of(60, 'w') },
  ])
    await assert.rejects(house.token(ada.id, wish), code('identity.malformed'));
  for (const uses of [-1, 0.5, Number.NaN, 1e9])
    await assert.rejects(house.token(ada.id, { uses }), code('identity.malformed'));
  await assert.rejects(house.token(ada.id, { display: 'a\nb' }), code('identity.malformed'));
});

forEachEngine('renewing gives the period, never more than the maximum nor the parent', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const made = await house.token(ada.id, { period: Duration.of(1, 'h'), maxLife: Duration.of(90, 'm') });
  const start = house.clock.now();
  const renew = async (life?: Duration) => {
    const caller = await house.caller(made.token);
    return house.perform(renewToken(house.ports), { caller, ...(life === undefined ? {} : { life }) }, ada.id);
  };
  house.clock.pass(Duration.of(10, 'm'));
  assert.equal((await renew(Duration.of(30, 'd'))).expiresAt, start + 70 * 60_000, 'the period, not what was asked');
  house.clock.pass(Duration.of(50, 'm'));
  assert.equal((await renew()).expiresAt, start + 90 * 60_000, 'the maximum');

  const parent = await house.token(ada.id, { life: Duration.of(1, 'h') });
  const caller = await house.caller(parent.token);
  const child = await house.perform(
    createToken(house.ports),
    { caller, renewable: true, life: Duration.of(1, 'm') },
    ada.id,
  );
  const renewed = await house.perform(
    renewToken(house.ports),
    { caller: await house.caller(child.token), life: Duration.of(10, 'h') },
    ada.id,
  );
  assert.equal(renewed.expiresAt, parent.expiresAt);
  const fixed = await house.caller((await house.token(ada.id)).token);
  await assert.rejects(
    house.perform(renewToken(house.ports), { caller: fixed }, ada.id),
    code('identity.not_renewable'),
  );
});

forEachEngine(
  'CVE-2026-40264: a foreign accessor answers as an unknown one, and nothing happens to it',
  async (_t, engine) => {
    const house = await openHouse(engine);
    const [ada, eve] = [await house.person('ada'), await house.person('eve')];
    const hers = await house.token(ada.id, { renewable: true });
    const caller = await house.caller((await house.token(eve.id)).token);
    const answers: unknown[] = [];
    for (const deed of [revokeToken, renewToken, lookUpToken])
      for (const accessor of [hers.accessor, 'acc_000000000000000000000000']) {
        const answer = await house
          .perform<{ caller: typeof caller; accessor: string }, unknown>(
            deed(house.ports) as never,
            { caller, accessor },
            eve.id,
          )
          .catch((error: unknown) => error);
        assert.ok(hasCode(answer, 'identity.token_absent'));
        answers.push([answer.message, answer.status, answer.hint, answer.details]);
      }
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
    assert.equal((await house.caller(hers.token)).name, 'ada');
  },
);

forEachEngine(
  'ending a foreign token gives the policy the same facts to refuse whether or not it exists',
  async (_t, engine) => {
    const house = await openHouse(engine);
    const ada = await house.person('ada');
    const { accessor, token } = await house.token(ada.id);
    const deed = revokeForeignToken(house.ports);
    const facts = (which: string) => engine.read((tx) => deed.facts(tx, { accessor: which }));
    const [known, unknown] = [await facts(accessor), await facts('acc_none')];
    assert.deepEqual({ ...known.resource, id: '' }, { ...unknown.resource, id: '' });
    await house.perform(deed, { accessor });
    await assert.rejects(house.caller(token), code('identity.unauthenticated'));
    await assert.rejects(house.perform(deed, { accessor: 'acc_none' }), code('identity.token_absent'));
  },
);

forEachEngine('a deed refuses to act for another than the one who acts', async (_t, engine) => {
  const house = await openHouse(engine);
  const [ada, eve] = [await house.person('ada'), await house.person('eve')];
  const caller = await house.caller((await house.token(ada.id)).token);
  await assert.rejects(house.perform(createToken(house.ports), { caller }, eve.id), code('identity.wrong_caller'));
});

forEachEngine(
  'a list shows what is in force, page by page, whatever was forged, expired or ended between',
  async (_t, engine) => {
    const house = await openHouse(engine);
    const [ada, eve] = [await house.person('ada'), await house.person('eve')];
    const soon = await house.token(ada.id, { life: Duration.of(1, 'm') });
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.push((await house.token(ada.id, { uses: i })).accessor);
    await house.token(eve.id);
    const ended = made.pop()!;
    await house.perform(revokeForeignToken(house.ports), { accessor: ended });
    house.clock.pass(Duration.of(2, 'm'));
    const inForce = made.toSorted();
    const all = await house.perform(listTokens(house.ports), { identity: ada.id }, ada.id);
    assert.deepEqual(
      all.map(({ accessor }) => accessor),
      inForce,
    );
    assert.ok(!inForce.includes(soon.accessor));
    assert.deepEqual(
      all.map(({ uses, usesLeft }) => usesLeft ?? uses),
      all.map(({ uses }) => uses),
    );
    const paged: string[] = [];
    for (let after = ''; ; after = paged.at(-1)!) {
      const page = await house.perform(listForeignTokens(house.ports), { identity: ada.id, after, count: 2 });
      paged.push(...page.map(({ accessor }) => accessor));
      if (page.length < 2) break;
    }
    assert.deepEqual(paged, inForce);
    const everybody = await house.perform(listForeignTokens(house.ports), { identity: null, count: 1_000 });
    assert.equal(everybody.length, 7);
    for (const count of [0, -1, Number.NaN])
      assert.equal((await house.perform(listTokens(house.ports), { identity: ada.id, count }, ada.id)).length, 1);
  },
);

forEachEngine('a look-up shows what is left and never the token', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token } = await house.token(ada.id, { uses: 5 });
  const caller = await house.caller(token);
  await house.writer.commit((tx) => house.identity.consume(tx, caller));
  const shown = await house.perform(lookUpToken(house.ports), { caller }, ada.id);
  assert.equal(shown.usesLeft, 4);
  assert.ok(!JSON.stringify(shown).includes('chtl_'));
  const eve = await house.person('eve');
  await house.token(eve.id);
  const own = await house.perform(listTokens(house.ports), { identity: ada.id }, ada.id);
  assert.deepEqual(
    own.map(({ accessor }) => accessor),
    [caller.accessor],
    "nobody else's",
  );
});

test('a scope within a scope allows no place and no role that the outer does not', () => {
  const word = fc.constantFrom('a', 'b', 'null');
  const scope = fc.option(
    fc.record({
      project: fc.option(word),
      environment: fc.option(word),
      prefix: fc.option(fc.constantFrom('x', 'x/y', 'xy', 'null')),
      roles: fc.option(fc.subarray(['owner', 'service'])),
    }),
  );
  const allows = (by: TokenScope | null, place: string[], role: string): boolean =>
    by === null ||
    ((by.project === null || by.project === place[0]) &&
      (by.environment === null || by.environment === place[1]) &&
      (by.prefix === null || `${place[2]}/`.startsWith(`${by.prefix}/`)) &&
      (by.roles === null || by.roles.includes(role)));
  const place = fc.tuple(word, word, fc.constantFrom('x', 'x/y', 'xy', 'null', 'z'));
  fc.assert(
    fc.property(scope, scope, place, fc.constantFrom('owner', 'service'), (inner, outer, where, role) => {
      if (scopeWithin(inner, outer) && allows(inner, where, role)) assert.ok(allows(outer, where, role));
    }),
    { numRuns: 5_000 },
  );
  assert.throws(() => checkScope({ project: null, environment: 'home', prefix: null, roles: null }));
  assert.throws(() => checkScope({ project: 'Porch', environment: null, prefix: null, roles: null }));
  assert.throws(() => checkScope({ project: 'porch', environment: null, prefix: null, roles: ['"] || true'] }));
});
