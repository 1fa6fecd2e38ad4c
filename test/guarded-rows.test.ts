import assert from 'node:assert/strict';
import { CredentialPath, Duration, Secret, hasCode } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import {
  createIdentity,
  createOrphanToken,
  linkOsUser,
  revokeForeignToken,
  suspendIdentity,
  systemCaller,
} from '#identity';
import { changeState, describeCredential, knownPlaces } from '#inventory';
import { append, createHead, programEntry } from '#ledger';
import { createException, createGrant, revokeException, revokeGrant, storePolicy } from '#policy';
import { destroyCredential, readVersion, writeVersion } from '#secrets';
import { type Engine, type GuardedTable, type Value, openPostgres, openWriter } from '#storage';
import { doctor } from '../src/server/doctor/doctor.ts';
import { makeKit } from '../src/server/kit.ts';
import { forEachEngine, freshSchema, postgresServer } from './engines.ts';
import { type Rooms, openRooms, reopenRooms } from './rooms.ts';
import { test } from 'node:test';
import { whyNoPostgres } from './postgres-server.ts';

const HERE = { address: '127.0.0.1', agent: 'test' };
const MQTT = CredentialPath.parse('porch/home/mqtt');
const KEYS: Partial<Record<GuardedTable, string>> = { token: 'accessor' };
const NO_CODE = new Uint8Array(32);

type Row = Record<string, Value>;
type AnyTable = Record<string, Row>;

/** Somebody who can write the database, and has nothing else. */
const thief = (engine: Engine) => {
  const keyOf = (table: string) => KEYS[table as GuardedTable] ?? 'id';
  const read = async (table: string, id: Value): Promise<Row | undefined> =>
    (
      await engine.snapshot((tx) =>
        tx.query<AnyTable, Row>((db) => db.selectFrom(table).selectAll().where(keyOf(table), '=', id) as never),
      )
    )[0];
  const remove = (table: string, id: Value) =>
    openWriter(engine).commit((tx) =>
      tx.query<AnyTable, Row>(
        (db) => db.deleteFrom(table).where(keyOf(table), '=', id).returning(keyOf(table)) as never,
      ),
    );
  const edit = (table: string, id: Value, change: Row) =>
    openWriter(engine).commit((tx) =>
      tx.query<AnyTable, Row>(
        (db) => db.updateTable(table).set(change).where(keyOf(table), '=', id).returning(keyOf(table)) as never,
      ),
    );
  return {
    read,
    edit,
    remove,
    async putBack(table: string, row: Row): Promise<void> {
      const id = row[keyOf(table)]!;
      if ((await read(table, id)) !== undefined) await edit(table, id, row);
      else
        await openWriter(engine).commit((tx) =>
          tx.query<AnyTable, Row>((db) => db.insertInto(table).values(row).returning(keyOf(table)) as never),
        );
    },
    forgetState: (table: string, id: string) =>
      openWriter(engine).commit((tx) =>
        tx.query<AnyTable, Row>(
          (db) =>
            db.deleteFrom('row_state').where('of_table', '=', table).where('id', '=', id).returning('id') as never,
        ),
      ),
  };
};

const write = (house: Rooms, path = MQTT, text = 'a broker password') =>
  writeVersion(house.secrets, house.owner, {
    path,
    value: Secret.fromText(JSON.stringify({ password: text })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
  });

/** An identity with a token and a role at `porch`. */
const someone = async (house: Rooms, role = 'developer') => {
  const { output: identity } = await house.deeds.perform(createIdentity(house.identityPorts), house.owner, {
    name: 'eve',
    kind: 'person',
  });
  const { output: grant } = await house.deeds.perform(createGrant(house.grantPorts), house.owner, {
    identity: identity.id,
    role,
    project: 'porch',
    environment: null,
    prefix: null,
    reason: 'test',
  });
  const { output: minted } = await house.deeds.perform(createOrphanToken(house.identityPorts), house.owner, {
    caller: house.owner,
    identity: identity.id,
  });
  const prove = () => house.engine.read((tx) => house.identity.authenticate(tx, minted.token, HERE, house.clock.now()));
  const read = async () => readVersion(house.secrets, await prove(), { path: MQTT, version: 0 });
  return { identity, grant, accessor: minted.accessor, token: minted.token, read };
};

const readAsOwner = (house: Rooms) => readVersion(house.secrets, house.owner, { path: MQTT, version: 0 });

/** What the thief does to one row of one table, and who comes upon it. */
type Attack = {
  readonly table: GuardedTable;
  readonly id: string;
  /** Errors while the row is not as it should be. Everything stands in the tables when it is called. */
  readonly use: (house: Rooms) => Promise<unknown>;
};

type Replay = Attack & {
  /** The true change that the thief undoes; the old row is copied before. */
  readonly change: () => Promise<unknown>;
};

const REPLAYS: Readonly<Record<string, (house: Rooms) => Promise<Replay>>> = {
  'a token of before its revocation': async (house) => {
    const eve = await someone(house);
    return {
      table: 'token',
      id: eve.accessor,
      change: () =>
        house.deeds.perform(revokeForeignToken(house.identityPorts), house.owner, { accessor: eve.accessor }),
      use: (now) => now.engine.read((tx) => now.identity.authenticate(tx, eve.token, HERE, now.clock.now())),
    };
  },
  'a grant of before its end': async (house) => {
    const eve = await someone(house);
    return {
      table: 'role_grant',
      id: eve.grant.id,
      change: () => house.deeds.perform(revokeGrant(house.grantPorts), house.owner, { id: eve.grant.id }),
      use: () => eve.read(),
    };
  },
  'an identity of before it was deactivated': async (house) => {
    const eve = await someone(house);
    return {
      table: 'identity',
      id: eve.identity.id,
      change: () =>
        house.deeds.perform(suspendIdentity(house.identityPorts), house.owner, { identity: eve.identity.id }),
      use: () => eve.read(),
    };
  },
  'an identity of before it was linked to another user of the operating system': async (house) => {
    const eve = await someone(house, 'owner');
    await house.deeds.perform(linkOsUser(house.identityPorts), house.owner, { identity: eve.identity.id, uid: 7 });
    return {
      table: 'identity',
      id: eve.identity.id,
      change: () =>
        house.deeds.perform(linkOsUser(house.identityPorts), house.owner, { identity: eve.identity.id, uid: 8 }),
      use: (now) => now.engine.read((tx) => now.identity.proveOsUser(tx, 7, HERE)),
    };
  },
  'an exception that was ended': async (house) => {
    const eve = await someone(house);
    const credential = await goldCredential(house);
    const ports = { ...house.grantPorts, isCredential: async () => true, whereIs: async () => PORCH_HOME };
    const { output } = await house.deeds.perform(createException(ports), house.owner, {
      rule: 'bearer-gold',
      project: 'porch',
      environment: 'home',
      credential: { id: credential, name: 'mqtt' },
      reason: 'test',
      life: Duration.of(1, 'h'),
    });
    return {
      table: 'rule_exception',
      id: output.id,
      change: () => house.deeds.perform(revokeException(ports), house.owner, { id: output.id }),
      use: () => eve.read(),
    };
  },
  'a credential of before it was gold': async (house) => {
    const eve = await someone(house);
    const id = (await readAsOwner(house)).credential.id;
    return { table: 'credential', id, change: () => goldCredential(house), use: () => eve.read() };
  },
  'a credential of before it was suspended': async (house) => ({
    table: 'credential',
    id: (await readAsOwner(house)).credential.id,
    change: () => house.deeds.perform(changeState('suspend'), house.owner, { path: MQTT, reason: 'test' }),
    use: readAsOwner,
  }),
  'a credential that was destroyed and forgotten': async (house) => ({
    table: 'credential',
    id: (await readAsOwner(house)).credential.id,
    change: () => destroyCredential(house.secrets, house.owner, { path: MQTT, reason: 'test', forget: true }),
    use: readAsOwner,
  }),
  'a recovery kit of before there was another': async (house) => {
    await makeKit(house, systemCaller(HERE), house.owner.identity);
    return {
      table: 'recovery_kit',
      id: '1',
      change: () => makeKit(house, systemCaller(HERE), house.owner.identity),
      use: (now) => now.engine.read((tx) => now.sealing.kit(tx)),
    };
  },
};

const PORCH_HOME = { project: 'porch', environment: 'home' };

const goldCredential = async (house: Rooms): Promise<string> =>
  (await house.deeds.perform(describeCredential, house.owner, { path: MQTT, description: { tier: 'gold' } })).output.id;

/** Anything that changes rows and the revision, so that nothing is answered from before the attack. */
const stir = (house: Rooms, name: string) =>
  house.deeds.perform(createIdentity(house.identityPorts), house.owner, { name, kind: 'service' });

const names =
  ({ table, id }: Attack) =>
  (error: unknown): boolean =>
    hasCode(error, 'storage.row_untrue') && error.message.includes(`${table.replace('_', ' ')} ${id} `);

const examine = async (house: Rooms) => {
  const checks = await doctor({ engine: house.engine, clock: house.clock, sealing: house.sealing });
  return checks.filter(({ state }) => state === 'bad');
};

const isFound = async (house: Rooms, { table, id }: Attack): Promise<void> => {
  const found = await examine(house);
  const said = found.map(({ detail }) => detail).join('\n');
  assert.ok(said.includes(`${table.replace('_', ' ')} ${id}`), `the doctor names it: ${said}`);
};

for (const [what, prepare] of Object.entries(REPLAYS)) {
  forEachEngine(`${what}, put back, is refused by name and found by the doctor`, async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house);
    const replay = await prepare(house);
    const id = replay.table === 'recovery_kit' ? 1 : replay.id;
    const old = (await thief(engine).read(replay.table, id))!;
    await replay.change();
    assert.deepEqual(await examine(house), []);
    await thief(engine).putBack(replay.table, old);
    await stir(house, 'while-running');
    await assert.rejects(replay.use(house), names(replay), 'while running');
    await isFound(house, replay);

    const again = await reopenRooms(engine);
    await assert.rejects(replay.use(again), names(replay), 'after a start');
    await isFound(again, replay);
  });

  forEachEngine(`${what}, put back beside its state, is refused while running and at the start`, async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house);
    const replay = await prepare(house);
    const id = replay.table === 'recovery_kit' ? 1 : replay.id;
    const [old, state] = [(await thief(engine).read(replay.table, id))!, await states(engine)];
    await replay.change();
    await thief(engine).putBack(replay.table, old);
    await thief(engine).forgetState(replay.table, replay.id);
    for (const row of state) if (row['id'] === replay.id) await putState(engine, row);
    await stir(house, 'while-running');
    await assert.rejects(replay.use(house), names(replay));
    assert.ok((await examine(house)).some((check) => check.id === 'row-states'));
    await assert.rejects(reopenRooms(engine), (error) => hasCode(error, 'storage.rows_untrue'));
  });
}

const states = (engine: Engine): Promise<Row[]> =>
  engine.snapshot((tx) => tx.query<AnyTable, Row>((db) => db.selectFrom('row_state').selectAll()));
const putState = (engine: Engine, row: Row) =>
  openWriter(engine).commit((tx) =>
    tx.query<AnyTable, Row>((db) => db.insertInto('row_state').values(row).returning('id') as never),
  );

/** One edited column of each table, and who comes upon it. */
const FORGERIES: Readonly<Record<string, (house: Rooms) => Promise<Attack & { readonly change: Row }>>> = {
  'a token that lives longer': async (house) => {
    const eve = await someone(house);
    return { table: 'token', id: eve.accessor, change: { expires_at: 9_000_000_000_000 }, use: () => eve.read() };
  },
  'an identity that is an operator': async (house) => {
    const eve = await someone(house);
    return { table: 'identity', id: eve.identity.id, change: { operator: 1 }, use: () => eve.read() };
  },
  'a project with a looser posture': async (house) => ({
    table: 'project',
    id: await idOf(house.engine, 'project', 'porch'),
    change: { posture: 'maker' },
    use: readAsOwner,
  }),
  'an environment that is no longer production': async (house) => ({
    table: 'environment',
    id: await idOf(house.engine, 'environment', 'prod'),
    change: { production: 0 },
    use: (now) => readVersion(now.secrets, now.owner, { path: CredentialPath.parse('porch/prod/api'), version: 0 }),
  }),
  'an environment that became production': async (house) => ({
    table: 'environment',
    id: await idOf(house.engine, 'environment', 'home'),
    change: { production: 1 },
    use: (now) => now.engine.read((tx) => knownPlaces.find(tx, 'porch', 'home')),
  }),
  'a credential of a lower tier': async (house) => ({
    table: 'credential',
    id: await goldCredential(house),
    change: { tier: 'bronze', tier_declared: null },
    use: readAsOwner,
  }),
  'a credential that is active again': async (house) => {
    const { output } = await house.deeds.perform(changeState('suspend'), house.owner, { path: MQTT, reason: 'test' });
    return { table: 'credential', id: output.id, change: { state: 'active' }, use: readAsOwner };
  },
  'a credential of another owner': async (house) => ({
    table: 'credential',
    id: (await readAsOwner(house)).credential.id,
    change: { owner: 'idn_eve' },
    use: readAsOwner,
  }),
  'an installation with a looser posture': async () => ({
    table: 'installation',
    id: '1',
    change: { posture: 'maker' },
    use: (now) => now.engine.read((tx) => knownPlaces.find(tx, null, null)),
  }),
};

const idOf = async (engine: Engine, table: string, name: string): Promise<string> =>
  (
    await engine.snapshot((tx) =>
      tx.query<AnyTable, { id: string }>((db) => db.selectFrom(table).select('id').where('name', '=', name) as never),
    )
  )[0]!.id;

for (const [what, prepare] of Object.entries(FORGERIES))
  forEachEngine(`${what}, by hand, is refused by name and found by the doctor`, async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house);
    await write(house, CredentialPath.parse('porch/prod/api'), 'production key alone');
    const forgery = await prepare(house);
    const id = forgery.table === 'installation' ? 1 : forgery.id;
    for (const mac of [undefined, NO_CODE, null]) {
      if (mac === null && !['project', 'environment', 'credential', 'installation'].includes(forgery.table)) continue;
      await thief(engine).edit(forgery.table, id, { ...forgery.change, ...(mac === undefined ? {} : { mac }) });
      await stir(house, `eve-${mac === undefined ? 'kept' : mac === null ? 'none' : 'zeros'}`);
      await assert.rejects(forgery.use(house), names(forgery));
      await isFound(house, forgery);
    }
  });

forEachEngine('a credential made by hand is refused by name', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house);
  const { credential } = await readAsOwner(house);
  const row = (await thief(engine).read('credential', credential.id))!;
  const forged = { ...row, id: 'cred_forged', name: 'wifi', name_key: 'wifi', tier: 'bronze' };
  await thief(engine).putBack('credential', forged);
  await stir(house, 'while-running');
  await assert.rejects(
    readVersion(house.secrets, house.owner, { path: CredentialPath.parse('porch/home/wifi'), version: 0 }),
    names({ table: 'credential', id: 'cred_forged', use: readAsOwner }),
  );
});

forEachEngine(
  'a prohibition that was removed or exchanged for a looser one stops its project by name',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house);
    const store = async (action: string) =>
      (
        await house.deeds.perform(storePolicy(house.grantPorts), house.owner, {
          project: 'porch',
          text: `forbid(principal, action == Action::"${action}", resource);`,
        })
      ).output.id;
    const strict = await store('credential.read');
    const loose = await store('credential.export');
    const attack: Attack = { table: 'policy', id: strict, use: readAsOwner };
    await assert.rejects(readAsOwner(house), (error) => hasCode(error, 'deeds.denied'));
    const row = (await thief(engine).read('policy', strict))!;
    await thief(engine).remove('policy', strict);
    await stir(house, 'after-removal');
    await assert.rejects(readAsOwner(house), names(attack));
    await isFound(house, attack);

    const other = (await thief(engine).read('policy', loose))!;
    await thief(engine).putBack('policy', { ...row, text: other['text']!, mac: other['mac']! });
    await stir(house, 'after-exchange');
    await assert.rejects(readAsOwner(house), names(attack));
    await isFound(house, attack);
    const again = await reopenRooms(engine);
    await assert.rejects(readAsOwner(again), names(attack));
  },
);

forEachEngine('what came upon a row that is not true leaves an entry', async (_t, engine) => {
  const house = await openRooms(engine);
  await write(house);
  const { credential } = await readAsOwner(house);
  await thief(engine).edit('credential', credential.id, { owner: 'idn_eve' });
  await stir(house, 'while-running');
  const before = house.deeds.head()!.size;
  await assert.rejects(readAsOwner(house));
  assert.equal(house.deeds.head()!.size, before + 1);
  const [entry] = await engine.snapshot((tx) =>
    tx.query<AnyTable, Row>((db) => db.selectFrom('ledger_entry').selectAll().where('idx', '=', before) as never),
  );
  assert.deepEqual(
    [entry!['outcome'], entry!['rule'], entry!['resource'], entry!['note']],
    ['failed', 'row-untrue', credential.id, 'storage.row_untrue'],
  );
});

forEachEngine(
  'a head row that was turned back, in part or without its code, is refused by the next commit',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house);
    const good = (await thief(engine).read('ledger_head', 1))!;
    await stir(house, 'later');
    const now = (await thief(engine).read('ledger_head', 1))!;
    for (const change of [
      { revision: good['revision']! },
      { guard: good['guard']! },
      { guard: null },
      { size: good['size']! },
    ]) {
      await thief(engine).edit('ledger_head', 1, change);
      await assert.rejects(
        write(house),
        (error) => hasCode(error, 'storage.rows_untrue'),
        JSON.stringify(Object.keys(change)),
      );
      await thief(engine).edit('ledger_head', 1, now);
    }
    await write(house);
  },
);

forEachEngine('a guard that was removed is not made anew', async (_t, engine) => {
  const house = await openRooms(engine);
  const eve = await someone(house);
  await house.deeds.perform(revokeForeignToken(house.identityPorts), house.owner, { accessor: eve.accessor });
  await thief(engine).edit('ledger_head', 1, { guard: null });
  assert.ok((await examine(house)).some(({ id }) => id === 'row-states'));
  await assert.rejects(reopenRooms(engine), (error) => hasCode(error, 'storage.rows_untrue'));
});

forEachEngine(
  'a database of before there was a guard gets one at its first unlocking, and once',
  async (_t, engine) => {
    const house = await openRooms(engine);
    await write(house);
    const eve = await someone(house);
    const old = (await thief(engine).read('token', eve.accessor))!;
    await asItWasBefore(house);
    const again = await reopenRooms(engine);
    assert.deepEqual(await examine(again), []);
    await readAsOwner(again);
    await again.deeds.perform(revokeForeignToken(again.identityPorts), again.owner, { accessor: eve.accessor });
    await thief(engine).putBack('token', old);
    await stir(again, 'while-running');
    await assert.rejects(
      again.engine.read((tx) => again.identity.authenticate(tx, eve.token, HERE, again.clock.now())),
      names({ table: 'token', id: eve.accessor, use: readAsOwner }),
    );
    await thief(engine).edit('ledger_head', 1, { guard: null });
    await assert.rejects(reopenRooms(engine), (error) => hasCode(error, 'storage.rows_untrue'));
  },
);

/** The same house as an earlier version left it: no codes on places and credentials, no states, a ledger without a word of it. */
const asItWasBefore = async (house: Rooms): Promise<void> => {
  const signer = house.sealing.signer(house.installation().origin);
  const bound = await house.engine.snapshot((tx) =>
    tx.query<AnyTable, Row>(
      (db) => db.selectFrom('ledger_entry').selectAll().where('head_version', 'is not', null) as never,
    ),
  );
  await openWriter(house.engine).commit(async (tx) => {
    for (const table of ['ledger_entry', 'ledger_block', 'ledger_tile', 'ledger_head', 'row_state'])
      await tx.query<AnyTable, Row>((db) => db.deleteFrom(table).returningAll());
    const head = await createHead(tx, signer);
    const first = programEntry('installation.init', 1);
    const drafts = bound.map((row) => ({
      ...first,
      resource: row['resource'] as string,
      head: { version: row['head_version'] as number, hash: row['head_hash'] as Uint8Array },
    }));
    await append(tx, head, [first, ...drafts], true, signer, systemRandom, () => NO_CODE);
    for (const table of ['installation', 'project', 'environment', 'credential'])
      await tx.query<AnyTable, Row>((db) => db.updateTable(table).set({ mac: null }).returning('id') as never);
    await tx.query<AnyTable, Row>((db) => db.updateTable('ledger_head').set({ guard: null }).returning('id') as never);
  });
};

test(
  'PostgreSQL: a second process refuses an older row that the first one changed',
  { skip: whyNoPostgres() ?? false },
  async () => {
    const url = Secret.fromText((await postgresServer()).url);
    const schema = freshSchema();
    const [first, second] = [await openPostgres({ url, schema }), await openPostgres({ url, schema })];
    try {
      const house = await openRooms(first);
      await write(house);
      const eve = await someone(house);
      const other = await reopenRooms(second, { clock: systemClock });
      const prove = () => second.read((tx) => other.identity.authenticate(tx, eve.token, HERE, systemClock.now()));
      const caller = await prove();
      const old = (await thief(first).read('token', eve.accessor))!;
      await house.deeds.perform(revokeForeignToken(house.identityPorts), house.owner, { accessor: eve.accessor });
      await thief(first).putBack('token', old);
      const attack: Attack = { table: 'token', id: eve.accessor, use: readAsOwner };
      await assert.rejects(
        readVersion(other.secrets, caller, { path: MQTT, version: 0 }),
        names(attack),
        'proven before, and decided again in the commit',
      );
      await assert.rejects(prove(), names(attack));
      await stir(other, 'by-the-second');
      await stir(house, 'by-the-first');
      assert.deepEqual(
        (await Promise.all([house, other].map((each) => readAsOwner(each)))).map(({ value }) => value),
        [{ password: 'a broker password' }, { password: 'a broker password' }],
        'both go on with what was not touched',
      );
    } finally {
      await first.close();
      await second.close();
    }
  },
);
