import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Place, type Server, call, makePlace, startServer } from './program/program.ts';

/** Everything that makes Node write its memory, or load code, when somebody else chooses the environment. */
const armed = async (t: TestContext): Promise<{ place: Place; server: Server; wish: string; marker: string }> => {
  const place = await makePlace(t);
  const wish = join(place.root, 'wish');
  mkdirSync(wish);
  const marker = join(place.root, 'loaded');
  const evil = join(place.root, 'evil.cjs');
  writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'x');`);
  const options = [
    `--require=${evil}`,
    `--diagnostic-dir=${wish}`,
    '--heapsnapshot-signal=SIGUSR2',
    '--report-on-signal',
    '--report-signal=SIGUSR2',
    '--report-on-fatalerror',
    '--report-uncaught-exception',
    '--heapsnapshot-near-heap-limit=3',
    '--heap-prof',
    '--cpu-prof',
    '--inspect=127.0.0.1:0',
    '--abort-on-uncaught-exception',
  ];
  const env = {
    ...place.env,
    NODE_OPTIONS: options.join(' '),
    NODE_V8_COVERAGE: wish,
    NODE_REPORT_DIRECTORY: wish,
    NODE_DEBUG: 'http,net,tls,fs',
    NODE_REDIRECT_WARNINGS: join(wish, 'warnings'),
    SSLKEYLOGFILE: join(wish, 'keys'),
    OPENSSL_CONF: join(wish, 'openssl.cnf'),
  };
  // A shell that would allow cores of any size.
  const server = await startServer(
    t,
    { ...place, env, root: wish },
    [],
    ['sh', '-c', 'ulimit -c unlimited 2>/dev/null; exec "$0" "$@"'],
  );
  return { place: { ...place, env }, server, wish, marker };
};

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const LINUX = process.platform === 'linux' ? false : 'reads /proc';

suite('the running server', { skip: LINUX }, () => {
  test('loads nothing and opens nothing that its environment names, and passes none of it on', async (t) => {
    const { place, server, wish, marker } = await armed(t);
    assert.equal(existsSync(marker), false);
    assert.doesNotMatch(server.output(), /Debugger listening|HTTP \d+|NET \d+/);
    const environment = readFileSync(`/proc/${server.pid}/environ`, 'latin1').split('\0');
    const names = environment.map((line) => line.split('=')[0]!);
    for (const name of ['NODE_OPTIONS', 'NODE_V8_COVERAGE', 'NODE_DEBUG', 'SSLKEYLOGFILE', 'OPENSSL_CONF'])
      assert.ok(!names.includes(name), name);
    assert.equal((await call(place, ['status'])).exit, 0);
    assert.equal(existsSync(marker), false);
    assert.deepEqual(readdirSync(wish), []);
    assert.equal(await server.stop(), 0);
    assert.deepEqual(readdirSync(wish), [], 'nothing is written at its end either');
  });

  test('may write no core, of no size, with no memory in it, and its limits cannot be raised again', async (t) => {
    const { server } = await armed(t);
    const limits = readFileSync(`/proc/${server.pid}/limits`, 'utf8');
    assert.match(limits, /Max core file size\s+0\s+0/);
    assert.match(readFileSync(`/proc/${server.pid}/coredump_filter`, 'utf8').trim(), /^0+$/);
  });

  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const)
    test(`${signal} opens no inspector and writes no heap snapshot and no report`, async (t) => {
      const { server, wish, place } = await armed(t);
      process.kill(server.pid, signal);
      await sleep(400);
      assert.doesNotMatch(server.output(), /Debugger listening/);
      assert.deepEqual(readdirSync(wish), []);
      if (!isThere(server.pid)) return;
      // Listening on nothing but its own address.
      const own = listeningPorts(server.pid);
      assert.deepEqual(own, [place.port]);
    });

  for (const signal of ['SIGSEGV', 'SIGABRT', 'SIGQUIT'] as const)
    test(`killed by ${signal} it leaves no core, no snapshot and no report, and starts again with everything`, async (t) => {
      const { place, server, wish } = await armed(t);
      const { exit, err } = await call(place, ['project', 'create', 'kept']);
      assert.equal(exit, 0, err);
      await server.stop(signal);
      assert.deepEqual(readdirSync(wish), []);
      for (const folder of [place.root, place.data, place.temporary, process.cwd()])
        assert.deepEqual(
          readdirSync(folder).filter((name) => /^core|\.core$|heapsnapshot$|^report\./.test(name)),
          [],
          folder,
        );
      await startServer(t, place);
      assert.match((await call(place, ['project', 'list', '--json'])).out, /"kept"/);
    });
});

/** TCP ports on which a process listens (proc(5), /proc/net/tcp). */
const listeningPorts = (pid: number): number[] => {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined;
      }
    }),
  );
  return ['tcp', 'tcp6']
    .flatMap((file) => readFileSync(`/proc/${pid}/net/${file}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(fields[9]))
    .map((fields) => Number.parseInt(fields[1]!.split(':')[1]!, 16));
};
