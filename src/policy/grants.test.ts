import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duration, hasCode } from '#kernel';
import { forEachEngine } from '../../test/engines.ts';
import { createException } from './create-exception.ts';
import { type CreateGrant, createGrant } from './create-grant.ts';
import { listExceptions } from './list-exceptions.ts';
import { listGrants } from './list-grants.ts';
import { type Court, openCourt, scope, subject } from './policy.fixture.ts';
import { POSTURES, POSTURE_NAMES, lendable, postureOf, reachOf } from './postures.ts';
import { revokeException } from './revoke-exception.ts';
import { revokeGrant } from './revoke-grant.ts';
import { ROLE_NAMES } from './roles.ts';

const code = (wanted: string) => (error: unknown) => hasCode(error, wanted);

const asked = (role: string, place: string, more: Partial<CreateGrant> = {}): CreateGrant => ({
  identity: 'idn_bob',
  role,
  reason: 'asked for it',
  ...scope(place),
  ...more,
});

const mayGive = async (court: Court, giver: string, role: string, place: string): Promise<boolean> => {
  const outcome = await court.attempt(subject(giver), createGrant(court.ports), asked(role, place));
  return !('rule' in outcome);
};

for (const posture of POSTURE_NAMES)
  forEachEngine(`posture ${posture}: who may give which role is what its matrix says`, async (_t, engine) => {
    const court = await openCourt(engine);
    court.posture = posture;
    await court.person('bob');
    for (const holder of ROLE_NAMES) {
      await court.person(holder);
      await court.perform(createGrant(court.ports), { ...asked(holder, 'porch', { identity: `idn_${holder}` }) });
    }
    for (const holder of ROLE_NAMES)
      for (const role of ROLE_NAMES)
        assert.equal(
          await mayGive(court, `idn_${holder}`, role, 'porch/dev'),
          POSTURES[posture].gives[holder]?.includes(role) ?? false,
          `${holder} gives ${role}`,
        );
    assert.equal(await mayGive(court, 'idn_owner', 'developer', 'barn'), false, 'elsewhere');
    assert.equal(await mayGive(court, 'idn_owner', 'developer', '/'), false, 'above');
  });

test('no posture lets anybody but an owner make an owner or a maintainer', () => {
  for (const posture of POSTURE_NAMES)
    for (const holder of ROLE_NAMES)
      if (holder !== 'owner')
        for (const role of ['owner', 'maintainer'] as const)
          assert.ok(!reachOf(posture, 'gives', [holder]).includes(role));
  assert.deepEqual(lendable(['maintainer']), ['developer', 'device']);
  assert.equal(postureOf('nonsense'), 'maker', 'what is not known is strict');
  assert.equal(postureOf('constructor'), 'maker');
});

forEachEngine('a grant needs a role, a place, a reason and an identity that exist', async (_t, engine) => {
  const court = await openCourt(engine);
  await court.person('bob');
  const give = (input: CreateGrant) => court.perform(createGrant(court.ports), input);
  await assert.rejects(give(asked('god', 'porch')), code('policy.malformed'));
  await assert.rejects(give(asked('developer', 'attic')), code('policy.place_absent'));
  await assert.rejects(give(asked('developer', 'porch/attic')), code('policy.place_absent'));
  await assert.rejects(give({ ...asked('developer', '/'), prefix: 'mqtt' }), code('policy.malformed'));
  await assert.rejects(give({ ...asked('developer', '/'), environment: 'home' }), code('policy.malformed'));
  await assert.rejects(give({ ...asked('developer', 'porch/home'), prefix: '../x' }), code('path.malformed'));
  await assert.rejects(give(asked('developer', 'porch', { identity: 'nobody' })), code('policy.malformed'));
  for (const reason of ['', '  ', 'a\nb', 'x'.repeat(501)])
    await assert.rejects(give(asked('developer', 'porch', { reason })), code('policy.malformed'));
});

forEachEngine('a grant ends when the posture says, and never later than it allows', async (_t, engine) => {
  const court = await openCourt(engine);
  await court.person('bob');
  const give = (more: Partial<CreateGrant>, role = 'developer') =>
    court.perform(createGrant(court.ports), asked(role, 'porch', more));
  assert.equal((await give({})).endsAt, null, 'home: without end');
  court.posture = 'team';
  assert.equal((await give({})).endsAt, court.clock.now() + 90 * 86_400_000);
  await assert.rejects(give({ life: null }), code('policy.too_long'));
  await assert.rejects(give({ life: Duration.of(367, 'd') }), code('policy.too_long'));
  await assert.rejects(give({ life: Duration.of(0, 's') }), code('policy.malformed'));
  assert.equal((await give({}, 'owner')).endsAt, null, 'an owner answers without end');
});

forEachEngine('the last owner of the installation stays', async (_t, engine) => {
  const court = await openCourt(engine);
  await court.person('ada');
  await court.person('bob');
  const first = await court.grant('idn_ada', 'owner');
  const take = (id: string) => court.perform(revokeGrant(court.ports), { id });
  await assert.rejects(take(first.id), code('policy.last_owner'));
  await court.grant('idn_bob', 'owner', '/', Duration.of(1, 'h'));
  court.clock.pass(Duration.of(1, 'h'));
  await assert.rejects(take(first.id), code('policy.last_owner'), 'the other one ended');
  await court.grant('idn_bob', 'owner');
  await take(first.id);
  await assert.rejects(take(first.id), code('policy.grant_absent'), 'taken once');
});

forEachEngine("a maintainer takes no owner's grant, a responder takes all but owners'", async (_t, engine) => {
  const court = await openCourt(engine);
  for (const name of ['ada', 'max', 'rita', 'dev']) await court.person(name);
  const owner = await court.grant('idn_ada', 'owner', 'porch');
  const maintainer = await court.grant('idn_max', 'maintainer', 'porch');
  await court.grant('idn_rita', 'responder', 'porch');
  const take = async (who: string, id: string) => court.attempt(subject(who), revokeGrant(court.ports), { id });
  const rule = (outcome: object) => ('rule' in outcome ? outcome.rule : 'taken');
  assert.equal(rule(await take('idn_max', owner.id)), 'grant-matrix');
  assert.equal(rule(await take('idn_rita', owner.id)), 'grant-matrix');
  assert.equal(rule(await take('idn_rita', maintainer.id)), 'taken');
});

forEachEngine(
  'proofs for somebody are handed out only by one who could give each of his rights',
  async (_t, engine) => {
    const court = await openCourt(engine);
    for (const name of ['ada', 'max', 'hub', 'cam']) await court.person(name);
    await court.grant('idn_ada', 'owner');
    await court.grant('idn_max', 'maintainer', 'porch');
    await court.grant('idn_hub', 'device', 'porch/home');
    await court.grant('idn_cam', 'device', 'barn/home');
    const lend = async (who: string, target: string, operator = false) =>
      (
        await court.decide(subject(who), 'token.create-orphan', {
          resource: {
            kind: 'identity',
            id: target,
            project: null,
            environment: null,
            name: null,
            production: false,
            tier: null,
            owner: target,
            state: 'active',
          },
          attributes: { target, operator },
        })
      ).rule;
    assert.equal(await lend('idn_max', 'idn_hub'), 'role-maintainer');
    assert.equal(await lend('idn_max', 'idn_cam'), 'beyond-reach', 'a right in another project');
    assert.equal(await lend('idn_max', 'idn_ada'), 'beyond-reach', 'an owner');
    assert.equal(await lend('idn_hub', 'idn_cam'), 'beyond-reach');
    assert.equal(await lend('idn_ada', 'idn_max'), 'role-owner');
    assert.equal(await lend('idn_ada', 'idn_cam', true), 'operator-by-operator');
    await court.grant('idn_hub', 'maintainer', 'porch/home');
    assert.equal(await lend('idn_max', 'idn_hub'), 'beyond-reach', 'no longer');
  },
);

forEachEngine('a list of grants shows true rows of its project, a page at a time', async (_t, engine) => {
  const court = await openCourt(engine);
  await court.person('bob');
  for (const place of ['porch', 'porch/home', 'barn']) await court.grant('idn_bob', 'service', place);
  const list = (input: object) => court.perform(listGrants(court.ports), input);
  assert.deepEqual((await list({ project: 'porch' })).map(({ place }) => place).toSorted(), ['porch', 'porch/home']);
  assert.equal((await list({})).length, 3);
  for (const count of [0, -5, Number.NaN]) assert.equal((await list({ count })).length, 1);
  await assert.rejects(list({ project: 'attic' }), code('policy.place_absent'));
});

forEachEngine('an exception is for one rule, one place the caller rules, and a time', async (_t, engine) => {
  const court = await openCourt(engine);
  const known = { id: 'cred_a', project: 'porch', environment: 'home', name: 'mqtt' };
  const ports = {
    ...court.ports,
    isCredential: async (_tx: unknown, asked: object) => JSON.stringify(asked) === JSON.stringify(known),
    whereIs: async () => ({ project: 'porch', environment: 'home' }),
  };
  const input = {
    rule: 'bearer-gold',
    project: 'porch',
    environment: 'home',
    credential: { id: 'cred_a', name: 'mqtt' },
    reason: 'no other way',
    life: Duration.of(1, 'd'),
  };
  const make = (more: object) => court.perform(createException(ports), { ...input, ...more });
  await assert.rejects(make({ rule: 'auditor-no-value' }), code('policy.malformed'), 'a rule that always holds');
  await assert.rejects(make({ life: Duration.of(367, 'd') }), code('policy.too_long'));
  await assert.rejects(
    make({ credential: { id: 'cred_b', name: 'mqtt' } }),
    code('policy.place_absent'),
    'CVE-2026-45808: an id from elsewhere',
  );
  await assert.rejects(make({ environment: 'attic' }), code('policy.place_absent'));

  const { id } = await make({});
  const list = () => court.perform(listExceptions(ports), {});
  assert.deepEqual(
    (await list()).map(({ rule, resource }) => [rule, resource]),
    [['bearer-gold', 'cred_a']],
  );
  await court.perform(revokeException(ports), { id });
  await assert.rejects(court.perform(revokeException(ports), { id }), code('policy.exception_absent'));
});
