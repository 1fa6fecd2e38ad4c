import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, hasCode, utf8 } from '#kernel';
import {
  DATA_TABLES,
  type Engine,
  type ImportedTable,
  exportTables,
  importTables,
  migrate,
  openWriter,
  requireEmpty,
} from '#storage';
import { engines, forEachEngine } from '../../../test/engines.ts';
import { rawRun } from '../raw.ts';
import { columnNames, tableNames } from './catalog.ts';

const NOW = 1_700_000_000_000;

/** Rows with everything that can be lost on the way: bytes, null, the largest integer, newlines, quotes, other scripts. */
const fill = (engine: Engine, rows: number): Promise<void> =>
  openWriter(engine).commit(async (tx) => {
    const bytes = (hex: string) => (tx.engine === 'sqlite' ? `x'${hex}'` : `'\\x${hex}'`);
    await rawRun(tx, `INSERT INTO ledger_tile (level, n, hashes) VALUES (1, 9007199254740991, ${bytes('00ff0a22')})`);
    await rawRun(
      tx,
      "INSERT INTO project (id, name, posture, created_at, created_by) VALUES ('p', 'größe\n\"\\', 'home', 0, '')",
    );
    await rawRun(
      tx,
      "INSERT INTO environment (id, project, name, production, created_at) VALUES ('e', 'p', '家', 0, -1)",
    );
    for (let i = 0; i < rows; i++)
      await rawRun(
        tx,
        `INSERT INTO value_home (fingerprint, project, environment, credential, uses)
         VALUES (${bytes(i.toString(16).padStart(8, '0'))}, 'p', 'e', 'c', ${i})`,
      );
    await rawRun(
      tx,
      "INSERT INTO policy (id, project, text, created_at, created_by, mac) VALUES ('x', NULL, '', 0, '', " +
        bytes('') +
        ')',
    );
  });

const exported = (engine: Engine): Promise<Map<string, Uint8Array>> =>
  engine.snapshot(async (tx) => {
    const tables = new Map<string, Uint8Array>();
    for (const table of await exportTables(tx))
      tables.set(table.name, concat(...(await Array.fromAsync(table.lines()))));
    return tables;
  });

const chunked = async function* (tables: ReadonlyMap<string, Uint8Array>, size = 7_001): AsyncGenerator<ImportedTable> {
  for (const [name, bytes] of tables) yield { name, bytes: pieces(bytes, size) };
};

const pieces = async function* (bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

forEachEngine('every table is backed up, by its primary key', async (_t, engine) => {
  await migrate(engine, NOW);
  await engine.read(async (tx) => {
    assert.deepEqual(DATA_TABLES.map(({ name }) => name).toSorted(), (await tableNames(tx)).toSorted());
    for (const { name, key } of DATA_TABLES)
      for (const column of key) assert.ok((await columnNames(tx, name)).includes(column), `${name}.${column}`);
  });
});

forEachEngine('a table that no backup knows stops the backup', async (_t, engine) => {
  await migrate(engine, NOW);
  await openWriter(engine).commit((tx) => rawRun(tx, 'CREATE TABLE stray (a INTEGER)'));
  await assert.rejects(exported(engine), (error) => hasCode(error, 'storage.unlisted_table'));
});

for (const from of engines())
  for (const to of engines())
    test(
      `what one engine exported another holds, byte for byte (${from.name} to ${to.name})`,
      { skip: from.missing ?? to.missing ?? false },
      async () => {
        const [source, target] = [await from.open(), await to.open()];
        await migrate(source.engine, NOW);
        await migrate(target.engine, NOW);
        await fill(source.engine, 2_345);
        const tables = await exported(source.engine);
        await requireEmpty(target.engine);
        const counts = await importTables(target.engine, chunked(tables));
        assert.equal(counts.get('value_home'), 2_345);
        assert.deepEqual(await exported(target.engine), tables);
        await assert.rejects(requireEmpty(target.engine), (error) => hasCode(error, 'storage.not_empty'));
        await assert.rejects(importTables(target.engine, chunked(tables)), (error) =>
          hasCode(error, 'storage.not_empty'),
        );
        await source.dispose();
        await target.dispose();
      },
    );

test('a damaged table leaves nothing behind, whatever the damage', async () => {
  const { engine, dispose } = await engines()[0]!.open();
  await migrate(engine, NOW);
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constant('["id","project","text","created_at","created_by","mac"]'),
    fc.constant('["x",null,"t",1,"b",{"bytes":"AA=="}]'),
    fc.constant('["x",null,"t",1.5,"b",{"bytes":"*"}]'),
  );
  const runs = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 1_000);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('policy', 'nothing', 'policy; DROP TABLE policy'),
      fc.array(line),
      async (name, lines) => {
        const tables = new Map([
          ['project', utf8('["id","name","posture","created_at","created_by"]\n["p","p","home",0,"x"]\n')],
          [name, utf8(lines.join('\n'))],
        ]);
        try {
          await importTables(engine, chunked(tables));
        } catch (error) {
          assert.ok(error instanceof Error);
          await requireEmpty(engine);
          return;
        }
        await openWriter(engine).commit(async (tx) => {
          await rawRun(tx, 'DELETE FROM policy');
          await rawRun(tx, 'DELETE FROM project');
        });
      },
    ),
    { numRuns: runs },
  );
  await dispose();
});
