import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hasCode } from '#kernel';
import { DATABASE_FILE, type Engine, type ReadTx, openSqlite, openWriter, statement } from '#storage';
import { temporaryFolder } from '../../../test/engines.ts';
import { rawRows, rawRun } from '../raw.ts';

const DOOR = fileURLToPath(new URL('../index.ts', import.meta.url));

const value = async (tx: ReadTx, sql: string): Promise<unknown> =>
  Object.values((await rawRows(tx, sql))[0] as object)[0];
const onBoth = async (engine: Engine, check: (tx: ReadTx, side: string) => Promise<void>): Promise<void> => {
  await engine.read((tx) => check(tx, 'reading'));
  await engine.snapshot((tx) => check(tx, 'snapshot'));
  await openWriter(engine).commit((tx) => check(tx, 'writing'));
};

/** A process of its own that opens the folder, says so, and holds it until its input ends. */
const holder = (folder: string) =>
  spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '--eval',
      `import { openSqlite } from ${JSON.stringify(DOOR)};
       openSqlite({ folder: ${JSON.stringify(folder)} });
       process.stdout.write('open');
       process.stdin.resume();`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );

test('the settings that durability and safety rest on are in force', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const writer = openWriter(engine);
  await writer.commit(async (tx) => {
    assert.equal(await value(tx, 'PRAGMA journal_mode'), 'wal');
    assert.equal(await value(tx, 'PRAGMA synchronous'), 2, 'FULL');
    assert.equal(await value(tx, 'PRAGMA secure_delete'), 1);
    assert.equal(await value(tx, 'PRAGMA wal_autocheckpoint'), 0, 'we checkpoint ourselves, to see its errors');
  });
  await onBoth(engine, async (tx, side) => {
    assert.equal(await value(tx, 'PRAGMA trusted_schema'), 0, side);
    assert.equal(await value(tx, 'PRAGMA foreign_keys'), 1, side);
    assert.equal(await value(tx, 'PRAGMA temp_store'), 2, `${side}: no temporary files`);
  });
  await engine.read(async (tx) => assert.equal(await value(tx, 'PRAGMA query_only'), 1));
  await engine.close();
});

test('no other file can be attached, neither by a literal nor by an expression, nor written by VACUUM INTO', async () => {
  const folder = temporaryFolder();
  const other = join(folder, 'other.db');
  const engine = openSqlite({ folder });
  const attempts = [
    `ATTACH '${other}' AS other`,
    `ATTACH '${folder}' || '/other.db' AS other`,
    `ATTACH (SELECT '${other}') AS other`,
    "ATTACH ':memory:' AS other",
  ];
  await onBoth(engine, async () => undefined);
  for (const sql of attempts) {
    await assert.rejects(
      engine.read((tx) => rawRows(tx, sql)),
      sql,
    );
    await assert.rejects(
      engine.snapshot((tx) => rawRows(tx, sql)),
      sql,
    );
    await assert.rejects(
      openWriter(engine).commit((tx) => rawRun(tx, sql)),
      sql,
    );
  }
  await assert.rejects(engine.read((tx) => rawRows(tx, `VACUUM INTO '${other}'`)));
  const byInput = statement<unknown, { file: string }>(() => ({
    compile: () => ({ sql: 'ATTACH ? AS other', parameters: [other], query: { kind: 'RawNode' } }) as never,
  }));
  await assert.rejects(
    engine.read((tx) => tx.all(byInput, { file: other })),
    'by a parameter',
  );
  assert.equal(existsSync(other), false);
  await engine.close();
});

test('the schema cannot be rewritten as if it were a table', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  await assert.rejects(
    openWriter(engine).commit(async (tx) => {
      await rawRows(tx, 'PRAGMA writable_schema = ON');
      await rawRun(
        tx,
        "INSERT INTO sqlite_schema (type, name, tbl_name, sql) VALUES ('table', 'x', 'x', 'CREATE TABLE x(a)')",
      );
    }),
    /may not be modified/,
  );
  await engine.close();
});

test('a second process on the folder is refused, and gets it once the first has ended, however it ended', async () => {
  const folder = temporaryFolder();
  const first = holder(folder);
  await once(first.stdout, 'data');
  const inUse = (error: unknown): boolean => hasCode(error, 'storage.folder_in_use') && error.message.includes(folder);
  assert.throws(() => openSqlite({ folder }), inUse);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const engine = openSqlite({ folder });
  assert.throws(() => openSqlite({ folder }), inUse, 'the same process may not either');
  await engine.close();
  await openSqlite({ folder }).close();
});

test('the folder and its files are made for their owner alone', async () => {
  const folder = join(temporaryFolder(), 'deep', 'data');
  const engine = openSqlite({ folder });
  await openWriter(engine).commit((tx) => rawRun(tx, 'CREATE TABLE t (a INTEGER) STRICT'));
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const names = readdirSync(folder);
  assert.ok(names.includes(`${DATABASE_FILE}-wal`), names.join());
  for (const name of names) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  await engine.close();
});

test(
  'a folder that may be read but not written is an error that names the place',
  { skip: process.platform === 'win32' },
  async () => {
    const folder = temporaryFolder();
    const engine = openSqlite({ folder });
    await openWriter(engine).commit((tx) => rawRun(tx, 'CREATE TABLE t (a INTEGER) STRICT'));
    await engine.close();
    const code = `import { openSqlite } from ${JSON.stringify(DOOR)};
    try { openSqlite({ folder: ${JSON.stringify(folder)} }); console.log('opened'); }
    catch (error) { console.log(error.code, error.message, error.hint); }`;
    const command = [process.execPath, '--input-type=module-typescript', '--eval', code];
    // The superuser may write anywhere, so then the child runs as someone else.
    const [program = '', ...args] =
      process.getuid?.() === 0
        ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--', ...command]
        : command;
    chmodSync(folder, 0o555);
    for (const file of [DATABASE_FILE, 'chatelaine.lock'])
      if (existsSync(join(folder, file))) chmodSync(join(folder, file), 0o444);
    const { stdout } = spawnSync(program, args, { encoding: 'utf8', cwd: '/' });
    chmodSync(folder, 0o700);
    assert.match(stdout, /^storage\.unusable /);
    assert.ok(stdout.includes(folder), stdout);
  },
);

test('a file that is no database is an error that names it, and stays as it was', async () => {
  const folder = temporaryFolder();
  const file = join(folder, DATABASE_FILE);
  writeFileSync(file, 'This is a shopping list.\n'.repeat(300));
  assert.throws(
    () => openSqlite({ folder }),
    (error) => hasCode(error, 'storage.unreadable') && error.message.includes(file),
  );
  assert.equal(statSync(file).size, 7_500);
  mkdirSync(join(folder, 'taken'));
  writeFileSync(join(folder, 'taken', 'file'), '');
  assert.throws(
    () => openSqlite({ folder: join(folder, 'taken', 'file') }),
    (error) => hasCode(error, 'storage.unusable'),
  );
});

test('the write-ahead log is moved into the database again and again, and emptied by scrub', async () => {
  const folder = temporaryFolder();
  const engine = openSqlite({ folder });
  const writer = openWriter(engine);
  await writer.commit((tx) => rawRun(tx, 'CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB) STRICT'));
  for (let i = 0; i < 40; i++) await writer.commit((tx) => rawRun(tx, 'INSERT INTO t (b) VALUES (randomblob(400000))'));
  const log = join(folder, `${DATABASE_FILE}-wal`);
  assert.ok(statSync(join(folder, DATABASE_FILE)).size > 8_000_000, 'most of it reached the database');
  assert.ok(statSync(log).size < 12_000_000, `the log has ${statSync(log).size} bytes`);
  await engine.scrub();
  assert.equal(statSync(log).size, 0);
  await engine.close();
});

test(
  'what a large savepoint may have to undo is kept in no file outside the folder',
  { skip: process.platform !== 'linux' },
  async () => {
    const engine = openSqlite({ folder: temporaryFolder() });
    const writer = openWriter(engine);
    await writer.commit((tx) => rawRun(tx, 'CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB) STRICT'));
    await writer.commit(async (tx) => {
      for (let i = 0; i < 200; i++) await rawRun(tx, 'INSERT INTO t (b) VALUES (randomblob(4000))');
    });
    await writer.commit(async (tx) => {
      await tx.savepoint(() => rawRun(tx, 'UPDATE t SET b = zeroblob(4000)'));
      const open = readdirSync('/proc/self/fd').map((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`);
        } catch {
          return '';
        }
      });
      assert.deepEqual(
        open.filter((name) => name.includes('etilqs')),
        [],
      );
    });
    await engine.close();
  },
);

test('what was deleted is in no file after scrub', async () => {
  const folder = temporaryFolder();
  const engine = openSqlite({ folder });
  const writer = openWriter(engine);
  const canary = 'canary-that-sings-in-the-free-pages';
  await writer.commit(async (tx) => {
    await rawRun(tx, 'CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT');
    for (let i = 0; i < 50; i++) await rawRun(tx, `INSERT INTO t (b) VALUES ('${canary.repeat(1 + i * 3)}')`);
  });
  const found = () =>
    spawnSync('grep', ['-rac', canary, folder], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((line) => /:[1-9]/.test(line));
  assert.notDeepEqual(found(), [], 'it was there');
  await writer.commit((tx) => rawRun(tx, 'DELETE FROM t'));
  await engine.scrub();
  assert.deepEqual(found(), []);
  await engine.close();
});

test('closing waits for the commits that were asked for', async () => {
  const folder = temporaryFolder();
  const engine = openSqlite({ folder });
  const writer = openWriter(engine);
  await writer.commit((tx) => rawRun(tx, 'CREATE TABLE t (a INTEGER) STRICT'));
  const commits = [1, 2, 3].map((n) => writer.commit((tx) => rawRun(tx, `INSERT INTO t (a) VALUES (${n})`)));
  await engine.close();
  await Promise.all(commits);
  const again = openSqlite({ folder });
  assert.equal(await again.read((tx) => value(tx, 'SELECT count(*) FROM t')), 3);
  await again.close();
});

type Grown = { ledger_tile: { level: number; n: number; hashes: Uint8Array }; finding: { id: number } };
const growLedger = statement<Grown, { n: number }>((db, { n }) =>
  db.insertInto('ledger_tile').values({ level: 1, n, hashes: new Uint8Array(32) }),
);
const shrinkLedger = statement<Grown>((db) => db.deleteFrom('ledger_tile'));

test('the state is another one after every commit but those that append to the ledger alone', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const writer = openWriter(engine);
  const state = () => engine.read(async (tx) => tx.state);
  const moves = async (work: Parameters<typeof writer.commit>[0]) => {
    const before = await state();
    await writer.commit(work).catch(() => undefined);
    return (await state()) !== before;
  };
  assert.ok(await moves((tx) => rawRun(tx, 'CREATE TABLE finding (id INTEGER PRIMARY KEY) STRICT')));
  await writer.commit((tx) => rawRun(tx, 'CREATE TABLE ledger_tile (level INTEGER, n INTEGER, hashes BLOB) STRICT'));
  assert.ok(!(await moves((tx) => tx.run(growLedger, { n: 1 }))), 'an append');
  assert.ok(!(await moves((tx) => tx.runMany(growLedger, [{ n: 2 }, { n: 3 }]))), 'many appends');
  assert.ok(await moves((tx) => tx.run(shrinkLedger, {})), 'anything else done to the ledger');
  assert.ok(await moves((tx) => rawRun(tx, 'INSERT INTO finding (id) VALUES (1)')), 'any other table');
  assert.ok(!(await moves((tx) => rawRun(tx, 'INSERT INTO finding (id) VALUES (1)'))), 'what was undone');
  await writer.commit(async (tx) => assert.equal(tx.state, undefined, 'a commit under way'));
  await engine.snapshot(async (tx) => assert.equal(tx.state, undefined, 'a snapshot'));
  await engine.close();
});
