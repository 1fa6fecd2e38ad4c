import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duration, type Facts } from '#kernel';
import { forEachEngine } from '../../test/engines.ts';
import { SCHEMA, STATIC_POLICIES, TEMPLATES, loadCedar } from './cedar.ts';
import { createException } from './create-exception.ts';
import { createGrant } from './create-grant.ts';
import { credential, openCourt, subject } from './policy.fixture.ts';
import { openPolicy } from './policy.ts';
import { revokeGrant } from './revoke-grant.ts';
import type { Subject } from './subject.ts';

const bearer = (who: Subject): Subject => ({ ...who, factors: ['token'] });
const SYSTEM_CALLER = subject('idn_system', { kind: 'service', factors: ['program'] });

test('the rules and templates are valid in strict mode against the schema', async () => {
  const cedar = await loadCedar();
  const answer = cedar.validate({
    schema: SCHEMA,
    policies: { staticPolicies: STATIC_POLICIES, templates: TEMPLATES },
  });
  assert.ok(answer.type === 'success');
  assert.deepEqual([answer.validationErrors, answer.validationWarnings], [[], []]);
});

forEachEngine('nobody does anything without a grant, and the refusal says what would help', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  const decision = await court.decide(ada, 'credential.read', {});
  assert.deepEqual([decision.allow, decision.rule], [false, 'default-deny']);
  assert.equal(decision.missing[0]?.kind, 'role');
  assert.match(decision.missing[0].remedy, /deployer.*porch\/home\/mqtt\/password/);
  const unknown = await court.decide(ada, 'credential.steal', {});
  assert.deepEqual([unknown.allow, unknown.rule], [false, 'unknown-action']);
  assert.equal((await court.decide(ada, 'constructor.name', {})).rule, 'unknown-action');
});

forEachEngine('a grant holds at its place and below, not beside it', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'service', 'porch/home/mqtt');
  const reads = async (changes: object) => (await court.decide(ada, 'credential.read', changes)).allow;
  assert.ok(await reads({ name: 'mqtt' }));
  assert.ok(await reads({ name: 'mqtt/password' }));
  for (const beside of [
    { name: 'mqttx' },
    { name: 'mqtt2/password' },
    { name: 'MQTT' },
    { name: 'a/mqtt' },
    { environment: 'dev' },
    { project: 'barn' },
  ])
    assert.equal(await reads(beside), false, JSON.stringify(beside));
  assert.equal((await court.decide(ada, 'credential.read', {})).rule, 'role-service');
  assert.equal((await court.decide(ada, 'credential.write', {})).rule, 'default-deny');
});

forEachEngine(
  'a grant that ended gives nothing, says so, and counts in the end of the decision',
  async (_t, engine) => {
    const court = await openCourt(engine);
    const ada = await court.person('ada');
    const { endsAt } = await court.grant(ada.identity, 'service', 'porch', Duration.of(1, 'h'));
    assert.equal((await court.decide(ada, 'credential.read', {})).until, endsAt);
    court.clock.pass(Duration.of(1, 'h'));
    const decision = await court.decide(ada, 'credential.read', {});
    assert.equal(decision.allow, false);
    assert.deepEqual(
      decision.missing.map(({ kind }) => kind),
      ['grant', 'role'],
    );
  },
);

forEachEngine(
  'a revoked grant gives nothing from the next revision on, and nothing inside the same commit',
  async (_t, engine) => {
    const court = await openCourt(engine);
    const ada = await court.person('ada');
    const { id } = await court.grant(ada.identity, 'service', 'porch');
    assert.ok((await court.decide(ada, 'credential.read', {})).allow);
    const deed = revokeGrant(court.ports);
    await court.writer.commit(async (tx) => {
      assert.ok(deed.effect === 'change');
      await deed.apply(tx, { id }, await deed.facts(tx, { id }), { now: court.clock.now(), by: 'idn_x' });
      const request = {
        caller: ada,
        action: 'credential.read',
        facts: { resource: credential() },
        now: court.clock.now(),
      } as const;
      assert.equal((await court.policy.decide(tx, request)).allow, false);
    });
    assert.ok((await court.decide(ada, 'credential.read', {})).allow, 'remembered until the revision is known');
    court.bumpRevision();
    assert.equal((await court.decide(ada, 'credential.read', {})).allow, false);
  },
);

forEachEngine('a read under way when the revision moves leaves nothing behind', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  const { id } = await court.grant(ada.identity, 'service', 'porch');
  let release = () => {};
  const held = new Promise<void>((resolve) => void (release = resolve));
  const slow = await engine.read(async (tx) => ({
    ...tx,
    all: async (...args: Parameters<typeof tx.all>) => {
      const rows = await tx.all(...args);
      await held;
      return rows;
    },
  }));
  const request = {
    caller: ada,
    action: 'credential.read',
    facts: { resource: credential() },
    now: court.clock.now(),
  } as const;
  const old = court.policy.decide(slow as never, request);
  await court.perform(revokeGrant(court.ports), { id });
  release();
  assert.ok((await old).allow, 'the commit compares revisions and asks again');
  assert.equal((await court.decide(ada, 'credential.read', {})).allow, false);
});

forEachEngine('while locked nothing is decided or listed, not even what is remembered', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'owner');
  let locked = false;
  const { rowMac, rowMacs } = court.ports.keys;
  const refuse = (): void => {
    if (locked) throw new Error('locked');
  };
  const policy = openPolicy({
    clock: court.clock,
    keys: { rowMac: () => (refuse(), rowMac()), rowMacs: () => (refuse(), rowMacs()) },
  });
  const read = { caller: ada, action: 'credential.read', facts: { resource: credential() }, now: 0 } as const;
  assert.ok((await engine.read((tx) => policy.decide(tx, read))).allow);
  locked = true;
  await assert.rejects(
    engine.read((tx) => policy.decide(tx, read)),
    /locked/,
  );
  await assert.rejects(
    engine.read((tx) => policy.visible(tx, { caller: ada })),
    /locked/,
  );
});

forEachEngine('a developer never reads or changes a production environment', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'developer', 'porch');
  const prod = { environment: 'prod' };
  assert.ok((await court.decide(ada, 'credential.read', { environment: 'dev' })).allow);
  for (const action of [
    'credential.read',
    'credential.render',
    'credential.write',
    'credential.delete',
    'credential.generate',
  ]) {
    const decision = await court.decide(ada, action, prod);
    assert.deepEqual([decision.allow, decision.rule], [false, 'developer-production'], action);
  }
  assert.ok((await court.decide(ada, 'credential.list', prod)).allow, 'names only');
  await court.grant(ada.identity, 'responder', 'porch');
  assert.equal(
    (await court.decide(ada, 'credential.read', prod)).rule,
    'developer-production',
    'a role that gives no value lifts nothing',
  );
  assert.ok((await court.decide(ada, 'credential.suspend', prod)).allow, 'what the other role gives');
  await court.grant(ada.identity, 'deployer', 'porch/prod');
  assert.equal((await court.decide(ada, 'credential.read', prod)).rule, 'role-deployer');
  assert.equal((await court.decide(ada, 'credential.write', prod)).rule, 'developer-production');
});

forEachEngine('an auditor reads the ledger and no value, whatever else is granted', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'auditor');
  assert.ok(
    (await court.decide(ada, 'ledger.read', { kind: 'ledger', project: null, environment: null, name: null })).allow,
  );
  assert.equal((await court.decide(ada, 'credential.read', {})).allow, false);
  await court.grant(ada.identity, 'owner');
  for (const action of ['credential.read', 'credential.export', 'credential.render'])
    assert.equal((await court.decide(ada, action, {})).rule, 'auditor-no-value');
});

forEachEngine('whoever operates the server runs it and reads no value', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = { ...(await court.person('ada')), operator: true };
  const installation: Facts = {
    resource: credential({
      kind: 'installation',
      id: 'installation',
      project: null,
      environment: null,
      name: null,
      tier: null,
      state: null,
    }),
  };
  assert.equal((await court.decide(ada, 'installation.lock', installation)).rule, 'operator');
  assert.equal((await court.decide({ ...ada, operator: false }, 'installation.lock', installation)).allow, false);
  for (const action of [
    'credential.read',
    'credential.write',
    'credential.list',
    'grant.create',
    'ledger.read',
    'ledger.redact',
  ])
    assert.equal((await court.decide(ada, action, {})).allow, false, action);
});

forEachEngine(
  'a bearer token alone neither reveals nor changes gold, unless an exception in force says so',
  async (_t, engine) => {
    const court = await openCourt(engine);
    const ada = await court.person('ada');
    await court.grant(ada.identity, 'owner');
    const gold = { tier: 'gold' } as const;
    assert.ok((await court.decide(ada, 'credential.read', gold)).allow, 'signed in on the machine');
    assert.ok((await court.decide(bearer(ada), 'credential.read', {})).allow, 'not gold');
    for (const action of ['credential.read', 'credential.write', 'credential.destroy', 'credential.export'])
      for (const factors of [['token'], []]) {
        const decision = await court.decide({ ...ada, factors }, action, gold);
        assert.deepEqual([decision.allow, decision.rule], [false, 'bearer-gold'], action);
      }
    assert.ok((await court.decide(bearer(ada), 'credential.show', gold)).allow);

    const ports = { ...court.ports, isCredential: async () => true };
    const input = {
      rule: 'bearer-gold',
      project: 'porch',
      environment: 'home',
      credential: { id: 'cred_mqtt', name: 'mqtt/password' },
      reason: 'the bridge has no other way',
      life: Duration.of(30, 'd'),
    };
    const refused = await court.attempt(bearer(ada), createException(ports), input);
    assert.ok('rule' in refused && refused.rule === 'bearer-proof', 'a bearer token excuses nobody');
    await court.attempt(ada, createException(ports), input);
    const decision = await court.decide(bearer(ada), 'credential.read', gold);
    assert.deepEqual([decision.allow, decision.until], [true, court.clock.now() + 30 * 86_400_000]);
    assert.equal(
      (await court.decide(bearer(ada), 'credential.read', { ...gold, id: 'cred_other' })).rule,
      'bearer-gold',
    );
    court.clock.pass(Duration.of(30, 'd'));
    assert.equal((await court.decide(bearer(ada), 'credential.read', gold)).rule, 'bearer-gold');

    await court.perform(createException(ports), { ...input, environment: null, credential: null });
    assert.ok(
      (await court.decide(bearer(ada), 'credential.read', { ...gold, id: 'cred_other', environment: 'dev' })).allow,
      'the whole project',
    );
    assert.equal(
      (await court.decide(bearer(ada), 'credential.read', { ...gold, project: 'barn' })).rule,
      'bearer-gold',
    );
  },
);

forEachEngine('a bearer token makes no second proof: no sign-in code, link or kit', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'owner');
  const self: Facts = {
    resource: credential({
      kind: 'identity',
      id: ada.identity,
      project: null,
      environment: null,
      name: null,
      owner: ada.identity,
      tier: null,
    }),
    attributes: { target: ada.identity, operator: false },
  };
  for (const action of ['token.create-sign-in', 'token.create-recovery', 'identity.link']) {
    assert.equal((await court.decide(bearer(ada), action, self)).rule, 'bearer-proof', action);
    assert.ok((await court.decide(ada, action, self)).allow, action);
  }
});

forEachEngine(
  'suspended, compromised and destroyed are not revealed, and the refusal gives the remedy',
  async (_t, engine) => {
    const court = await openCourt(engine);
    const ada = await court.person('ada');
    await court.grant(ada.identity, 'owner');
    for (const state of ['suspended', 'compromised', 'destroyed']) {
      const decision = await court.decide(ada, 'credential.read', { state });
      assert.deepEqual([decision.allow, decision.rule, decision.missing[0]?.kind], [false, `state-${state}`, 'state']);
      assert.ok((await court.decide(ada, 'credential.show', { state })).allow);
    }
    assert.match(
      (await court.decide(ada, 'credential.read', { state: 'suspended' })).missing[0]!.remedy,
      /chatelaine resume/,
    );
  },
);

forEachEngine('the scope of a token narrows what its identity may do', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'owner');
  const narrowed = { ...ada, scope: { project: 'porch', environment: 'home', prefix: 'mqtt', roles: null } };
  assert.ok((await court.decide(narrowed, 'credential.read', {})).allow);
  for (const beside of [{ name: 'mqttx' }, { environment: 'dev' }, { project: 'barn' }])
    assert.equal((await court.decide(narrowed, 'credential.read', beside)).rule, 'token-scope');
  const asAuditor = { ...ada, scope: { project: null, environment: null, prefix: null, roles: ['auditor'] } };
  assert.equal((await court.decide(asAuditor, 'credential.read', {})).allow, false, 'a role that the token leaves out');
  const identity: Facts = {
    resource: credential({
      kind: 'identity',
      id: 'identity',
      project: null,
      environment: null,
      name: null,
      tier: null,
      state: null,
    }),
    attributes: { operator: false },
  };
  assert.equal((await court.decide(narrowed, 'identity.create', identity)).rule, 'token-scope');
});

forEachEngine('a one-time code serves for its step and for nothing else, own or granted', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'owner');
  const code = {
    ...ada,
    factors: ['sign-in-code'],
    scope: { project: null, environment: null, prefix: null, roles: [] },
  };
  const own: Facts = {
    resource: credential({
      kind: 'token',
      id: 'acc_x',
      project: null,
      environment: null,
      name: null,
      owner: ada.identity,
      tier: null,
      state: null,
    }),
    attributes: { target: ada.identity },
  };
  assert.equal((await court.decide(code, 'session.open', own)).rule, 'self');
  for (const action of [
    'token.revoke',
    'token.create',
    'token.lookup',
    'secret.wrap',
    'credential.read',
    'explain.run',
  ])
    assert.deepEqual(
      [(await court.decide(code, action, own)).allow, (await court.decide(code, action, own)).rule],
      [false, 'one-step'],
      action,
    );
});

forEachEngine("everybody acts on his own tokens, and on nobody else's", async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  const token = (owner: string | null): Facts => ({
    resource: credential({
      kind: 'token',
      id: 'acc_x',
      project: null,
      environment: null,
      name: null,
      owner,
      tier: null,
      state: null,
    }),
    attributes: { target: owner ?? '' },
  });
  assert.equal((await court.decide(ada, 'token.revoke', token(ada.identity))).rule, 'self');
  for (const owner of ['idn_eve', null, ''])
    assert.equal((await court.decide(ada, 'token.revoke', token(owner))).allow, false);
  assert.equal(
    (await court.decide(ada, 'credential.read', { owner: ada.identity })).allow,
    false,
    'to own a credential is not to read it',
  );
});

forEachEngine('the program does a closed list of things, and gives the first grant only', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  for (const action of [
    'credential.read',
    'credential.list',
    'credential.write',
    'credential.export',
    'exception.create',
    'policy.write',
    'grant.revoke',
    'ledger.read',
  ])
    assert.equal((await court.decide(SYSTEM_CALLER, action, {})).allow, false, action);
  const input = {
    identity: ada.identity,
    role: 'owner',
    project: null,
    environment: null,
    prefix: null,
    reason: 'first start',
  };
  const first = await court.attempt(SYSTEM_CALLER, createGrant(court.ports), input);
  assert.ok('endsAt' in first && first.endsAt === null);
  const second = await court.attempt(SYSTEM_CALLER, createGrant(court.ports), input);
  assert.ok('rule' in second && second.rule === 'first-grant');
  const notTheProgram = { ...SYSTEM_CALLER, identity: ada.identity };
  assert.equal((await court.decide(notTheProgram, 'installation.start', {})).allow, false);
});

forEachEngine('explain lists every grant, what it covers and gives, and the rule in words', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'developer', 'porch');
  await court.grant(ada.identity, 'auditor', 'barn');
  const explanation = await engine.read((tx) =>
    court.policy.explain(tx, {
      caller: ada,
      action: 'credential.read',
      facts: { resource: credential({ environment: 'prod' }) },
      now: court.clock.now(),
    }),
  );
  assert.equal(explanation.because, 'A developer never reads or changes a production environment.');
  assert.deepEqual(
    explanation.grants
      .map(({ role, place, covers, gives, inForce }) => [role, place, covers, gives, inForce].join(' '))
      .toSorted(),
    ['auditor barn false false true', 'developer porch true true true'],
  );
  assert.match(explanation.decision.missing[0]!.remedy, /maintainer/);
});
