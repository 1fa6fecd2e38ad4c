import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { ChatelaineError, Secret, hasCode } from '#kernel';
import { type Engine, type PostgresOptions, isRetryable, migrate, openPostgres, openWriter } from '#storage';
import { engines, freshSchema, postgresServer } from '../../../test/engines.ts';
import { cuttableWire } from '../../../test/cuttable-wire.ts';
import { type PostgresServer, startPostgres } from '../../../test/postgres-server.ts';
import { rawRows, rawRun } from '../raw.ts';

const missing = engines().find(({ name }) => name === 'postgres')?.missing;

describe('PostgreSQL', { skip: missing ?? false }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await postgresServer();
  });

  const open = (options: Partial<PostgresOptions> = {}): Promise<Engine> =>
    openPostgres({ url: Secret.fromText(server.url), schema: freshSchema(), ...options });
  const withTable = async (options?: Partial<PostgresOptions>): Promise<Engine> => {
    const engine = await open(options);
    await openWriter(engine).commit((tx) => rawRun(tx, 'CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT)'));
    return engine;
  };
  const insert = (engine: Engine, id: number): Promise<number> =>
    openWriter(engine).commit((tx) => rawRun(tx, `INSERT INTO t (id) VALUES (${id})`));
  const ids = async (engine: Engine): Promise<number[]> =>
    (await engine.read((tx) => rawRows(tx, 'SELECT id FROM t ORDER BY id'))).map((row) => (row as { id: number }).id);
  const terminateOthers = () =>
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'chatelaine'");

  test('data spaces of one database do not see one another', async () => {
    const [one, two] = await Promise.all([withTable(), withTable()]);
    await insert(one, 1);
    assert.deepEqual(await ids(two), []);
    await Promise.all([one.close(), two.close()]);
  });

  test('a schema name that is more than a name is refused', async () => {
    for (const schema of ['a"; DROP SCHEMA public; --', 'A', '', 'pg toast', 'a'.repeat(64)])
      await assert.rejects(open({ schema }), { name: 'TypeError' });
  });

  test('an integer beyond 53 bits is an error, not another integer', async () => {
    const engine = await withTable();
    await openWriter(engine).commit((tx) => rawRun(tx, 'INSERT INTO t (id) VALUES (9007199254740993)'));
    await assert.rejects(ids(engine), { name: 'RangeError', message: /9007199254740993/ });
    await engine.close();
  });

  test('the password shows nowhere', async () => {
    const secret = 'hunter2-%2F@x';
    const encoded = encodeURIComponent(secret);
    const shows = (value: unknown): boolean => {
      const text = `${inspect(value, { depth: 12, showHidden: true })} ${JSON.stringify(value)} ${String(value)}`;
      return text.includes(secret) || text.includes(encoded) || text.includes('hunter2');
    };
    const bad = [
      server.url.replace(/:[^:@]+@/, `:${encoded}@`),
      `postgresql://chatelaine:${encoded}@127.0.0.1:1/postgres`,
      `postgresql://chatelaine:${encoded}@127.0.0.1:1/postgres?sslrootcert=/nonexistent`,
      `postgresql://chatelaine:${encoded}@[bad:host/postgres`,
      `mysql://chatelaine:${encoded}@127.0.0.1/x`,
      `chatelaine:${encoded}@127.0.0.1`,
    ];
    for (const url of bad)
      await assert.rejects(open({ url: Secret.fromText(url) }), (error) => {
        assert.ok(error instanceof ChatelaineError, inspect(error));
        assert.match(error.code, /^storage\.(?:unreachable|bad_address)$/);
        assert.equal(shows(error), false, inspect(error, { depth: 12 }));
        return true;
      });
    const engine = await open();
    const password = 'correct horse';
    assert.equal(`${inspect(engine, { depth: 12, showHidden: true })}${engine.place}`.includes(password), false);
    assert.match(engine.place, /^postgresql:\/\/127\.0\.0\.1:\d+\/postgres \(schema test_\d+\)$/);
    await engine.close();
  });

  test('an error of the server does not carry the row that caused it', async () => {
    const engine = await open();
    await openWriter(engine).commit((tx) => rawRun(tx, 'CREATE TABLE p (name TEXT UNIQUE, n BIGINT NOT NULL)'));
    const write = (values: string) => openWriter(engine).commit((tx) => rawRun(tx, `INSERT INTO p VALUES ${values}`));
    await write("('maud', 1)");
    for (const values of ["('maud', 2)", "('maud''s key', NULL)"])
      await assert.rejects(write(values), (error) => !inspect(error, { depth: 5, showHidden: true }).includes('maud'));
    await engine.close();
  });

  test('a host elsewhere is asked for TLS unless the URL says otherwise', async () => {
    // 0.0.0.0 reaches this machine as well, but does not count as it.
    const elsewhere = server.url.replace('127.0.0.1', '0.0.0.0');
    await assert.rejects(
      open({ url: Secret.fromText(elsewhere) }),
      (error) => hasCode(error, 'storage.unreachable') && /does not support SSL/.test(error.message),
    );
    await (await open({ url: Secret.fromText(`${elsewhere}?sslmode=disable`) })).close();
    await assert.rejects(
      open({ url: Secret.fromText(`${server.url}?sslmode=verify-full`) }),
      /does not support SSL/,
      'what the URL asks for is honoured here too',
    );
  });

  test('sessions that died while idle are replaced unnoticed', async () => {
    const engine = await withTable();
    await insert(engine, 1);
    await ids(engine);
    await terminateOthers();
    await insert(engine, 2);
    assert.deepEqual(await ids(engine), [1, 2]);
    await engine.close();
  });

  test('a session that dies in the middle of a snapshot fails it, and nothing else', async () => {
    const engine = await withTable();
    await insert(engine, 1);
    const long = engine.snapshot(async (tx) => {
      await rawRows(tx, 'SELECT 1');
      await terminateOthers();
      // Nothing is asked while the end arrives: only a listener hears it.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await rawRows(tx, 'SELECT 1');
    });
    await assert.rejects(long, (error) => hasCode(error, 'storage.unreachable'));
    assert.deepEqual(await ids(engine), [1]);
    await engine.close();
  });

  test('a connection lost before COMMIT changes nothing, says so, and the next commit goes on', async () => {
    const engine = await withTable();
    const lost = openWriter(engine).commit(async (tx) => {
      await rawRun(tx, 'INSERT INTO t (id) VALUES (1)');
      await terminateOthers();
      await rawRun(tx, 'INSERT INTO t (id) VALUES (2)');
    });
    await assert.rejects(lost, (error) => hasCode(error, 'storage.connection_lost') && isRetryable(error));
    await insert(engine, 3);
    assert.deepEqual(await ids(engine), [3]);
    await engine.close();
  });

  test('a connection lost inside a savepoint cannot be caught and carried on with', async () => {
    const engine = await withTable();
    const lost = openWriter(engine).commit(async (tx) => {
      await tx
        .savepoint(async () => {
          await terminateOthers();
          await rawRun(tx, 'INSERT INTO t (id) VALUES (1)');
        })
        .catch(() => undefined);
      await rawRun(tx, 'INSERT INTO t (id) VALUES (2)').catch(() => undefined);
    });
    await assert.rejects(lost, isRetryable);
    assert.deepEqual(await ids(engine), []);
    await engine.close();
  });

  test('a connection lost during COMMIT leaves the outcome unknown, whichever it was', async (t) => {
    for (const when of ['before', 'after'] as const) {
      const wire = await cuttableWire(server.port);
      t.after(wire.close);
      const schema = freshSchema();
      const engine = await withTable({
        url: Secret.fromText(server.url.replace(`:${server.port}/`, `:${wire.port}/`)),
        schema,
      });
      wire.cutAt('COMMIT\0', when);
      await assert.rejects(
        insert(engine, 1),
        (error) => hasCode(error, 'storage.unknown_outcome') && !isRetryable(error),
      );
      await insert(engine, 2);
      assert.deepEqual(await ids(engine), when === 'before' ? [2] : [1, 2]);
      await engine.close();
    }
  });

  test('a deadlock is rethrown as it is, and known to be worth another try', async () => {
    const schema = freshSchema();
    const [one, two] = [await withTable({ schema }), await open({ schema })];
    for (const id of [1, 2]) await insert(one, id);
    const crossed = async (engine: Engine, order: readonly number[], met: () => Promise<void>) =>
      openWriter(engine).commit(async (tx) => {
        await rawRun(tx, `UPDATE t SET n = 1 WHERE id = ${order[0]}`);
        await met();
        await rawRun(tx, `UPDATE t SET n = 1 WHERE id = ${order[1]}`);
      });
    const met = meeting(2);
    const outcomes = await Promise.allSettled([crossed(one, [1, 2], met), crossed(two, [2, 1], met)]);
    const failures = outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map(({ reason }) => reason as { code: string });
    assert.deepEqual(
      failures.map(({ code }) => code),
      ['40P01'],
    );
    assert.ok(isRetryable(failures[0]));
    await Promise.all([one.close(), two.close()]);
  });

  test('another process that holds a row for too long is answered with busy', async () => {
    const schema = freshSchema();
    const [one, two] = [await withTable({ schema }), await open({ schema })];
    await insert(one, 1);
    await openWriter(one).commit(async (tx) => {
      await rawRun(tx, 'UPDATE t SET n = 1');
      const waiting = openWriter(two).commit(async (other) => {
        await rawRun(other, "SET LOCAL lock_timeout = '50ms'");
        await rawRun(other, 'UPDATE t SET n = 2');
      });
      await assert.rejects(waiting, (error) => hasCode(error, 'storage.busy'));
    });
    await Promise.all([one.close(), two.close()]);
  });

  test('another process’s change of a table does not stop prepared statements for long', async () => {
    const engine = await withTable();
    const all = () => engine.read((tx) => rawRows(tx, 'SELECT * FROM t'));
    await insert(engine, 1);
    await all();
    const schema = /schema (\w+)/.exec(engine.place)![1];
    await server.sql(`ALTER TABLE ${schema}.t ADD COLUMN label TEXT`);
    assert.deepEqual(Object.keys((await all())[0] as object), ['id', 'n', 'label']);
    await engine.close();
  });

  test('a full disk of the server is ours to name, and the next commit goes on', async () => {
    const engine = await withTable();
    const full = openWriter(engine).commit(async (tx) => {
      await rawRun(tx, 'INSERT INTO t (id) VALUES (1)');
      await rawRun(tx, "DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$");
    });
    await assert.rejects(full, (error) => hasCode(error, 'storage.full') && !isRetryable(error));
    await insert(engine, 2);
    assert.deepEqual(await ids(engine), [2]);
    await engine.close();
  });

  test('scrub vacuums the tables whose rows are destroyed', async () => {
    const engine = await open();
    await migrate(engine, 0);
    const writer = openWriter(engine);
    await writer.commit((tx) =>
      rawRun(tx, "INSERT INTO original VALUES ('o', 'p', 'e', 'f', '\\x00', '\\x01', 0, NULL)"),
    );
    await writer.commit((tx) => rawRun(tx, 'UPDATE original SET sealed = NULL'));
    const schema = /schema (\w+)/.exec(engine.place)![1];
    const pages = `SELECT relallvisible AS clean FROM pg_class WHERE oid = '${schema}.original'::regclass`;
    assert.deepEqual({ ...((await server.sql(pages))[0] as object) }, { clean: 0 });
    await engine.scrub();
    assert.deepEqual({ ...((await server.sql(pages))[0] as object) }, { clean: 1 }, 'no dead row is left on the page');
    await engine.close();
  });

  test('a server that nobody answers for is unreachable', async () => {
    await assert.rejects(
      open({ url: Secret.fromText('postgresql://chatelaine@127.0.0.1:1/postgres') }),
      (error) => hasCode(error, 'storage.unreachable') && /ECONNREFUSED/.test(error.message),
    );
  });
});

describe('a PostgreSQL server that crashes or is set up unsafely', { skip: missing ?? false }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });

  const open = (onFatal?: (error: Error) => void): Promise<Engine> =>
    openPostgres({ url: Secret.fromText(server.url), ...(onFatal && { onFatal }) });

  test(
    'what was acknowledged is there after the server was killed, and the engine finds its way back',
    { timeout: 60_000 },
    async () => {
      const engine = await open();
      const writer = openWriter(engine);
      await writer.commit((tx) => rawRun(tx, 'CREATE TABLE t (id BIGINT PRIMARY KEY)'));
      const acknowledged: number[] = [];
      const writes = { end: false };
      const writing = (async () => {
        for (let id = 0; !writes.end; id++)
          try {
            await writer.commit((tx) => rawRun(tx, `INSERT INTO t (id) VALUES (${id})`));
            acknowledged.push(id);
          } catch (error) {
            assert.ok(error instanceof ChatelaineError, inspect(error));
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
      })();
      const moreAcknowledged = async () => {
        for (const goal = acknowledged.length + 20; acknowledged.length < goal;)
          await new Promise((resolve) => setTimeout(resolve, 10));
      };
      for (let round = 0; round < 3; round++) {
        await moreAcknowledged();
        await server.kill();
        await server.start();
      }
      await moreAcknowledged();
      writes.end = true;
      await writing;
      const rows = new Set(
        (await engine.read((tx) => rawRows(tx, 'SELECT id FROM t'))).map((row) => (row as { id: number }).id),
      );
      assert.deepEqual(
        acknowledged.filter((id) => !rows.has(id)),
        [],
      );
      await engine.close();
    },
  );

  test('start refuses settings under which an acknowledged change can be lost, and names them', async () => {
    for (const [setting, value] of [
      ['fsync', 'off'],
      ['full_page_writes', 'off'],
      ['synchronous_commit', 'off'],
    ] as const) {
      await server.halt();
      await server.start([`${setting}=${value}`]);
      await assert.rejects(
        open(),
        (error) => hasCode(error, 'storage.unsafe_server') && error.details['setting'] === setting,
      );
    }
    await server.halt();
    await server.start(['synchronous_commit=local']);
    await (await open()).close();
  });

  test('a server that comes back unsafe stops the engine for good', async () => {
    await server.halt();
    await server.start();
    const told: Error[] = [];
    const engine = await open((error) => told.push(error));
    await server.halt();
    await server.start(['fsync=off']);
    for (let i = 0; i < 2; i++)
      await assert.rejects(
        openWriter(engine).commit((tx) => rawRun(tx, 'SELECT 1')),
        (error) => hasCode(error, 'storage.unsafe_server'),
      );
    assert.equal(told.length, 1);
    await engine.close();
    await server.stop();
  });
});

/** Resolves for everyone once `count` have come. */
const meeting = (count: number): (() => Promise<void>) => {
  let absent = count;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    if (--absent === 0) resolve();
    return promise;
  };
};
