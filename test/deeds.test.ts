import assert from 'node:assert/strict';
import { CredentialPath, Secret, hasCode } from '#kernel';
import { type Caller, createIdentity, createOrphanToken, suspendIdentity } from '#identity';
import { listCredentials } from '#inventory';
import { encodeEntry, headOf, readEntry } from '#ledger';
import { createGrant, revokeGrant } from '#policy';
import { readVersion, writeVersion } from '#secrets';
import { statement } from '#storage';
import { verifyLog } from '../src/ledger/tree/verify.ts';
import { verifierKey } from '../src/ledger/tree/verifier-key.ts';
import { forEachEngine } from './engines.ts';
import { type Rooms, openRooms, reopenRooms } from './rooms.ts';

const PATH = CredentialPath.parse('porch/home/mqtt/password');
const HERE = { address: '127.0.0.1', agent: 'test' };

const write = (house: Rooms, caller: Caller, text: string, path = PATH) =>
  writeVersion(house.secrets, caller, {
    path,
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });

const newest = { path: PATH, version: 0 };

/** A developer with a token, and the grant that makes him one. */
const developer = async (house: Rooms, uses = 0) => {
  const { output: identity } = await house.deeds.perform(createIdentity(house.identityPorts), house.owner, {
    name: `dev-${uses}`,
    kind: 'person',
  });
  const { output: grant } = await house.deeds.perform(createGrant(house.grantPorts), house.owner, {
    identity: identity.id,
    role: 'developer',
    project: 'porch',
    environment: null,
    prefix: null,
    reason: 'test',
  });

  const { output: minted } = await house.deeds.perform(createOrphanToken(house.identityPorts), house.owner, {
    caller: house.owner,
    identity: identity.id,
    uses,
  });
  const prove = () => house.engine.read((tx) => house.identity.authenticate(tx, minted.token, HERE, house.clock.now()));
  return { identity, grant, prove };
};

const sizeOf = (house: Rooms): number => house.deeds.head()?.size ?? 0;

/** What anyone can check with the public key alone. */
const verifies = async (house: Rooms): Promise<boolean> => {
  const { origin } = house.installation();
  const head = house.deeds.head()!;
  const entries: Uint8Array[] = [];
  await house.engine.snapshot(async (tx) => {
    for (let i = 0; i < head.size; i++) entries.push(encodeEntry((await readEntry(tx, i, head.size)).commitment));
  });
  const report = await verifyLog({
    checkpointNote: head.checkpoint,
    verifierKey: verifierKey(origin, house.sealing.signer(origin).publicKey),
    entries,
  });
  return report.ok;
};

forEachEngine('a value written is read back, each with an entry that binds or names it', async (_t, engine) => {
  const house = await openRooms(engine);
  const before = sizeOf(house);
  const written = await write(house, house.owner, 'correct horse');
  const read = await readVersion(house.secrets, house.owner, newest);
  assert.deepEqual(read.value, { password: 'correct horse' });
  assert.equal(written.receipt.index, before);
  assert.equal(read.receipt.index, before + 1);
  const entry = await engine.read((tx) => readEntry(tx, read.receipt.index, sizeOf(house)));
  assert.deepEqual(
    [entry.public.action, entry.public.outcome, entry.public.resource, entry.personal?.caller, entry.personal?.path],
    ['credential.read', 'allowed', written.credential, house.owner.identity, PATH.toString()],
  );
  assert.equal((await engine.read((tx) => headOf(tx, written.credential)))?.version, 1);
  assert.ok(await verifies(house));
});

forEachEngine('what is denied and what fails leave entries too', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, house.owner, 'correct horse');
  const { prove, grant } = await developer(house);
  await house.deeds.perform(revokeGrant(house.grantPorts), house.owner, { id: grant.id });
  const caller = await prove();
  const before = sizeOf(house);
  await assert.rejects(readVersion(house.secrets, caller, newest), (error) => hasCode(error, 'deeds.denied'));
  await assert.rejects(readVersion(house.secrets, house.owner, { path: PATH, version: 9 }), (error) =>
    hasCode(error, 'secrets.no_version'),
  );
  const outcomes = await engine.read((tx) =>
    Promise.all([before, before + 1].map(async (i) => (await readEntry(tx, i, sizeOf(house))).public.outcome)),
  );
  assert.deepEqual(outcomes, ['denied', 'failed']);
});

forEachEngine(
  'deeds that arrive together share a commit, and one poisoned neighbour harms none',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house, house.owner, 'correct horse');
    const paths = Array.from({ length: 40 }, (_, i) => CredentialPath.parse(`porch/home/many/${i}`));
    const results = await Promise.allSettled([
      ...paths.map((path, i) => write(house, house.owner, `value number ${i}`, path)),
      write(house, house.owner, 'lost', CredentialPath.parse('nowhere/home/x')),
      house.deeds.perform(
        { ...listCredentials, effect: 'reveal', find: async () => Promise.reject(new Error('poison')) },
        house.owner,
        {
          project: 'porch',
          environment: 'home',
          prefix: '',
          after: '',
          limit: 10,
        },
      ),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      [...paths.map(() => 'fulfilled'), 'rejected', 'rejected'],
    );
    for (const [i, path] of paths.entries())
      assert.deepEqual((await readVersion(house.secrets, house.owner, { path, version: 0 })).value, {
        password: `value number ${i}`,
      });
    assert.ok(await verifies(house));
  },
);

forEachEngine(
  'after a revocation is acknowledged nothing is allowed, not even what was decided before',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house, house.owner, 'correct horse');
    const { prove, grant } = await developer(house);
    const caller = await prove();
    await readVersion(house.secrets, caller, newest);
    // Asked in one turn: the reads are decided while the grant still holds and committed after it ended.
    const revoked = house.deeds.perform(revokeGrant(house.grantPorts), house.owner, { id: grant.id });
    const reads = await Promise.allSettled(Array.from({ length: 5 }, () => readVersion(house.secrets, caller, newest)));
    await revoked;
    const head = sizeOf(house);
    let ended = false;
    for (let i = 0; i < head; i++) {
      const { public: part, personal } = await engine.read((tx) => readEntry(tx, i, head));
      ended ||= part.action === 'grant.revoke' && part.outcome === 'allowed';
      if (ended && personal?.caller === caller.identity) assert.equal(part.outcome, 'denied');
    }
    assert.ok(reads.length > 0 && ended);
  },
);

forEachEngine('another process learns of a revocation before its next entry', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, house.owner, 'correct horse');
  const other = await reopenRooms(engine);
  const { prove, identity } = await developer(other);
  const caller = await prove();
  assert.deepEqual((await readVersion(other.secrets, caller, newest)).value, { password: 'correct horse' });
  await house.deeds.refresh();
  await house.deeds.perform(suspendIdentity(house.identityPorts), house.owner, { identity: identity.id });
  await assert.rejects(readVersion(other.secrets, caller, newest), (error) => hasCode(error, 'deeds.denied'));
});

forEachEngine('two processes number every entry once, whoever writes', async (_t, engine) => {
  const house = await openRooms(engine);
  const other = await reopenRooms(engine);
  const before = sizeOf(other);
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => {
      const path = CredentialPath.parse(`porch/home/pair/${i}`);
      return write(i % 2 === 0 ? house : other, house.owner, `value number ${i}`, path);
    }),
  );
  await house.deeds.refresh();
  assert.equal(sizeOf(house), before + 20);
  assert.ok(await verifies(house));
});

forEachEngine('a token with three uses serves three requests, however many arrive at once', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, house.owner, 'correct horse');
  const { prove } = await developer(house, 3);
  const callers = await Promise.all(Array.from({ length: 10 }, () => prove()));
  const results = await Promise.allSettled(callers.map((caller) => readVersion(house.secrets, caller, newest)));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 3);
});

forEachEngine('what one request does, at once or one after another, takes one use', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house, house.owner, 'correct horse');
  const { prove } = await developer(house, 2);
  const first = await prove();
  await Promise.all(Array.from({ length: 5 }, () => readVersion(house.secrets, first, newest)));
  await readVersion(house.secrets, first, newest);
  await readVersion(house.secrets, await prove(), newest);
  await assert.rejects(prove(), (error) => hasCode(error, 'identity.unauthenticated'));
  await readVersion(house.secrets, first, newest);
});

forEachEngine('an entry rewritten in the database is refused when it is read', async (_t, engine) => {
  const house = await openRooms(engine);
  const { receipt } = await write(house, house.owner, 'correct horse');
  type Tables = { ledger_entry: { idx: number; caller: string } };
  const forge = statement<Tables, { idx: number }>((db, { idx }) =>
    db.updateTable('ledger_entry').set({ caller: 'idn_someone-else' }).where('idx', '=', idx),
  );
  await house.deeds.housekeep((tx) => tx.run(forge, { idx: receipt.index }));
  await assert.rejects(
    engine.read((tx) => readEntry(tx, receipt.index, sizeOf(house))),
    (error) => hasCode(error, 'ledger.damaged'),
  );
});

forEachEngine(
  'a locked house decides nothing, and what happened meanwhile is entered at its own time',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house, house.owner, 'correct horse');
    await house.seal.lock(house.owner);
    await assert.rejects(readVersion(house.secrets, house.owner, newest), (error) => hasCode(error, 'sealing.locked'));
    const before = sizeOf(house);
    await house.seal.unlock(undefined, '10.0.0.9');
    const { public: part, personal } = await engine.read((tx) => readEntry(tx, before, sizeOf(house)));
    assert.deepEqual([part.action, part.rule, personal?.address], ['installation.unlock', 'while-locked', '10.0.0.9']);
    assert.deepEqual((await readVersion(house.secrets, house.owner, newest)).value, { password: 'correct horse' });
    assert.ok(await verifies(house));
  },
);
