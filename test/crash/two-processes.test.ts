import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ChatelaineError, CredentialPath, type Facts, Secret, hasCode } from '#kernel';
import type { Deed } from '#deeds';
import { INSTALLATION } from '../../src/inventory/place.ts';
import { destroyVersions, transferCredential, writeVersion } from '#secrets';
import { type Engine, type WriteTx, openPostgres, statement } from '#storage';
import { entriesFrom } from '../../src/ledger/tables.ts';
import { freshSchema, postgresServer } from '../engines.ts';
import { whyNoPostgres } from '../postgres-server.ts';
import { type Rooms, reopenRooms } from '../rooms.ts';
import { foundHouse } from './cast.ts';
import { openWitness } from './witness.ts';

const PATH = CredentialPath.parse('porch/home/mqtt/password');

type Pair = { readonly one: Rooms; readonly two: Rooms; readonly engine: Engine };

/** Declares a test with two processes on one PostgreSQL database, as far as the database can tell. */
const inTwoProcesses = (title: string, run: (pair: Pair, t: TestContext) => Promise<void>): void => {
  test(title, { skip: whyNoPostgres() ?? false }, async (t) => {
    const url = Secret.fromText((await postgresServer()).url);
    const schema = freshSchema();
    const open = async (): Promise<Engine> => {
      const engine = await openPostgres({ url, schema });
      t.after(() => engine.close());
      return engine;
    };
    const engine = await open();
    await foundHouse(engine);
    const one = await reopenRooms(engine);
    const two = await reopenRooms(await open());
    await run({ one, two, engine }, t);
    await openWitness().check(engine, [], true);
  });
};

const write = (house: Rooms, password: string, path = PATH, checkAndSet?: number) =>
  writeVersion(house.secrets, house.owner, {
    path,
    value: Secret.fromText(JSON.stringify({ password })),
    leaves: 'all',
    provenance: { how: 'entered', from: null, scopes: [] },
    checkAndSet,
  });

inTwoProcesses(
  'blind writes of one credential are numbered one after another, whoever makes them',
  async ({ one, two }) => {
    const written = await Promise.all(
      Array.from({ length: 60 }, (_, i) => write(i % 2 === 0 ? one : two, `value number ${i}`)),
    );
    assert.deepEqual(
      written.map(({ metadata }) => metadata.version).toSorted((a, b) => a! - b!),
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
  },
);

inTwoProcesses(
  'of two that make the same credential one does, and the other is told of a conflict',
  async ({ one, two }) => {
    const paths = Array.from({ length: 20 }, (_, i) => CredentialPath.parse(`porch/home/race/${i}`));
    for (const path of paths) {
      const tries = await Promise.allSettled([
        write(one, `one of ${path.toString()}`, path, 0),
        write(two, `two of ${path.toString()}`, path, 0),
      ]);
      const refused = tries.filter((each) => each.status === 'rejected');
      assert.equal(refused.length, 1);
      assert.ok(hasCode(refused[0]!.reason, 'secrets.version_conflict'), String(refused[0]!.reason));
    }
  },
);

inTwoProcesses(
  'a name that is taken while a credential is renamed to it is answered, not failed',
  async ({ one, two }) => {
    for (let i = 0; i < 10; i++) {
      const [from, to] = [CredentialPath.parse(`porch/home/from/${i}`), CredentialPath.parse(`porch/home/to/${i}`)];
      await write(one, `from number ${i}`, from);
      const tries = await Promise.allSettled([
        transferCredential(one.secrets, one.owner, { from, to }),
        write(two, `to number ${i}`, to, 0),
      ]);
      const refused = tries.filter((each) => each.status === 'rejected');
      assert.equal(refused.length, 1);
      const { reason } = refused[0]!;
      assert.ok(reason instanceof ChatelaineError && /name_taken|version_conflict/.test(reason.code), String(reason));
    }
  },
);

inTwoProcesses('values written and destroyed in both leave every home counted', async ({ one, two }) => {
  const paths = Array.from({ length: 6 }, (_, i) => CredentialPath.parse(`porch/home/shared/${i}`));
  for (let round = 0; round < 4; round++)
    await Promise.all(
      paths.flatMap((path, i) => [
        write(i % 2 === 0 ? one : two, `shared value ${(i + round) % 3}`, path),
        write(i % 2 === 0 ? two : one, `shared value ${(i + round + 1) % 3}`, path),
      ]),
    );
  await Promise.all(
    paths.map((path, i) =>
      destroyVersions((i % 2 === 0 ? one : two).secrets, one.owner, { path, versions: [1, 2, 3] }),
    ),
  );
});

inTwoProcesses(
  'processes that start together enter what waited once, in one unbroken chain',
  async ({ one, two, engine }) => {
    for (const house of [one, two]) house.sealing.lock();
    await Promise.all(
      [one, two].flatMap((house, i) => Array.from({ length: 5 }, () => house.seal.unlock(undefined, `10.0.0.${i}`))),
    );
    const entries = await engine.read((tx) => tx.all(entriesFrom, { from: 0, count: 1_000 }));
    const unlocks = entries.filter(
      ({ action, address }) => action === 'installation.unlock' && address?.startsWith('10.'),
    );
    assert.deepEqual(new Set(unlocks.map(({ rule }) => rule)), new Set(['while-locked']));
    const times = unlocks.map(({ note }) => Number(/^(\d+) times$/.exec(note ?? '')?.[1] ?? 1));
    assert.ok(unlocks.length >= 2 && times.reduce((sum, each) => sum + each, 0) <= 10, JSON.stringify(unlocks));
  },
);

type FindingRow = { readonly id: string; readonly opened_at: number };
type Columns = FindingRow & Record<'project' | 'environment' | 'rule' | 'place' | 'summary' | 'state', string>;
type Tables = { finding: Columns };
const findRow = statement<Tables, { id: string }, Columns>((db, { id }) =>
  db.selectFrom('finding').selectAll().where('id', '=', id),
);
const insertRow = statement<Tables, { id: string }>((db, { id }) =>
  db.insertInto('finding').values({
    id,
    project: 'p',
    environment: 'e',
    rule: 'r',
    place: id,
    summary: '',
    state: 'open',
    opened_at: 0,
  }),
);
const countUp = statement<Tables, { id: string }>((db, { id }) =>
  db
    .updateTable('finding')
    .set((eb) => ({ opened_at: eb('opened_at', '+', 1) }))
    .where('id', '=', id),
);

type FoundFacts = Facts & { readonly row: FindingRow | undefined };

let deedsMade = 0;

/** A deed on a resource of its own, so that nothing but the rows themselves stands between two of them. */
const deedOn = (
  place: string,
  row: string,
  apply: (tx: WriteTx, facts: FoundFacts) => Promise<string>,
): Deed<null, string, FoundFacts> => ({
  name: `test ${++deedsMade}`,
  action: 'project.create',
  effect: 'change',
  facts: async (tx) => ({
    resource: { ...INSTALLATION, kind: 'project', id: place, project: place },
    row: await tx.one(findRow, { id: row }),
  }),
  apply: (tx, _input, facts) => apply(tx, facts),
});

const carryOut = (house: Rooms, deed: Deed<null, string, FoundFacts>) => {
  house.deeds.register([deed]);
  return house.deeds.perform(deed, house.owner, null);
};

/** Resolves for everyone once `count` have come; later comers pass. */
const meeting = (count: number): (() => Promise<void>) => {
  let absent = count;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    if (--absent <= 0) resolve();
    return promise;
  };
};

inTwoProcesses('a deadlock is undone and done again: both deeds happen, each once', async ({ one, two, engine }) => {
  await one.deeds.housekeep(async (tx) => {
    for (const id of ['a', 'b']) await tx.run(insertRow, { id });
  });
  const met = meeting(2);
  let applied = 0;
  const crossed = (place: string, [first, second]: readonly [string, string]) =>
    deedOn(place, 'a', async (tx) => {
      applied++;
      await tx.run(countUp, { id: first });
      await met();
      await tx.run(countUp, { id: second });
      return 'done';
    });
  const done = await Promise.all([
    carryOut(one, crossed('first', ['a', 'b'])),
    carryOut(two, crossed('second', ['b', 'a'])),
  ]);
  assert.deepEqual(
    done.map(({ output }) => output),
    ['done', 'done'],
  );
  assert.ok(applied > 2, 'they did meet');
  for (const id of ['a', 'b']) assert.equal((await engine.read((tx) => tx.one(findRow, { id })))?.opened_at, 2);
});

inTwoProcesses('a row that the other made first is seen on a second look', async ({ one, two }) => {
  const met = meeting(2);
  const making = (place: string) =>
    deedOn(place, 'x', async (tx, { row }) => {
      if (row !== undefined) return 'was there';
      await met();
      await tx.run(insertRow, { id: 'x' });
      return 'made';
    });
  const done = await Promise.all([carryOut(one, making('first')), carryOut(two, making('second'))]);
  assert.deepEqual(done.map(({ output }) => output).toSorted(), ['made', 'was there']);
});

inTwoProcesses('what never settles is given up, with an error of ours', async ({ one }) => {
  let tries = 0;
  const hopeless = deedOn('first', 'x', async (tx) => {
    tries++;
    for (let i = 0; i < 2; i++) await tx.run(insertRow, { id: 'x' });
    return 'never';
  });
  await assert.rejects(carryOut(one, hopeless), (error) => hasCode(error, 'deeds.unsettled'));
  assert.ok(tries > 1 && tries < 10, `${tries} tries`);
});
