import assert from 'node:assert/strict';
import { Duration, hasCode } from '#kernel';
import { forEachEngine } from '../../test/engines.ts';
import { breakGlass } from './break-glass.ts';
import { createIdentity } from './create-identity.ts';
import { createSignInCode } from './create-sign-in-code.ts';
import { createToken } from './create-token.ts';
import { HERE, openHouse } from './identity.fixture.ts';
import { linkOsUser } from './link-os-user.ts';
import { listIdentities } from './list-identities.ts';
import { makeRecoveryToken } from './make-recovery-token.ts';
import { openOsSession } from './open-os-session.ts';
import { redeemSignInCode } from './redeem-sign-in-code.ts';
import { suspendIdentity } from './suspend-identity.ts';

const code = (wanted: string) => (error: unknown) => hasCode(error, wanted);

forEachEngine('a sign-in code opens one session, which carries both proofs', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token } = await house.perform(createSignInCode(house.ports), { identity: ada.id });
  await assert.rejects(house.caller(token), code('identity.unauthenticated'), 'a code is no token');
  const caller = await engine.read((tx) => house.identity.proveSignInCode(tx, token, HERE, house.clock.now()));
  assert.deepEqual([caller.factors, caller.scope?.roles], [['sign-in-code'], []]);
  const session = await house.perform(redeemSignInCode(house.ports), { caller }, ada.id);
  assert.deepEqual((await house.caller(session.token)).factors, ['token', 'sign-in-code']);
  await assert.rejects(
    house.perform(redeemSignInCode(house.ports), { caller }, ada.id),
    code('identity.unauthenticated'),
  );
  await assert.rejects(engine.read((tx) => house.identity.proveSignInCode(tx, token, HERE, house.clock.now())));
});

forEachEngine('CVE-2025-55003: of two who send one code in the same moment one is refused', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token } = await house.perform(createSignInCode(house.ports), { identity: ada.id });
  const caller = await engine.read((tx) => house.identity.proveSignInCode(tx, token, HERE, house.clock.now()));
  const both = await Promise.allSettled(
    [0, 1].map(() => house.perform(redeemSignInCode(house.ports), { caller }, ada.id)),
  );
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
});

forEachEngine('a code ends after 15 minutes and makes no tokens', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token } = await house.perform(createSignInCode(house.ports), { identity: ada.id });
  const caller = await engine.read((tx) => house.identity.proveSignInCode(tx, token, HERE, house.clock.now()));
  await assert.rejects(house.perform(createToken(house.ports), { caller }, ada.id), code('identity.beyond_parent'));
  house.clock.pass(Duration.of(15, 'm'));
  await assert.rejects(
    house.perform(redeemSignInCode(house.ports), { caller }, ada.id),
    code('identity.unauthenticated'),
  );
});

forEachEngine('the same user of the operating system is signed in, and nobody else', async (_t, engine) => {
  const house = await openHouse(engine);
  const [ada, eve] = [await house.person('ada'), await house.person('eve')];
  await house.perform(linkOsUser(house.ports), { identity: ada.id, uid: 1000 });
  const caller = await engine.read((tx) => house.identity.proveOsUser(tx, 1000, HERE));
  assert.deepEqual([caller.name, caller.accessor, caller.factors], ['ada', null, ['os-user']]);
  const session = await house.perform(openOsSession(house.ports), { caller }, ada.id);
  assert.deepEqual((await house.caller(session.token)).factors, ['token', 'os-user']);

  await assert.rejects(
    engine.read((tx) => house.identity.proveOsUser(tx, 1001, HERE)),
    code('identity.unauthenticated'),
  );
  await assert.rejects(
    house.perform(linkOsUser(house.ports), { identity: eve.id, uid: 1000 }),
    code('identity.already'),
  );
  for (const uid of [-1, 1.5, 4_294_967_295])
    await assert.rejects(house.perform(linkOsUser(house.ports), { identity: eve.id, uid }), code('identity.malformed'));
  await house.perform(linkOsUser(house.ports), { identity: ada.id, uid: null });
  await assert.rejects(house.perform(openOsSession(house.ports), { caller }, ada.id), code('identity.unauthenticated'));
  assert.equal(
    await engine.read((tx) => house.identity.recheck(tx, caller, house.clock.now())),
    'user of the operating system unlinked',
  );
});

forEachEngine('a session opened by a token cannot be turned into an os-user session', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  await house.perform(linkOsUser(house.ports), { identity: ada.id, uid: 1000 });
  const caller = await house.caller((await house.token(ada.id)).token);
  await assert.rejects(house.perform(openOsSession(house.ports), { caller }, ada.id), code('identity.unauthenticated'));
});

forEachEngine('the recovery kit breaks the glass once: a session, everything else ends, loudly', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const old = await house.token(ada.id);
  const first = await house.perform(makeRecoveryToken(house.ports), { identity: ada.id });
  const kit = await house.perform(makeRecoveryToken(house.ports), { identity: ada.id });
  const prove = (token: typeof kit.token) =>
    engine.read((tx) => house.identity.proveRecoveryKit(tx, token, HERE, house.clock.now()));
  await assert.rejects(prove(first.token), code('identity.unauthenticated'), 'the newer kit replaced it');
  await house.perform(suspendIdentity(house.ports), { identity: ada.id });
  house.clock.pass(Duration.of(3_000, 'd'));

  const caller = await prove(kit.token);
  assert.deepEqual([caller.factors, caller.scope?.roles], [['recovery-kit'], []]);
  const deed = breakGlass(house.ports);
  const broken = await house.perform(deed, { caller }, ada.id);
  assert.match(deed.summary!({ caller }, broken).note!, /^BREAK-GLASS/);
  assert.deepEqual((await house.caller(broken.token)).factors, ['token', 'recovery-kit']);
  await assert.rejects(house.caller(old.token), code('identity.unauthenticated'));
  await assert.rejects(prove(kit.token), code('identity.unauthenticated'), 'a kit serves once');
  await assert.rejects(house.perform(deed, { caller }, ada.id), code('identity.unauthenticated'));
});

forEachEngine(
  'CVE-2025-54996, GHSA-mwr2-wmgp-crj6: names that are not canonical, or reserved, are refused',
  async (_t, engine) => {
    const house = await openHouse(engine);
    await house.person('ada');
    for (const name of [
      'Ada',
      'ada ',
      ' ada',
      'a da',
      '',
      'аda',
      'ada\u0000',
      '../ada',
      '-ada',
      'a'.repeat(65),
      'ａda',
      "ada';--",
    ])
      await assert.rejects(house.person(name), code('identity.malformed'), JSON.stringify(name));
    for (const name of ['system', 'root', 'anonymous'])
      await assert.rejects(house.person(name), code('identity.name_reserved'));
    await assert.rejects(house.person('ada'), code('identity.name_taken'));
    await assert.rejects(
      house.perform(createIdentity(house.ports), { name: 'bob', kind: 'admin' as 'person' }),
      code('identity.malformed'),
    );
  },
);

forEachEngine('a page of nothing, zero or less is never everything', async (_t, engine) => {
  const house = await openHouse(engine);
  for (const name of ['ada', 'bob', 'cleo']) await house.person(name);
  for (const count of [0, -1, Number.NaN, -Infinity, 0.5])
    assert.equal((await house.perform(listIdentities(house.ports), { count })).length, 1, String(count));
  const page = await house.perform(listIdentities(house.ports), { after: 'ada', count: 10 });
  assert.deepEqual(
    page.map(({ name }) => name),
    ['bob', 'cleo'],
  );
});
