import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Duration, type Id, Secret, hasCode } from '#kernel';
import { systemRandom } from '#kernel/node';
import { statement } from '#storage';
import { forEachEngine } from '../../test/engines.ts';
import { type Caller, systemCaller } from './caller.ts';
import { HERE, type House, openHouse } from './identity.fixture.ts';
import { createOrphanToken } from './create-orphan-token.ts';
import { createToken } from './create-token.ts';
import { suspendIdentity } from './suspend-identity.ts';
import { resumeIdentity } from './resume-identity.ts';
import { revokeToken } from './revoke-token.ts';
import { type Tables, insertIdentity, insertToken, tokenByAccessor } from './tables.ts';
import { newToken, tokenDigest } from './token.ts';

const refusedAlike = (error: unknown): boolean =>
  hasCode(error, 'identity.unauthenticated') && error.message === 'Nobody is proven by this request.';

const refuses = async (house: House, token: Secret, from = HERE): Promise<void> =>
  assert.rejects(house.caller(token, from), refusedAlike);

/** Refused by the name of the row that somebody changed. */
const refusesRow = async (house: House, token: Secret, row: string): Promise<void> =>
  assert.rejects(
    house.caller(token),
    (error) => hasCode(error, 'storage.row_untrue') && error.message.includes(`The ${row} in the database`),
  );

forEachEngine('a token proves its identity, with the one factor it is', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token, accessor } = await house.token(ada.id, { life: Duration.of(1, 'h') });
  const { provenAt, ...caller } = await house.caller(token);
  assert.ok(provenAt > 0, 'the revision of the proof');
  assert.deepEqual(caller, {
    identity: ada.id,
    name: 'ada',
    kind: 'person',
    operator: false,
    accessor,
    factors: ['token'],
    expiresAt: house.clock.now() + 3_600_000,
    uses: 0,
    from: HERE,
    scope: null,
  });
});

forEachEngine('malformed, unknown, expired, revoked, suspended and misplaced all answer alike', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  await refuses(house, Secret.fromText('chtl_short'));
  await refuses(house, newToken(systemRandom));

  const soon = await house.token(ada.id, { life: Duration.of(1, 'm') });
  const placed = await house.token(ada.id, { addresses: ['10.0.0.0/8'] });
  const gone = await house.token(ada.id);
  const caller = await house.caller(gone.token);
  await house.perform(revokeToken(house.ports), { caller }, ada.id);
  await refuses(house, gone.token);
  await refuses(house, placed.token);
  await house.caller(placed.token, { ...HERE, address: '::ffff:10.2.3.4' });
  await house.caller(soon.token);
  house.clock.pass(Duration.of(1, 'm'));
  await refuses(house, soon.token);

  const kept = await house.token(ada.id);
  await house.perform(suspendIdentity(house.ports), { identity: ada.id });
  await refuses(house, kept.token);
  await house.perform(resumeIdentity(house.ports), { identity: ada.id });
  await house.caller(kept.token);
});

forEachEngine(
  'a token of an older key term is still found, and rows of the older row key are still true',
  async (_t, engine) => {
    const house = await openHouse(engine);
    const ada = await house.person('ada');
    const { token } = await house.token(ada.id);
    house.turnKeys();
    house.bumpRevision();
    assert.equal((await house.caller(token)).name, 'ada');
    const { token: newer } = await house.token(ada.id);
    assert.equal((await house.caller(newer)).name, 'ada');
  },
);

forEachEngine('what was remembered at one revision is forgotten at the next', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token, accessor } = await house.token(ada.id);
  await house.caller(token);
  await house.writer.commit((tx) => tx.run(removeToken, { accessor }));
  assert.equal((await house.caller(token)).name, 'ada', 'remembered: nothing said that the revision moved');
  house.bumpRevision();
  await refuses(house, token);
});

forEachEngine('inside a commit that changed something, nothing remembered counts', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token, accessor } = await house.token(ada.id);
  await house.caller(token);
  await house.writer.commit(async (tx) => {
    await tx.run(removeToken, { accessor });
    await assert.rejects(house.identity.authenticate(tx, token, HERE, house.clock.now()), refusedAlike);
  });
});

forEachEngine('a forged token row is refused, whoever inserts it', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { accessor } = await house.token(ada.id);
  const row = (await engine.read((tx) => tx.one(tokenByAccessor, { accessor })))!;
  const mine = newToken(systemRandom);
  // Even one who knew the token key could not make the code over the row.
  const digest = tokenDigest(house.ports.keys.tokenMacs()[0]!, mine);
  await house.writer.commit((tx) => tx.run(insertToken, { ...row, accessor: 'acc_forged', digest }));
  house.bumpRevision();
  await refusesRow(house, mine, 'token acc_forged');
  const forged: Caller = { ...systemCaller(), identity: ada.id as Id<'idn'>, accessor: 'acc_forged' };
  assert.equal(await engine.read((tx) => house.identity.recheck(tx, forged, 0)), 'token unknown');
});

test('every column of a token is under its code: changing any one ends the token', async (t) => {
  const changes: Readonly<Record<string, string | number | Uint8Array | null>> = {
    identity: 'other',
    parent: 'acc_x',
    kind: 'session',
    display: 'x',
    factors: '["token","os-user"]',
    scope: '[null,null,null,null]',
    addresses: '["0.0.0.0/0"]',
    created_at: 1,
    expires_at: null,
    max_expires_at: null,
    period: 1,
    renewable: 0,
    uses: 5,
    revoked_at: 7,
  };
  const { openSqlite } = await import('#storage');
  const { temporaryFolder } = await import('../../test/engines.ts');
  const engine = openSqlite({ folder: temporaryFolder() });
  t.after(() => engine.close());
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const eve = await house.person('eve');
  for (const [column, value] of Object.entries(changes)) {
    const { token, accessor } = await house.token(ada.id, { renewable: true });
    await house.writer.commit((tx) =>
      tx.query<Tables, unknown>((db) =>
        db
          .updateTable('token')
          .set({ [column]: column === 'identity' ? eve.id : value })
          .where('accessor', '=', accessor)
          .returning('accessor'),
      ),
    );
    house.bumpRevision();
    await t.test(column, () => refusesRow(house, token, `token ${accessor}`));
  }
});

forEachEngine('a forged or edited identity row is nobody', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token } = await house.token(ada.id);
  await house.writer.commit((tx) => tx.run(makeOperator, { id: ada.id }));
  house.bumpRevision();
  await refusesRow(house, token, `identity ${ada.id}`);
  await assert.rejects(house.token(ada.id), (error) => hasCode(error, 'identity.absent'));

  const row = {
    kind: 'person',
    state: 'active',
    operator: 1,
    os_user: 0,
    created_at: 0,
    created_by: 'x',
    mac: new Uint8Array(32),
  };
  await house.writer.commit((tx) =>
    tx.run(insertIdentity, { ...row, id: 'idn_system', name: 'mallory', name_key: 'mallory' }),
  );
  house.bumpRevision();
  await assert.rejects(
    engine.read((tx) => house.identity.proveOsUser(tx, 0, HERE)),
    (error) => hasCode(error, 'storage.row_untrue') && error.message.includes('identity idn_system'),
  );
});

forEachEngine('a use-limited token gives its uses and no more, also in one commit', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token } = await house.token(ada.id, { uses: 3 });
  const callers = await Promise.all(Array.from({ length: 4 }, () => house.caller(token)));
  const counted = await house.writer.commit(async (tx) => {
    const answers: boolean[] = [];
    for (const caller of [callers[0]!, ...callers]) answers.push(await house.identity.consume(tx, caller));
    return answers;
  });
  assert.deepEqual(counted, [true, true, true, true, false], 'the first asked twice');
  await refuses(house, token);
  assert.equal(await engine.read((tx) => house.identity.recheck(tx, callers[0]!, house.clock.now())), 'token used up');
});

forEachEngine('a use is a request, whatever it does further; the next request is another', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token } = await house.token(ada.id, { uses: 1 });
  const [caller, other] = [await house.caller(token), await house.caller(token)];
  const consume = (who: Caller) => house.writer.commit((tx) => house.identity.consume(tx, who));
  const recheck = (who: Caller) => engine.read((tx) => house.identity.recheck(tx, who, house.clock.now()));
  assert.equal(await consume(caller), true);
  assert.equal(await recheck(caller), 'token used up', 'as long as nobody said that it is durable');
  house.identity.counted(caller);
  assert.deepEqual([await consume(caller), await recheck(caller)], [true, null]);
  assert.deepEqual([await consume(other), await recheck(other)], [false, 'token used up']);
  await refuses(house, token);
  await house.perform(suspendIdentity(house.ports), { identity: ada.id });
  assert.equal(await recheck(caller), 'identity suspended', 'everything else is asked again');
});

forEachEngine('a use-limited token makes no token of more uses', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token } = await house.token(ada.id, { uses: 3 });
  const caller = await house.caller(token);
  const beyond = (error: unknown): boolean => hasCode(error, 'identity.beyond_parent');
  await assert.rejects(house.perform(createToken(house.ports), { caller }, ada.id), beyond);
  await assert.rejects(house.perform(createOrphanToken(house.ports), { caller, identity: ada.id }, ada.id), beyond);
  await house.perform(createToken(house.ports), { caller, kind: 'wrapping', uses: 1 }, ada.id);
});

forEachEngine('a removed count gives no uses back', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const { token, accessor } = await house.token(ada.id, { uses: 3 });
  await house.writer.commit((tx) => tx.run(removeUse, { accessor }));
  await refuses(house, token);
});

forEachEngine('recheck says why a caller is no longer valid', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  const caller = await house.caller(
    (await house.token(ada.id, { life: Duration.of(1, 'h'), addresses: ['192.168.1.0/24'] })).token,
  );
  const why = (who: Caller, at = house.clock.now()) => engine.read((tx) => house.identity.recheck(tx, who, at));
  assert.equal(await why(caller), null);
  assert.equal(await why(caller, house.clock.now() + 3_600_000), 'token expired');
  assert.equal(await why({ ...caller, from: { ...HERE, address: '10.0.0.1' } }), 'address outside');
  assert.equal(await why({ ...caller, accessor: null }), 'user of the operating system unlinked');
  const eve = await house.person('eve');
  assert.equal(await why({ ...caller, identity: eve.id as Id<'idn'> }), 'token of another');
  assert.equal(await why(systemCaller()), null);
  await house.perform(suspendIdentity(house.ports), { identity: ada.id });
  assert.equal(await why(caller), 'identity suspended');
  await house.perform(resumeIdentity(house.ports), { identity: ada.id });
  await house.perform(revokeToken(house.ports), { caller }, ada.id);
  assert.equal(await why(caller), 'token revoked');
});

forEachEngine('CVE-2025-54999: an unknown token is looked up in the same steps as a known one', async (_t, engine) => {
  const house = await openHouse(engine);
  const ada = await house.person('ada');
  house.turnKeys();
  const { token: known } = await house.token(ada.id, { life: Duration.of(1, 's') });
  house.clock.pass(Duration.of(1, 'm'));
  const steps = async (token: Secret): Promise<string[]> => {
    const taken: string[] = [];
    house.bumpRevision();
    await engine.read(async (tx) => {
      const watched: typeof tx = {
        ...tx,
        one: (asked, input) => {
          taken.push(asked.compiled(engine.kind).sql);
          return tx.one(asked, input);
        },
      };
      await assert.rejects(house.identity.authenticate(watched, token, HERE, house.clock.now()), refusedAlike);
    });
    return taken;
  };
  const [first, second] = [await steps(known), await steps(newToken(systemRandom))];
  assert.deepEqual(first, second);
  assert.equal(first.length, 3, 'one for each term of the key, one for the identity');
});

const removeToken = statement<Tables, { accessor: string }>((db, { accessor }) =>
  db.deleteFrom('token').where('accessor', '=', accessor),
);
const removeUse = statement<Tables, { accessor: string }>((db, { accessor }) =>
  db.deleteFrom('token_use').where('accessor', '=', accessor),
);
const makeOperator = statement<Tables, { id: string }>((db, { id }) =>
  db.updateTable('identity').set({ operator: 1 }).where('id', '=', id),
);
