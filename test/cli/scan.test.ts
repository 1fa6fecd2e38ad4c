import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parse } from 'yaml';
import { type Answer, PORCH, call } from './house.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Made for this test; broken up, so that this file holds none. */
const VALUE = ['gR7kPw', '2vTz9', 'mQ4x'].join('');
const LEAK = `mqtt:\n  broker: 10.0.0.2\n  username: porch\n  password: ${VALUE}\n`;

type Report = {
  readonly outcome: string;
  readonly findings: readonly {
    readonly rule: string;
    readonly title: string;
    readonly shown: string;
    readonly fingerprint: string | null;
    readonly occurrences: readonly {
      readonly path: string;
      readonly line: number;
      readonly commit?: { readonly inHead: boolean };
    }[];
  }[];
  readonly gaps: readonly { readonly code: string }[];
};

let root: string;
let env: Record<string, string>;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'scan-'));
  env = { PATH: process.env['PATH'] ?? '', HOME: join(root, 'home'), TMPDIR: root, GIT_CONFIG_NOSYSTEM: '1' };
  mkdirSync(env['HOME']!);
});
after(() => rmSync(root, { recursive: true, force: true }));

const folder = (name: string, files: Readonly<Record<string, string>>): string => {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
};
const git = (cwd: string, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  });
const repository = (name: string, files: Readonly<Record<string, string>>): string => {
  const path = folder(name, files);
  git(path, 'init', '-q', '-b', 'main');
  git(path, 'add', '.');
  git(path, 'commit', '-q', '-m', 'first');
  return path;
};
const scan = (cwd: string, args: readonly string[] = [], input = ''): Promise<Answer> =>
  call(['scan', ...args], env, cwd, input);
const reportOf = async (cwd: string, args: readonly string[] = [], input = ''): Promise<Report> => {
  const { out, err, exit } = await scan(cwd, [...args, '--json'], input);
  assert.ok(exit === 0 || exit === 1 || exit === 3, err);
  assert.ok(!out.includes(VALUE) && !err.includes(VALUE));
  return JSON.parse(out) as Report;
};

suite('scan', () => {
  test('says which credential lies where, shows four characters of it, and ends with 1; with 0 when there is none', async () => {
    const path = folder('plain', { 'configuration.yaml': LEAK });
    const { exit, out } = await scan(path);
    assert.equal(exit, 1);
    assert.match(out, /configuration\.yaml:4/);
    assert.match(out, /gR…4x \(15 characters\)/);
    assert.ok(!out.includes(VALUE));
    assert.match(out, /1 credential in 1 place of \./);
    writeFileSync(join(path, 'configuration.yaml'), LEAK.replace(VALUE, '!secret mqtt_password'));
    assert.equal((await scan(path)).exit, 0);
  });

  test(
    'what could not be read makes it incomplete, and 3',
    { skip: process.getuid?.() === 0 ? 'root may read everything' : false },
    async () => {
      const path = folder('closed', { 'a.yaml': 'a: 1\n' });
      chmodSync(join(path, 'a.yaml'), 0);
      const report = await reportOf(path);
      assert.deepEqual([report.outcome, report.gaps[0]?.code], ['incomplete', 'unreadable']);
    },
  );

  test('a shallow clone is incomplete, never clean', async () => {
    const origin = repository('deep', { 'a.txt': 'nothing\n' });
    git(origin, 'commit', '-q', '--allow-empty', '-m', 'second');
    git(root, 'clone', '-q', '--depth', '1', `file://${origin}`, join(root, 'shallow'));
    const { exit } = await scan(join(root, 'shallow'), ['--git']);
    assert.equal(exit, 3);
    assert.equal((await reportOf(join(root, 'shallow'), ['--git'])).gaps[0]?.code, 'shallow_clone');
  });

  test('wrong use is 2, and no value in an argument is repeated', async () => {
    const path = folder('wrong', {});
    for (const args of [
      ['--git', '--staged'],
      ['--staged', '.'],
      ['--reveal'],
      ['nowhere'],
      ['--accept', 'x'],
      ['--format', 'xml'],
    ])
      assert.equal((await scan(path, args)).exit, 2, args.join(' '));
  });

  test('history still holds what the newest files do not; a second scan reads from its cache, and says the same', async () => {
    const path = repository('history', { 'configuration.yaml': LEAK });
    writeFileSync(join(path, 'configuration.yaml'), 'mqtt: {}\n');
    git(path, 'commit', '-q', '-am', 'second');
    assert.equal((await scan(path, ['configuration.yaml'])).exit, 0);
    const first = await reportOf(path, ['--git']);
    assert.equal(first.findings.length, 1);
    assert.equal(first.findings[0]!.occurrences[0]!.commit?.inHead, false);
    assert.deepEqual((await reportOf(path, ['--git'])).findings, first.findings);
    assert.equal((await reportOf(path, ['--git', 'HEAD~1..HEAD'])).findings.length, 0);
  });

  test('the hook stops a commit that would add a credential, and a push of one', async () => {
    const path = repository('hooked', { 'a.txt': 'nothing\n' });
    assert.equal((await scan(path, ['--install-hook'])).exit, 0);
    writeFileSync(join(path, 'configuration.yaml'), LEAK);
    git(path, 'add', '.');
    assert.equal((await scan(path, ['--staged'])).exit, 1);
    assert.throws(() => git(path, 'commit', '-q', '-m', 'leak'), /configuration\.yaml:4/);
    git(path, 'commit', '-q', '--no-verify', '-m', 'leak');
    const bare = join(root, 'bare.git');
    git(root, 'init', '-q', '--bare', bare);
    git(path, 'remote', 'add', 'origin', bare);
    assert.throws(
      () => git(path, 'push', '-q', 'origin', 'main'),
      (error: Error & { readonly stdout?: string }) => /1 credential in 1 place/.test(error.stdout ?? ''),
    );
    assert.equal(git(bare, 'branch', '--list').trim(), '');
  });

  test('standard input, archives in archives, and pages are looked through', async () => {
    assert.equal((await reportOf(root, ['--stdin'], LEAK)).findings.length, 1);
    const path = folder('packed', { 'configuration.yaml': LEAK });
    execFileSync('tar', ['-czf', 'inner.tar.gz', 'configuration.yaml'], { cwd: path });
    execFileSync('tar', ['-cf', 'outer.tar', 'inner.tar.gz'], { cwd: path });
    const [found] = (await reportOf(path, ['--archive', 'outer.tar'])).findings;
    assert.equal(found!.occurrences[0]!.path, 'outer.tar!inner.tar.gz!configuration.yaml');
    const server = createServer((_, response) =>
      response.setHeader('content-type', 'application/json').end(`{"mqtt_password": "${VALUE}"}`),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { exit, err } = await scan(root, ['--url', `http://127.0.0.1:${port}/api/config`]);
    server.close();
    assert.equal(exit, 1);
    assert.match(err, /answers 200: open/);
  });

  test('what is accepted has a reason, an end and an owner, and counts no more; the file holds no value', async () => {
    const path = folder('accepted', { 'configuration.yaml': LEAK });
    const accepted = await scan(path, ['--accept', 'test broker', '--until', inDays(30), '--owner', 'ada']);
    assert.equal(accepted.exit, 0, accepted.err);
    const baseline = readFileSync(join(path, '.chatelaine-baseline'), 'utf8');
    assert.match(baseline, /^k[\da-f]{4}:[\da-f]{40} \S+ \d{4}-\d\d-\d\d ada test broker$/m);
    assert.ok(!baseline.includes(VALUE.slice(0, 6)));
    assert.equal((await scan(path)).exit, 0);
    writeFileSync(join(path, 'moved.yaml'), `\n\n${LEAK}`);
    assert.equal((await scan(path)).exit, 0, 'a value keeps its name wherever it lies');
    const stranger = {
      ...env,
      HOME: join(root, 'elsewhere'),
      CHATELAINE_SCAN_KEY: 'another-key-of-another-person-000',
    };
    assert.equal((await call(['scan'], stranger, path)).exit, 1);
  });

  test('an integration that logs its password is told before its reviewers tell', async () => {
    const path = folder('custom_components/lamp', {
      'manifest.json': '{"domain": "lamp", "name": "Lamp", "version": "1.0.0"}',
      '__init__.py': [
        'import logging',
        '_LOGGER = logging.getLogger(__name__)',
        'async def async_setup_entry(hass, entry):',
        '    _LOGGER.debug("signing in with %s", entry.data["password"])',
        '    return True',
        '',
      ].join('\n'),
    });
    const { findings } = await reportOf(path, ['--integration']);
    assert.deepEqual(
      findings.map(({ rule, occurrences }) => [rule, occurrences[0]!.line]),
      [['integration-credential-logged', 4]],
    );
    assert.equal((await scan(path)).exit, 0);
  });

  test('reports are written to a file that only its owner reads, and the page for people beside it', async () => {
    const path = folder('reports', { 'configuration.yaml': LEAK });
    for (const format of ['json', 'sarif', 'junit', 'html']) {
      const { exit, out } = await scan(path, ['--format', format, '--output', `report.${format}`]);
      assert.equal(exit, 1);
      assert.match(out, /1 credential in 1 place/);
      const text = readFileSync(join(path, `report.${format}`), 'utf8');
      assert.ok(text.includes('configuration.yaml') && !text.includes(VALUE), format);
      assert.equal(statSync(join(path, `report.${format}`)).mode & 0o777, 0o600);
      rmSync(join(path, `report.${format}`));
    }
  });

  test('a report’s name says its format; where nothing does, nothing is left unwritten in silence', async () => {
    const path = folder('named', { 'configuration.yaml': LEAK });
    for (const [name, holds] of [
      ['report.sarif', /"version":\s*"2\.1\.0"/],
      ['report.xml', /<testsuites?/],
      ['report.html', /<!doctype html/i],
      ['report.json', /"outcome"/],
    ] as const) {
      assert.equal((await scan(path, ['-o', name])).exit, 1);
      assert.match(readFileSync(join(path, name), 'utf8'), holds);
      rmSync(join(path, name));
    }
    const { exit, err } = await scan(path, ['-o', 'report.txt']);
    assert.equal(exit, 2);
    assert.match(err, /--format/);
  });

  test('SARIF is what its own makers’ validator calls valid', sarifSkip(), async () => {
    const path = folder('sarif', {});
    cpSync(PORCH, path, { recursive: true });
    await scan(path, ['--format', 'sarif', '--output', 'scan.sarif']);
    const said = execFileSync(
      process.env['CHATELAINE_SARIF']!,
      ['validate', 'scan.sarif', '--rule-kind', 'Sarif;Ghas'],
      {
        cwd: path,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: root, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
      },
    );
    assert.match(said, /Analysis completed successfully/);
    assert.doesNotMatch(said, /: error /);
  });

  test('the action’s steps stop a change that adds a credential, and leave a report', async () => {
    const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
      readonly runs: {
        readonly steps: readonly {
          readonly name: string;
          readonly run: string;
          readonly env: Record<string, string>;
        }[];
      };
    };
    const { run, env: given } = action.runs.steps.find(({ name }) => name === 'Scan')!;
    assert.ok(!run.includes('${{'), 'an expression in a command line would be run');
    const path = repository('acted', { 'a.txt': 'nothing\n' });
    const base = git(path, 'rev-parse', 'HEAD').trim();
    writeFileSync(join(path, 'configuration.yaml'), LEAK);
    git(path, 'add', '.');
    git(path, 'commit', '-q', '-m', 'leak');
    const values: Readonly<Record<string, string>> = {
      '${{ github.action_path }}': ROOT,
      '${{ inputs.path }}': '.',
      '${{ inputs.range }}': `${base}..HEAD`,
      '${{ inputs.sarif }}': 'chatelaine.sarif',
    };
    const variables = Object.fromEntries(
      Object.entries(given).map(([name, expression]) => [name, values[expression]!]),
    );
    assert.throws(() =>
      execFileSync('sh', ['-e', '-c', run], {
        cwd: path,
        env: { ...env, ...variables, GITHUB_STEP_SUMMARY: join(root, 'summary.md') },
        stdio: 'pipe',
      }),
    );
    assert.ok(existsSync(join(path, 'chatelaine.sarif')));
    const summary = readFileSync(join(root, 'summary.md'), 'utf8');
    assert.match(summary, /^## Chatelaine scan\n\n {4}/);
    assert.match(summary, /configuration\.yaml:4/);
    assert.ok(!summary.includes(VALUE));
    assert.ok(
      summary.split('\n').every((line) => line === '' || /^ {4}|^## /.test(line)),
      'all is text',
    );
    execFileSync('sh', ['-e', '-c', run], {
      cwd: path,
      env: { ...env, ...variables, SCAN_RANGE: `${base}..${base}` },
      stdio: 'pipe',
    });
  });
});

suite('what is shown to others', () => {
  test('redact replaces what it finds in a log, and nothing else', async () => {
    const log = `connecting to mqtt://porch:${VALUE}@broker:1883\nretry with ${VALUE} failed\n21.5 degrees\n`;
    const { exit, out } = await call(['redact'], env, root, log);
    assert.equal(exit, 0);
    assert.ok(!out.includes(VALUE));
    assert.match(out, /^connecting to mqtt:\/\/porch:‹.*\?›@broker:1883\nretry with ‹.*\?› failed\n21\.5 degrees\n$/);
  });

  test('a copy to share holds no credential of the home, and loads as before', async () => {
    const { exit, out, err } = await call(
      ['share-copy', PORCH, '--output', join(root, 'to-show'), '--json'],
      env,
      root,
    );
    assert.equal(exit, 0, err);
    const { files, values } = JSON.parse(out) as { files: number; values: number };
    assert.ok(files > 30 && values > 40, out);
    const found = JSON.parse((await call(['scan', PORCH, '--json'], env, root)).out) as Report;
    assert.ok(found.findings.length > 40);
    for (const file of ['homeassistant/secrets.yaml', '.env', 'homeassistant/.storage/auth']) {
      const before = readFileSync(join(PORCH, file), 'utf8');
      const copy = readFileSync(join(root, 'to-show', file), 'utf8');
      assert.notEqual(copy, before, file);
      assert.equal(copy.split('\n').length, before.split('\n').length, file);
    }
    assert.equal((await call(['share-copy', PORCH, '--output', join(root, 'to-show')], env, root)).exit, 1);
    assert.equal(
      (await call(['share-copy', join(root, 'to-show'), '--output', join(root, 'to-show/in')], env, root)).exit,
      1,
    );
  });
});

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

function sarifSkip(): { readonly skip?: string } {
  if (process.env['CHATELAINE_SARIF'] !== undefined) return {};
  if (process.env['CHATELAINE_REQUIRE'] === '1') throw new Error('CHATELAINE_SARIF names no SARIF Multitool.');
  return { skip: 'set CHATELAINE_SARIF to the SARIF Multitool' };
}
