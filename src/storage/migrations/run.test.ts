import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, hasCode } from '#kernel';
import { type Engine, MIGRATIONS, type Migration, migrate, openPostgres, openWriter } from '#storage';
import { forEachEngine, freshSchema, postgresServer } from '../../../test/engines.ts';
import { whyNoPostgres } from '../../../test/postgres-server.ts';
import { rawRows, rawRun } from '../raw.ts';

const first: Migration = { id: 1, name: 'first', sql: 'CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT;' };
const second: Migration = {
  id: 2,
  name: 'second',
  sql: 'CREATE TABLE two (id INTEGER PRIMARY KEY, label TEXT NOT NULL) STRICT;\nCREATE INDEX two_label ON two (label);\n',
};
const broken: Migration = {
  id: 2,
  name: 'broken',
  sql: 'CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT;\nCREATE NONSENSE;\n',
};

const has = (engine: Engine, table: string): Promise<boolean> =>
  engine
    .read((tx) => rawRows(tx, `SELECT count(*) FROM ${table}`))
    .then(
      () => true,
      () => false,
    );
const neverCalled = () => assert.fail('nothing was to be backed up');

forEachEngine('a fresh database takes every step there is', async (_t, engine) => {
  assert.deepEqual(await migrate(engine, 1, neverCalled), {
    applied: MIGRATIONS.map(({ name }) => name),
    version: MIGRATIONS.length,
  });
  for (const [, table = ''] of MIGRATIONS.map(({ sql }) => sql)
    .join('')
    .matchAll(/CREATE TABLE (\w+)/g))
    assert.ok(await has(engine, table), table);
});

forEachEngine('migrating again changes nothing', async (_t, engine) => {
  await migrate(engine, 1, undefined, [first]);
  assert.deepEqual(await migrate(engine, 2, neverCalled, [first]), { applied: [], version: 1 });
  const rows = (await engine.read((tx) =>
    rawRows(tx, 'SELECT id, name, applied_at FROM schema_migration'),
  )) as object[];
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ id: 1, name: 'first', applied_at: 1 }],
  );
});

forEachEngine('a later step comes after a backup, and keeps what is there', async (_t, engine) => {
  await migrate(engine, 1, undefined, [first]);
  await openWriter(engine).commit((tx) => rawRun(tx, 'INSERT INTO one (id) VALUES (7)'));
  const backups: number[] = [];
  const report = await migrate(
    engine,
    2,
    async (from) => {
      assert.equal(await has(engine, 'two'), false, 'the backup comes first');
      backups.push(from);
    },
    [first, second],
  );
  assert.deepEqual(report, { applied: ['second'], version: 2 });
  assert.deepEqual(backups, [1]);
  assert.equal((await engine.read((tx) => rawRows(tx, 'SELECT id FROM one'))).length, 1);
});

forEachEngine('a backup that fails stops the migration', async (_t, engine) => {
  await migrate(engine, 1, undefined, [first]);
  const noRoom = () => Promise.reject(new Error('no room for the backup'));
  await assert.rejects(migrate(engine, 2, noRoom, [first, second]), /no room for the backup/);
  assert.equal(await has(engine, 'two'), false);
});

forEachEngine('steps that fail leave no trace of any of them', async (_t, engine) => {
  await assert.rejects(migrate(engine, 1, undefined, [first, broken]), /NONSENSE/i);
  assert.equal(await has(engine, 'one'), false);
  assert.equal(await has(engine, 'schema_migration'), false);
  await migrate(engine, 2, undefined, [first, second]);
});

forEachEngine('a database of a newer version is refused untouched', async (_t, engine) => {
  await migrate(engine, 1, undefined, [first, second]);
  await assert.rejects(
    migrate(engine, 2, neverCalled, [first]),
    (error) => hasCode(error, 'storage.folder_newer') && error.details['found'] === 2 && error.details['known'] === 1,
  );
});

forEachEngine('a database that went another way is refused untouched', async (_t, engine) => {
  await migrate(engine, 1, undefined, [first, second]);
  const renamed = [
    first,
    { ...second, name: 'another' },
    { id: 3, name: 'third', sql: 'CREATE TABLE three (id INTEGER) STRICT;' },
  ];
  await assert.rejects(migrate(engine, 2, neverCalled, renamed), (error) =>
    hasCode(error, 'storage.migrations_differ'),
  );
  assert.equal(await has(engine, 'three'), false);
});

test(
  'two processes that migrate one PostgreSQL database at once both succeed, and each step runs once',
  {
    skip: whyNoPostgres() ?? false,
  },
  async () => {
    const { url } = await postgresServer();
    const schema = freshSchema();
    const open = () => openPostgres({ url: Secret.fromText(url), schema });
    const both = await Promise.all([open(), open()]);
    await Promise.all(both.map((engine, i) => migrate(engine, i)));
    const rows = await both[0].read((tx) => rawRows(tx, 'SELECT id FROM schema_migration'));
    assert.equal(rows.length, MIGRATIONS.length);
    await Promise.all(both.map((engine) => engine.close()));
  },
);
