import assert from 'node:assert/strict';
import { type TestContext } from 'node:test';
import fc from 'fast-check';
import {
  type FindingRule,
  type Observed,
  type SettleFindings,
  listFindings,
  settleFindings,
  tallyFindings,
} from '#findings';
import type { Scope } from '#policy';
import { type Engine } from '#storage';
import { forEachEngine } from './engines.ts';
import { type Rooms, openRooms } from './rooms.ts';

const HERE = { project: 'porch', environment: 'home' };
const EVERYWHERE: readonly Scope[] = [{ project: null, environment: null, prefix: null }];

const seen = (rule: FindingRule, place: string): Observed => ({
  rule,
  place,
  credential: `cred_${place}`,
  summary: 'x',
});

const settle = async (
  house: Rooms,
  observed: readonly Observed[],
  closes: SettleFindings['closes'] = 'everywhere',
  where = HERE,
) =>
  (
    await house.deeds.perform(settleFindings(house.random), house.owner, {
      ...where,
      rules: ['weak', 'missing'],
      observed,
      closes,
      excusedFor: null,
    })
  ).output;

const list = async (house: Rooms, scopes: readonly Scope[], state: 'open' | 'closed' = 'open') => {
  const input = { state, after: '', limit: 500, now: house.clock.now() };
  const { output } = await house.deeds.perform(
    listFindings(async () => scopes),
    house.owner,
    input,
  );
  return output.map(({ rule, environment, place }) => `${rule} ${environment}/${place}`).toSorted();
};

forEachEngine(
  'the list of findings follows what is seen, and settling twice changes nothing',
  async (_t: TestContext, engine: Engine) => {
    const house = await openRooms(engine);
    assert.deepEqual(await settle(house, [seen('weak', 'a'), seen('weak', 'b'), seen('missing', 'a')]), {
      opened: 3,
      closed: 0,
    });
    assert.deepEqual(await settle(house, [seen('weak', 'a'), seen('weak', 'b'), seen('missing', 'a')]), {
      opened: 0,
      closed: 0,
    });
    assert.deepEqual(await settle(house, [seen('weak', 'b')], ['a']), { opened: 0, closed: 2 });
    assert.deepEqual(await list(house, EVERYWHERE), ['weak home/b']);
    assert.deepEqual(await settle(house, [seen('weak', 'a'), seen('weak', 'b')]), { opened: 1, closed: 0 });
    assert.deepEqual(await list(house, EVERYWHERE, 'closed'), ['missing home/a']);
  },
);

forEachEngine(
  'scopes narrow the list in SQL as places do: a prefix is segments, never a beginning of letters',
  async (_t, engine) => {
    const house = await openRooms(engine);
    const places = ['mqtt', 'mqtt/a', 'mqtt/b/c', 'mqtt-b', 'mqtt0', 'MQTT', 'm_tt', 'zz'];
    await settle(
      house,
      places.map((place) => seen('weak', place)),
    );
    await settle(house, [seen('weak', 'mqtt/a')], 'everywhere', { project: 'porch', environment: 'prod' });
    const scope = (environment: string | null, prefix: string | null): Scope => ({
      project: 'porch',
      environment,
      prefix,
    });
    assert.deepEqual(await list(house, [scope('home', 'mqtt')]), [
      'weak home/mqtt',
      'weak home/mqtt/a',
      'weak home/mqtt/b/c',
    ]);
    assert.deepEqual(await list(house, [scope('home', 'm_tt')]), ['weak home/m_tt']);
    assert.deepEqual(await list(house, [scope('prod', null), scope('home', 'zz')]), [
      'weak home/zz',
      'weak prod/mqtt/a',
    ]);
    assert.deepEqual(await list(house, [scope('none', null)]), []);
    assert.deepEqual(await list(house, []), []);
    assert.equal((await list(house, [scope(null, null)])).length, 9);
    const input = { state: 'open' as const, now: house.clock.now() };
    const { output } = await house.deeds.perform(
      tallyFindings(async () => EVERYWHERE),
      house.owner,
      input,
    );
    assert.deepEqual(output.map(({ environment, rule, count }) => `${environment} ${rule} ${count}`).toSorted(), [
      'home weak 8',
      'prod weak 1',
    ]);
  },
);

forEachEngine('after any sequence of looks, open is exactly what the last look saw', async (_t, engine) => {
  const house = await openRooms(engine);
  const look = fc.array(
    fc.record({
      rule: fc.constantFrom<FindingRule>('weak', 'missing'),
      place: fc.constantFrom('a', 'b', 'c/d', 'é', 'x'.repeat(2_000)),
    }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(look, { minLength: 1, maxLength: 4 }), async (looks) => {
      for (const observed of looks)
        await settle(
          house,
          observed.map(({ rule, place }) => seen(rule, place)),
        );
      const expected = [
        ...new Set(looks.at(-1)!.map(({ rule, place }) => `${rule} home/${place.slice(0, 1_024)}`)),
      ].toSorted();
      assert.deepEqual(await list(house, EVERYWHERE), expected);
    }),
    { numRuns: 40 },
  );
});

forEachEngine('a range closes what lies in it and nothing beside it', async (_t: TestContext, engine: Engine) => {
  const house = await openRooms(engine);
  await settle(
    house,
    ['a', 'b', 'c', 'd', '\u{10fffd}'].map((place) => seen('weak', place)),
  );
  assert.deepEqual(await settle(house, [seen('weak', 'c')], { after: 'a', upTo: 'c' }), { opened: 0, closed: 1 });
  assert.deepEqual(await settle(house, [seen('weak', 'b')], { after: 'a', upTo: 'c' }), { opened: 1, closed: 1 });
  assert.deepEqual(await settle(house, [], { after: 'c', upTo: null }), { opened: 0, closed: 2 });
  assert.deepEqual(await list(house, EVERYWHERE), ['weak home/a', 'weak home/b']);
});
