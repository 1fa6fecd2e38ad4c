/**
 * Runs the tests under the locked Node, whichever Node calls it.
 *
 *     node scripts/test.mjs            everything
 *     node scripts/test.mjs units      src/ without *.slow.test.ts, and the architecture test: for every save
 *     node scripts/test.mjs FILE…      these
 *
 * CHATELAINE_SEED=N makes every property test choose the same examples again; without it each run chooses its own.
 *
 * The last line is `N passed, N failed, N skipped`. Nothing passed counts as a failure.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs'; // its `globSync` is younger than Node 20
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ARCHITECTURE = 'test/architecture.test.ts';

const lockedVersion = () => {
  const { optionalDependencies } = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8'));
  return `v${Object.values(optionalDependencies)[0]}`;
};

const again = (version) => {
  const link = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const { error, status } = process.env.CHTL_TEST_CHILD
    ? { error: true }
    : spawnSync(link, args, {
        stdio: 'inherit',
        shell: process.platform === 'win32',
        env: { ...process.env, CHTL_TEST_CHILD: '1' },
      });
  if (error) console.error(`The tests need Node ${version}; this is ${process.version}.\nRun:  npm install`);
  return status ?? 70;
};

const suites = (asked) => {
  const isUnit = (file) => (file.startsWith('src/') && !file.endsWith('.slow.test.ts')) || file === ARCHITECTURE;
  const everything = () =>
    fs
      .globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
      .map((file) => file.replaceAll('\\', '/'))
      .toSorted();
  if (asked.length > 0 && asked[0] !== 'units') return [{ files: asked, isolation: 'process' }];
  const units = { files: everything().filter(isUnit), isolation: 'none' };
  return asked[0] === 'units'
    ? [units]
    : [units, { files: everything().filter((file) => !isUnit(file)), isolation: 'process' }];
};

/** Units share one process (twenty times faster than one each); what crosses rooms gets a process per file. */
const runSuite = async ({ files, isolation }, counts) => {
  if (files.length === 0) return;
  const { run } = await import('node:test');
  const { spec: Spec } = await import('node:test/reporters');
  const seeding = process.env.CHATELAINE_SEED === undefined ? [] : ['--import', join(root, 'test', 'seed.ts')];
  if (isolation === 'none' && seeding.length > 0) await import(seeding[1]);
  const execArgv = isolation === 'none' ? [] : seeding;
  const events = run({ files, isolation, cwd: root, execArgv, concurrency: isolation === 'process' ? 2 : undefined });
  const count = (key) => (event) => {
    if (event.details?.type === 'suite') return;
    counts[event.skip || event.todo ? 'skipped' : key] += 1;
  };
  events.on('test:pass', count('passed'));
  events.on('test:fail', count('failed'));
  const report = events.compose(new Spec());
  for await (const text of report) process.stdout.write(text);
};

const main = async () => {
  const version = lockedVersion();
  if (process.version !== version) return again(version);
  // The quick check is for every save: one engine and few examples are enough to see what a change broke.
  if (process.argv[2] === 'units' && process.env.CHATELAINE_REQUIRE !== '1') {
    process.env.TEST_ENGINES ??= 'sqlite';
    process.env.CHATELAINE_FUZZ_RUNS ??= '100';
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of suites(process.argv.slice(2))) await runSuite(suite, counts);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
};

process.exit(await main());
