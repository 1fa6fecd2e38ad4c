import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, suite, test } from 'node:test';
import { openLog } from '#http';
import { hasCode } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { listEntries } from '#ledger';
import { defaultPlaces } from '../src/server/places.ts';
import { planStart } from '../src/server/plan.ts';
import { readSettings } from '../src/server/read-settings.ts';
import { type Running, start } from '../src/server/start.ts';
import { type Place, type Said, call, callAtTerminal, makePlace, startServer } from './program/program.ts';

/** What a person sees: what happened, what to do, and an exit code a script can use. Never a stack. */
const assertSays = ({ exit, out, err }: Said, wanted: number, what: RegExp, hint: RegExp): void => {
  const said = `${out}${err}`;
  assert.equal(exit, wanted, said);
  assert.match(said, what);
  assert.match(said, hint);
  assert.doesNotMatch(said, /^\s+at |node:internal|undefined/m);
};

const up = (place: Place, ...args: readonly string[]): Promise<Said> => call(place, ['up', ...args]);
const set = (place: Place, name: string, value = 'a-value-to-keep-1'): Promise<Said> =>
  call(place, ['set', `lab/home/${name}`, '--stdin'], { input: value });
const get = async (place: Place, name: string): Promise<string> => (await call(place, ['get', `lab/home/${name}`])).out;

/** A place with an installation in which something is kept; the server was stopped. */
const lived = async (t: TestContext, more: Readonly<Record<string, string>> = {}): Promise<Place> => {
  const place = await makePlace(t, { CHATELAINE_LOG_LEVEL: 'error', ...more });
  const { stop } = await startServer(t, place);
  assert.equal((await call(place, ['project', 'create', 'lab'])).exit, 0);
  assert.equal((await set(place, 'kept')).exit, 0);
  assert.equal(await stop(), 0);
  return place;
};

/** Whatever went wrong is put right now: it starts, and has what it had. */
const assertWhole = async (t: TestContext, place: Place, tolerated: readonly string[] = []): Promise<void> => {
  const { stop } = await startServer(t, place);
  assert.equal(await get(place, 'kept'), 'a-value-to-keep-1');
  assert.equal(await stop(), 0);
  const { out } = await call(place, ['doctor', '--json']);
  const checks = JSON.parse(out) as { id: string; state: string }[];
  assert.ok(checks.length > 10);
  const bad = checks.filter(({ state, id }) => state === 'bad' && !tolerated.includes(id));
  assert.deepEqual(bad, []);
};

/** Only our own variables, with a port that is free at any time. */
const ours = (env: Place['env']): Place['env'] => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('CHATELAINE_'))),
  CHATELAINE_LISTEN: '127.0.0.1:0',
});

suite('a start that cannot go well says why, what next, and changes nothing', { concurrency: 2 }, () => {
  test('settings: unknown, wrong, contradictory', async (t) => {
    const place = await makePlace(t);
    assertSays(await up(place, '--lisen', '127.0.0.1:0'), 2, /does not have an option --lisen/, /--listen/);
    assertSays(
      await call({ ...place, env: { ...place.env, CHATELAINE_LISEN: 'x' } }, ['up']),
      2,
      /CHATELAINE_LISEN/,
      /CHATELAINE_LISTEN/,
    );
    const config = join(place.root, 'settings.yaml');
    const withFile = (text: string) => {
      writeFileSync(config, text);
      return call({ ...place, env: { ...place.env, CHATELAINE_CONFIG: config } }, ['up']);
    };
    assertSays(await withFile('lissten: x\n'), 2, /lissten/, /listen/);
    assertSays(await withFile('listen: [\n'), 2, /not well-formed/, /settings\.yaml/);
    assertSays(await withFile('- listen\n'), 2, /not a table/, /settings\.yaml/);
    assertSays(await withFile('a: &a [x]\nb: *a\n'), 2, /settings/, /./);
    assertSays(await up(place, '--listen', 'nonsense'), 2, /HOST:PORT/, /--listen/);
    assertSays(await up(place, '--listen', '127.0.0.1:99999'), 2, /99999/, /--help/);
    assertSays(await up(place, '--listen', '0.0.0.0:8200'), 2, /Others could reach/, /--tls-cert/);
    assertSays(await up(place, '--tls-cert', '/nowhere.pem'), 2, /come together/, /tls-key/);
    assertSays(
      await up(place, '--tls-cert', '/nowhere.pem', '--tls-key', '/nowhere.key'),
      2,
      /nowhere/,
      /owner and mode/,
    );
    assertSays(await up(place, '--seal', 'systemd-credential'), 2, /systemd/, /seal/);
    assertSays(await up(place, '--database-url', 'mysql://x'), 2, /postgres/, /database-url/);
    assertSays(await up(place, '--body-limit', '12'), 2, /body-limit/, /--help/);
    assert.equal(existsSync(place.data), false, 'nothing was made');
    assert.equal(existsSync(place.keyFile), false);
  });

  test('a certificate that is none', async (t) => {
    const place = await makePlace(t);
    const file = join(place.root, 'nonsense.pem');
    writeFileSync(file, 'no certificate');
    assertSays(await up(place, '--tls-cert', file, '--tls-key', file), 2, /certificate/i, /tls-/);
  });

  test('a port in use, and an address that is not ours', async (t) => {
    const place = await lived(t);
    const squatter = createServer().listen(place.port, '127.0.0.1');
    await once(squatter, 'listening');
    assertSays(await up(place), 5, /serves on 127\.0\.0\.1:\d+ already/, /--listen/);
    squatter.close();
    await once(squatter, 'close');
    const tls = ['--allow-plain-http'];
    assertSays(await up(place, '--listen', '203.0.113.1:8200', ...tls), 2, /EADDRNOTAVAIL/, /listen/);
    await assertWhole(t, place);
  });

  test('a second process on the same folder', async (t) => {
    const place = await lived(t);
    const { stop } = await startServer(t, place);
    assertSays(await up(place, '--listen', '127.0.0.1:0'), 5, /in use|another process/i, /Stop the other process/);
    assert.equal(await get(place, 'kept'), 'a-value-to-keep-1');
    assert.equal(await stop(), 0);
    await assertWhole(t, place);
  });

  test('a folder of a newer version, and one of another build', async (t) => {
    const place = await lived(t);
    const change = (sql: string) => {
      const database = new DatabaseSync(join(place.data, 'chatelaine.db'));
      database.exec(sql);
      database.close();
    };
    change("INSERT INTO schema_migration (id, name, applied_at) VALUES (99, 'from-the-future', 0)");
    for (const args of [['up'], ['backup'], ['kit', 'create']])
      assertSays(await call(place, args), 2, /newer version/, /Run the version that wrote it/);
    assertSays(await call(place, ['doctor']), 1, /this version knows/, /A newer version wrote it/);
    change('DELETE FROM schema_migration WHERE id = 99');
    change("UPDATE schema_migration SET name = name || '-x' WHERE id = 1");
    assertSays(await up(place), 70, /does not know/, /another build/);
    change("UPDATE schema_migration SET name = replace(name, '-x', '') WHERE id = 1");
    await assertWhole(t, place);
  });

  test('a database that is none, or is damaged at its head', async (t) => {
    const place = await lived(t);
    const file = join(place.data, 'chatelaine.db');
    const aside = join(place.root, 'aside');
    cpSync(place.data, aside, { recursive: true });
    writeFileSync(file, 'no database at all'.repeat(1_000));
    assertSays(await up(place), 70, /./, /Check|restore|Restore/);
    rmSync(place.data, { recursive: true });
    cpSync(aside, place.data, { recursive: true });
    await assertWhole(t, place);
  });

  test('the key file missing, readable by others, not a key, another key, inside the data folder', async (t) => {
    const place = await lived(t);
    const key = readFileSync(place.keyFile, 'utf8');
    rmSync(place.keyFile);
    // Reachable, so that the recovery kit can unlock it; and it says why it is locked.
    const { output, stop } = await startServer(t, { ...place, env: { ...place.env, CHATELAINE_LOG_LEVEL: 'error' } });
    assert.match(output(), /locked/);
    assert.match(output(), /could not unlock by itself\. .*is not there/);
    assertSays(await call(place, ['get', 'lab/home/kept']), 5, /locked/, /chatelaine unlock/);
    assertSays(await call(place, ['unlock']), 2, /is not there/, /recovery kit/);
    assert.equal(await stop(), 0);
    assert.equal(existsSync(place.keyFile), false, 'no new key is made for an old folder');
    writeFileSync(place.keyFile, key, { mode: 0o644 });
    chmodSync(place.keyFile, 0o644);
    assertSays(await up(place), 2, /Others may read/, /chmod 600/);
    chmodSync(place.keyFile, 0o600);
    writeFileSync(place.keyFile, 'not a key\n');
    assertSays(await up(place), 1, /64 hexadecimal/, /key file/);
    writeFileSync(place.keyFile, `${'ab'.repeat(32)}\n`);
    assertSays(await up(place), 1, /./, /belongs to this data folder/);
    const inside = join(place.data, 'root.key');
    writeFileSync(inside, key, { mode: 0o600 });
    assertSays(await up(place, '--key-file', inside), 2, /inside the data folder/, /./);
    rmSync(inside);
    writeFileSync(place.keyFile, key);
    await assertWhole(t, place);
  });

  test('an older copy of the folder: refused until somebody says why', async (t) => {
    const place = await lived(t);
    const aside = join(place.root, 'aside');
    cpSync(place.data, aside, { recursive: true });
    const { stop } = await startServer(t, place);
    await set(place, 'later');
    assert.equal(await stop(), 0);
    rmSync(place.data, { recursive: true });
    cpSync(aside, place.data, { recursive: true });
    assertSays(await up(place), 70, /an older copy was put back/, /accept-rollback/);
    assertSays(await call(place, ['audit', 'accept-rollback']), 2, /reason/i, /--help/);
    assert.equal((await call(place, ['audit', 'accept-rollback', '--reason', 'the disk died'])).exit, 0);
    await assertWhole(t, place);
  });

  test('a clock that was never set: refused at the first start and at any other, and nothing is made or changed', async (t) => {
    const place = await makePlace(t);
    const startAt = async (time: string): Promise<Running> => {
      const settings = readSettings({ flags: {}, environment: ours(place.env), file: undefined });
      const running = await start({
        plan: planStart(settings, defaultPlaces(place.env), place.env),
        clock: { ...systemClock, now: () => Date.parse(time) },
        random: systemRandom,
        log: openLog('silent'),
        version: '0.0.0-test',
        demo: false,
        user: { name: 'ada', uid: process.getuid?.() ?? null },
        onFatal: (error) => assert.fail(error),
      });
      t.after(() => running.stop('the test is over'));
      return running;
    };
    await assert.rejects(
      startAt('1970-01-02T00:00:00Z'),
      (error) => hasCode(error, 'server.clock_wrong') && error.exit === 5 && /timedatectl/.test(error.hint ?? ''),
    );
    assert.equal(existsSync(place.data), false);
    const running = await startAt('2027-03-01T12:00:00Z');
    const size = running.house.deeds.head()!.size;
    await running.stop('test');
    await assert.rejects(startAt('1999-12-31T00:00:00Z'), (error) => hasCode(error, 'server.clock_wrong'));
    // A clock that went back a year, but not to nonsense: it starts, and the step is on the record.
    const earlier = await startAt('2026-03-01T12:00:00Z');
    const { output } = await earlier.house.deeds.perform(
      listEntries(null),
      await earlier.house.engine.read((tx) =>
        earlier.house.identity.proveOsUser(tx, process.getuid?.() ?? 0, { address: 'local', agent: 'test' }),
      ),
      { before: null, limit: 50, action: 'installation.clock-step' },
    );
    assert.equal(output.length, 1);
    assert.match(output[0]!.public.note ?? '', /s ahead/);
    assert.ok(earlier.house.deeds.head()!.size > size);
    await earlier.stop('test');
  });

  test('a passphrase: nobody to ask, too weak, wrong, right', { skip: hasScript() }, async (t) => {
    const place = await makePlace(t, { CHATELAINE_LOG_LEVEL: 'error', CHATELAINE_SEAL: 'passphrase' });
    assertSays(await up(place), 2, /needs a passphrase from a person/, /seal/);
    const weak = await callAtTerminal(place, ['up'], 'short\n');
    assertSays(weak, 2, /passphrase/i, /12 characters/);
  });
});

suite('surroundings that turn bad', { concurrency: 2 }, () => {
  test('a read-only data folder: nothing starts, and nothing is lost', { skip: canMount() }, async (t) => {
    const place = await lived(t);
    // Root writes whatever modes say; a read-only mount stops everybody.
    mount(t, ['--bind', place.data, place.data]);
    spawnSync('mount', ['-o', 'remount,ro,bind', place.data]);
    assertSays(await up(place), 2, /./, /yours and writable|owner, mode and free space/);
    spawnSync('umount', [place.data]);
    await assertWhole(t, place);
  });

  test(
    'a disk that fills up: writes are refused by name, reads and what is there survive, and all goes on with room',
    { skip: canMount() },
    async (t) => {
      const place = await makePlace(t, { CHATELAINE_LOG_LEVEL: 'error' });
      mkdirSync(place.data, { mode: 0o700 });
      mount(t, ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', place.data]);
      const { stop } = await startServer(t, place);
      assert.equal((await call(place, ['project', 'create', 'lab'])).exit, 0);
      assert.equal((await set(place, 'kept')).exit, 0);
      const filler = join(place.data, 'filler');
      const { bavail, bsize } = statfsSync(place.data);
      writeFileSync(filler, new Uint8Array(bavail * bsize));
      const refused = await set(place, 'no-room', 'x'.repeat(300_000));
      assertSays(refused, 70, /full|space/i, /Free space/);
      assert.equal((await fetch(`http://127.0.0.1:${place.port}/healthz`)).status, 200, 'it still answers');
      assertSays(await call(place, ['get', 'lab/home/kept']), 70, /full|space/i, /Free space/);
      rmSync(filler);
      assert.equal((await set(place, 'room-again')).exit, 0);
      assert.equal(await get(place, 'kept'), 'a-value-to-keep-1');
      assert.equal(await stop(), 0);
      // So small a disk is never a good one.
      await assertWhole(t, place, ['disk']);
      spawnSync('umount', ['--lazy', place.data]);
    },
  );

  test('killed in the middle of a stream of writes: what was acknowledged is there', async (t) => {
    const place = await lived(t);
    const { stop } = await startServer(t, place);
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let i = 0; i < 6; i++)
        if ((await set(place, `stream/${i}`, `stream-value-${i}`)).exit === 0) acknowledged.push(String(i));
    })();
    while (acknowledged.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    await stop('SIGKILL');
    await writing;
    const again = await startServer(t, place);
    for (const i of acknowledged) assert.equal(await get(place, `stream/${i}`), `stream-value-${i}`);
    assert.equal(await again.stop(), 0);
    await assertWhole(t, place);
  });

  test('no server: every command that needs one says how to start it', async (t) => {
    const place = await makePlace(t);
    for (const args of [['list', '-p', 'lab'], ['get', 'lab/home/x'], ['status'], ['next'], ['lock']])
      assertSays(await call(place, args), 5, /No server/, /chatelaine up/);
    assertSays(await call(place, ['doctor']), 3, /no installation/i, /--data/);
  });
});

function hasScript(): string | false {
  return spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0 ? false : 'script(1) is not installed';
}

function canMount(): string | false {
  return process.platform === 'linux' && process.getuid?.() === 0 ? false : 'only root on Linux can mount';
}

const mount = (t: TestContext, args: readonly string[]): void => {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) return t.skip(`nothing can be mounted here: ${stderr.trim()}`);
  t.after(() => spawnSync('umount', ['--lazy', args.at(-1)!], { stdio: 'ignore' }));
};
