import assert from 'node:assert/strict';
import { Duration } from '#kernel';
import type { Value } from '#storage';
import { forEachEngine } from '../../test/engines.ts';
import { createException } from './create-exception.ts';
import { listPolicies } from './list-policies.ts';
import { type Court, openCourt } from './policy.fixture.ts';
import { storePolicy } from './store-policy.ts';
import { type Tables, insertException, insertGrant, insertPolicy } from './tables.ts';

const NO_CODE = new Uint8Array(32);

const edit = async (court: Court, table: keyof Tables, id: string, column: string, value: Value): Promise<void> => {
  await court.writer.commit((tx) =>
    tx.query<Record<string, Record<string, Value>>, unknown>((db) =>
      db
        .updateTable(table)
        .set({ [column]: value })
        .where('id', '=', id)
        .returning('id'),
    ),
  );
  court.bumpRevision();
};

forEachEngine('a forged grant gives nothing', async (_t, engine) => {
  const court = await openCourt(engine);
  const eve = await court.person('eve');
  const row = {
    identity: eve.identity,
    role: 'owner',
    project: null,
    environment: null,
    prefix: null,
    reason: 'because',
    created_at: 0,
    created_by: 'idn_eve',
    ends_at: null,
    revoked_at: null,
  };
  await court.writer.commit((tx) => tx.run(insertGrant, { ...row, id: 'grt_forged', mac: NO_CODE }));
  court.bumpRevision();
  const { rule, missing } = await court.decide(eve, 'credential.read', {});
  assert.equal(rule, 'default-deny');
  assert.match(missing.map(({ remedy }) => remedy).join(), /grant grt_forged in the database is not as it was written/);
  assert.deepEqual(await engine.read((tx) => court.policy.visible(tx, { caller: eve })), []);
});

forEachEngine('a grant that was edited in any column gives nothing', async (_t, engine) => {
  const court = await openCourt(engine);
  const eve = await court.person('eve');
  const bob = await court.person('bob');
  const changes: Readonly<Record<string, Value>> = {
    identity: bob.identity,
    role: 'owner',
    project: null,
    environment: 'dev',
    prefix: null,
    reason: 'x',
    created_at: 1,
    created_by: 'x',
    ends_at: null,
  };
  for (const [column, value] of Object.entries(changes)) {
    const { id } = await court.grant(eve.identity, 'service', 'porch/home/mqtt', Duration.of(1, 'h'));
    assert.ok((await court.decide(eve, 'credential.read', {})).allow);
    await edit(court, 'role_grant', id, column, value);
    for (const who of [eve, bob])
      for (const environment of ['home', 'dev'])
        assert.equal((await court.decide(who, 'credential.read', { environment })).allow, false, column);
  }
});

forEachEngine('a revoked grant that is made unrevoked by hand gives nothing', async (_t, engine) => {
  const court = await openCourt(engine);
  const eve = await court.person('eve');
  const { id } = await court.grant(eve.identity, 'service', 'porch');
  const { revokeGrant } = await import('./revoke-grant.ts');
  await court.perform(revokeGrant(court.ports), { id });
  await edit(court, 'role_grant', id, 'revoked_at', null);
  assert.equal((await court.decide(eve, 'credential.read', {})).allow, false);
});

forEachEngine('a forged or lengthened exception excuses nothing, and the refusal names it', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = { ...(await court.person('ada')), factors: ['token'] };
  await court.grant(ada.identity, 'owner');
  const row = {
    rule: 'bearer-gold',
    resource: 'porch',
    reason: 'because',
    created_at: 0,
    created_by: 'idn_ada',
    ends_at: 9e15,
  };
  await court.writer.commit((tx) => tx.run(insertException, { ...row, id: 'exc_forged', mac: NO_CODE }));
  court.bumpRevision();
  const rule = async () => (await court.decide(ada, 'credential.read', { tier: 'gold' })).rule;
  const named = async () =>
    (await court.decide(ada, 'credential.read', { tier: 'gold' })).missing
      .filter(({ kind, remedy }) => kind === 'exception' && remedy.includes('chatelaine doctor'))
      .flatMap(({ what }) => what);
  assert.equal(await rule(), 'bearer-gold');
  assert.deepEqual(await named(), ['exc_forged']);

  const ports = { ...court.ports, isCredential: async () => true };
  const { id } = await court.perform(createException(ports), {
    rule: 'bearer-gold',
    project: 'porch',
    environment: 'home',
    credential: null,
    reason: 'no other way',
    life: Duration.of(1, 'h'),
  });
  assert.equal(await rule(), 'role-owner');
  await edit(court, 'rule_exception', id, 'ends_at', 9e15);
  assert.equal(await rule(), 'bearer-gold');
  assert.deepEqual((await named()).toSorted(), [id, 'exc_forged'].toSorted());
});

forEachEngine(
  'a forged or weakened policy stops its project rather than letting anything through',
  async (_t, engine) => {
    const court = await openCourt(engine);
    const ada = await court.person('ada');
    await court.grant(ada.identity, 'owner');
    const text = 'forbid(principal, action == Action::"credential.export", resource);';
    const { id } = await court.perform(storePolicy(court.ports), { project: 'porch', text });
    assert.ok((await court.decide(ada, 'credential.read', {})).allow);
    await edit(court, 'policy', id, 'text', text.replace('export', 'wave'));
    const { rule, missing } = await court.decide(ada, 'credential.export', {});
    assert.equal(rule, 'policy-error');
    assert.match(missing[0]!.remedy, new RegExp(`policy ${id} in the database`));
    assert.ok((await court.decide(ada, 'credential.export', { project: 'barn' })).allow);

    const listed = await court.perform(listPolicies(court.ports), { project: 'porch' });
    assert.deepEqual(
      listed.map(({ genuine }) => genuine),
      [false],
    );

    const permit = 'permit(principal, action, resource);';
    await court.writer.commit((tx) =>
      tx.run(insertPolicy, {
        id: 'pol_forged',
        project: 'barn',
        text: permit,
        created_at: 0,
        created_by: 'idn_eve',
        mac: NO_CODE,
      }),
    );
    court.bumpRevision();
    const eve = await court.person('eve');
    assert.equal((await court.decide(eve, 'credential.read', { project: 'barn' })).allow, false);
  },
);
