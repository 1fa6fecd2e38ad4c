import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { programValues, survey } from '#formats';
import { readFolder } from '../../src/cli/folder.ts';
import { NO_PROGRESS } from '../../src/cli/progress.ts';
import { type LiveHouse, PORCH, openLiveHouse } from './house.ts';

let house: LiveHouse;
before(async () => {
  house = await openLiveHouse();
});
after(() => house.close());

const json = async (...args: readonly string[]) => {
  const { exit, out, err } = await house.run([...args, '--json']);
  assert.equal(exit, 0, err);
  return JSON.parse(out) as never;
};

/** Every value of a folder as its programs read it. */
const valuesOf = (folder: string): readonly string[] =>
  programValues(survey(readFolder(folder, NO_PROGRESS, new AbortController().signal).files)).map(
    ({ file, keyPath, value, typed }) => `${file} ${keyPath.join('.')} ${value.revealText()} ${typed}`,
  );

suite('the example home', () => {
  test('is shown by adopt --dry-run without a server, and nothing is written', async () => {
    const folder = house.copyPorch('dry');
    const { exit, out } = await house.run(['adopt', folder, '--dry-run'], {
      env: { CHATELAINE_DATA: join(house.root, 'nowhere') },
    });
    assert.equal(exit, 0);
    assert.match(out, /gold: controls the home/);
    assert.match(out, /heatpump_token/);
    assert.match(out, /ifttt_key/);
    assert.equal(spawnSync('diff', ['-r', PORCH, folder]).status, 0);
    assert.equal(existsSync(join(house.root, 'nowhere')), false);
  });

  test('is taken in; a second time changes nothing', async () => {
    const folder = house.copyPorch('porch');
    const first = await house.run(['adopt', folder]);
    assert.equal(first.exit, 0, first.err);
    assert.match(first.out, /Taken in as porch\/home: \d+ new\./);
    const second = await house.run(['adopt', folder]);
    assert.match(second.out, /Nothing changed since it was taken in/);
    const { changed, results } = (await json('adopt', folder)) as { changed: boolean; results: { result: string }[] };
    assert.equal(changed, false);
    assert.deepEqual(new Set(results.map(({ result }) => result)), new Set(['same']));
    assert.equal(spawnSync('diff', ['-r', PORCH, folder]).status, 0, 'no file was touched');
  });

  test('has no value in what adopt and list print', async () => {
    const folder = join(house.root, 'porch');
    const secrets = survey(readFolder(folder, NO_PROGRESS, new AbortController().signal).files)
      .credentials.map(({ value }) => value.revealText())
      .filter((text) => text.length >= 8);
    assert.ok(secrets.length > 20);
    for (const args of [
      ['adopt', folder],
      ['adopt', folder, '--json'],
      ['adopt', folder, '--rewrite', '--dry-run'],
      ['list'],
      ['list', '--json'],
      ['show', 'porch/home/mqtt-password', '--json'],
      ['history', 'porch/home/mqtt-password'],
      ['next', '--all'],
      ['findings'],
      ['audit', 'tail', '--count', '500', '--json'],
    ]) {
      const { out, err } = await house.run(args, { cwd: folder });
      for (const secret of secrets) assert.ok(!`${out}${err}`.includes(secret), `${args.join(' ')} prints a value`);
    }
  });

  test('gives values one by one, byte for byte when piped', async () => {
    const original = /mqtt_password: (.+)/.exec(readFileSync(join(PORCH, 'homeassistant/secrets.yaml'), 'utf8'))![1]!;
    const { out, exit } = await house.run(['get', 'porch/home/mqtt-password']);
    assert.equal(exit, 0);
    assert.equal(out, original);
    assert.equal(
      (await house.run(['get', 'mqtt-password'], { cwd: join(house.root, 'porch/homeassistant') })).out,
      original,
    );
  });

  test('follows a value that is set, through history and back', async () => {
    const folder = join(house.root, 'porch');
    const secrets = () => readFileSync(join(folder, 'homeassistant/secrets.yaml'), 'utf8');
    const before = secrets();
    const set = await house.run(['set', 'mqtt-password', '--stdin'], { cwd: folder, input: 'Another-Value-4711\n' });
    assert.equal(set.exit, 0, set.err);
    assert.equal((await house.run(['render', '--check'], { cwd: folder })).exit, 1);
    assert.equal((await house.run(['render'], { cwd: folder })).exit, 0);
    assert.match(secrets(), /mqtt_password: Another-Value-4711/);
    assert.equal(statSync(join(folder, 'homeassistant/secrets.yaml')).mode & 0o777, 0o600);
    const { versions, current } = (await json('history', 'porch/home/mqtt-password')) as {
      versions: unknown[];
      current: number;
    };
    assert.deepEqual([versions.length, current], [2, 2]);
    assert.equal((await house.run(['rollback', 'mqtt-password'], { cwd: folder })).exit, 0);
    await house.run(['render'], { cwd: folder });
    assert.equal(secrets(), before);
    const again = await house.run(['render'], { cwd: folder });
    assert.match(again.err, /nothing was written/);
  });

  test('reads no value again for files that are as they were written, and notices when one is not', async () => {
    const folder = join(house.root, 'porch');
    const file = join(folder, 'homeassistant/secrets.yaml');
    /** Place of the newest entry of a read. */
    const reads = async (): Promise<number> => {
      const { out } = await house.run(['audit', 'tail', '--count', '1', '--action', 'credential.read', '--json']);
      return Number(/"index":\s*(\d+)/.exec(out)?.[1]);
    };
    await house.run(['render'], { cwd: folder });
    const [before, written] = [await reads(), readFileSync(file, 'utf8')];
    for (const args of [['render'], ['render', '--check']]) {
      assert.equal((await house.run(args, { cwd: folder })).exit, 0);
      assert.equal(await reads(), before, 'counted as used, not entered as read');
    }
    rmSync(file);
    assert.equal((await house.run(['render'], { cwd: folder })).exit, 0);
    assert.equal(readFileSync(file, 'utf8'), written, 'a file that is gone is written again');
    assert.ok((await reads()) > before);
  });

  test('keeps an edit by hand: render refuses, adopt takes it over', async () => {
    const folder = join(house.root, 'porch');
    const file = join(folder, 'homeassistant/secrets.yaml');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace(/http_password: .*/, 'http_password: By-Hand-99887'));
    const refused = await house.run(['render'], { cwd: folder });
    assert.equal(refused.exit, 4);
    assert.match(refused.err, /edited homeassistant\/secrets\.yaml/);
    assert.match(refused.err, /chatelaine adopt/);
    assert.match(readFileSync(file, 'utf8'), /By-Hand-99887/);
    const taken = await house.run(['adopt', folder]);
    assert.match(taken.out, /1 changed/);
    assert.equal((await house.run(['get', 'http-password'], { cwd: folder })).out, 'By-Hand-99887');
    assert.equal((await house.run(['render', '--check'], { cwd: folder })).exit, 0);
  });

  test('rewritten in place and rendered, gives every program the values it had', async () => {
    const folder = house.copyPorch('cabin');
    chmodSync(join(folder, 'esphome/gate.yaml'), 0o640);
    const before = valuesOf(folder);
    const { exit, out, err } = await house.run(['adopt', folder, '--rewrite', '--in-place']);
    assert.equal(exit, 0, err);
    assert.match(out, /files rewritten/);
    assert.match(out, /Stays in clear/);
    assert.match(readFileSync(join(folder, 'esphome/gate.yaml'), 'utf8'), /password: !secret /);
    assert.equal(statSync(join(folder, 'esphome/gate.yaml')).mode & 0o777, 0o640);
    assert.equal(
      readFileSync(join(folder, 'homeassistant/.storage/auth'), 'utf8'),
      readFileSync(join(PORCH, 'homeassistant/.storage/auth'), 'utf8'),
    );
    const now = new Set(valuesOf(folder));
    const outside = (line: string) => line.startsWith('.github/');
    assert.deepEqual(
      before.filter((line) => !now.has(line) && !outside(line)),
      [],
    );
    const again = await house.run(['adopt', folder, '--rewrite', '--in-place']);
    assert.match(again.out, /Nothing changed since/);
    assert.match((await house.run(['adopt', folder, '--confirm'])).err, /\d+ originals destroyed/);
  });

  test('leaves: every value is back in files, and nothing needs us', async () => {
    const folder = join(house.root, 'cabin');
    const { exit, out, err } = await house.run(['leave'], { cwd: folder });
    assert.equal(exit, 0, err);
    assert.match(out, /every one is there/);
    assert.match(out, /Goodbye/);
    const rest = JSON.parse(readFileSync(join(folder, 'chatelaine-rest.json'), 'utf8')) as Record<
      string,
      { value: string }
    >;
    assert.match(rest['github/deploy/gh-token']!.value, /^ghp_/);
    assert.equal(statSync(join(folder, 'chatelaine-rest.json')).mode & 0o777, 0o600);
  });
});

suite('a home in git', () => {
  const git = (folder: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args],
      { cwd: folder, encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    return stdout;
  };

  test('is rewritten by a patch that applies, kept where no commit holds it', async () => {
    const folder = house.copyPorch('shed');
    git(folder, 'init', '-q');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'one');
    const { exit, out, err } = await house.run(['adopt', folder, '--rewrite']);
    assert.equal(exit, 0, err);
    assert.match(out, /Git’s history still holds/);
    const patch = join(folder, '.git/chatelaine.patch');
    assert.equal(statSync(patch).mode & 0o777, 0o600);
    assert.equal(git(folder, 'status', '--porcelain'), '', 'the tree is as it was');
    const before = valuesOf(folder);
    git(folder, 'apply', patch);
    assert.equal((await house.run(['render', folder])).exit, 0);
    const now = new Set(valuesOf(folder));
    assert.deepEqual(
      before.filter((line) => !now.has(line) && !line.startsWith('.github/')),
      [],
    );
    const confirmed = await house.run(['adopt', folder, '--confirm']);
    assert.match(confirmed.err, /originals destroyed[^]*Destroyed as well[^]*chatelaine\.patch/);
    assert.equal(existsSync(patch), false);
    assert.doesNotMatch((await house.run(['adopt', folder, '--confirm'])).err, /Destroyed/);
  });

  test('outside of git leaves no patch in the home, and --confirm destroys it, wherever it was put', async () => {
    const folder = house.copyPorch('byre');
    const chosen = join(house.root, 'chosen.patch');
    const foreign = join(house.root, 'foreign.patch');
    assert.equal((await house.run(['adopt', folder, '--rewrite', '--patch', chosen])).exit, 0);
    assert.equal((await house.run(['adopt', folder, '--rewrite', '--patch', foreign])).exit, 0);
    writeFileSync(foreign, 'somebody else’s\n');
    const { exit, out, err } = await house.run(['adopt', folder, '--rewrite']);
    assert.equal(exit, 0, err);
    const patch = /The change is in (\S+\.patch)\./.exec(out)![1]!;
    assert.ok(!patch.startsWith(folder));
    assert.equal(statSync(patch).mode & 0o777, 0o600);
    assert.equal(spawnSync('diff', ['-r', PORCH, folder]).status, 0, 'nothing was written into the home');
    const before = valuesOf(folder);
    assert.equal(spawnSync('patch', ['-p1', '-s', '-d', folder, '-i', patch]).status, 0);
    assert.equal((await house.run(['render', folder])).exit, 0);
    const now = new Set(valuesOf(folder));
    assert.deepEqual(
      before.filter((line) => !now.has(line) && !line.startsWith('.github/')),
      [],
    );
    const { patches } = (await json('adopt', folder, '--confirm')) as { patches: string[] };
    assert.deepEqual(patches.toSorted(), [patch, chosen].toSorted());
    assert.deepEqual([existsSync(patch), existsSync(chosen)], [false, false]);
    assert.equal(readFileSync(foreign, 'utf8'), 'somebody else’s\n', 'what is not ours is left alone');
  });

  test('with changes in no commit is left alone unless told', async () => {
    const folder = join(house.root, 'shed');
    const refused = await house.run(['adopt', folder, '--rewrite', '--in-place']);
    assert.equal(refused.exit, 4);
    assert.match(refused.err, /--force-dirty/);
  });

  test('gets a branch whose tree holds no value, with nothing else moved', async () => {
    const folder = house.copyPorch('barn');
    git(folder, 'init', '-q', '-b', 'main');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'one');
    const { exit, err } = await house.run(['adopt', folder, '--rewrite', '--branch', 'values-out']);
    assert.equal(exit, 0, err);
    assert.equal(git(folder, 'status', '--porcelain'), '');
    assert.equal(git(folder, 'branch', '--show-current').trim(), 'main');
    const files = git(folder, 'ls-tree', '-r', '--name-only', 'values-out').split('\n');
    assert.ok(!files.includes('homeassistant/secrets.yaml') && files.includes('.gitignore'));
    assert.match(git(folder, 'show', 'values-out:esphome/gate.yaml'), /!secret/);
    const twice = await house.run(['adopt', folder, '--rewrite', '--branch', 'values-out']);
    assert.equal(twice.exit, 4);
  });

  test('runs nothing that the repository’s own settings name', async () => {
    const folder = house.copyPorch('trap');
    git(folder, 'init', '-q');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'one');
    const marker = join(house.root, 'trapped');
    git(folder, 'config', 'core.fsmonitor', `touch ${marker}`);
    writeFileSync(join(folder, '.git/hooks/post-index-change'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    assert.equal((await house.run(['adopt', folder, '--rewrite', '--branch', 'b'])).exit, 0);
    assert.equal(existsSync(marker), false);
  });
});

suite('a folder with bad input', () => {
  test('is taken in as far as it can be understood, and the rest is told', async () => {
    const folder = join(house.root, 'odd');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
    ].join('\n');
    const files: Readonly<Record<string, string | Uint8Array>> = {
      'configuration.yaml': 'homeassistant:\n  name: x\nmqtt:\n  password: !secret good_password\n',
      'secrets.yaml': 'good_password: Fine-And-Long-12\n',
      'binary.yaml': Uint8Array.from({ length: 2_000 }, (_, i) => (i * 7) % 256),
      'broken.yaml': 'a: [1, 2\n  b: {c\n',
      'cyclic.yaml': 'a: &a\n  b: *a\n',
      'bomb.yaml': `${bomb}\n`,
      'deep.json': '['.repeat(50_000),
      'sub/nul.env': 'A=\0\n',
    };
    for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
    truncateSync(join(folder, 'sub/nul.env'), 9 * 1_048_576);
    symlinkSync('/etc/passwd', join(folder, 'passwd'));
    const { exit, out, err } = await house.run(['adopt', folder]);
    assert.equal(exit, 0, err);
    assert.match(out, /Taken in as odd\/home: 1 new\./);
    for (const told of ['binary.yaml', 'broken.yaml', 'deep.json', 'sub/nul.env', 'passwd'])
      assert.match(out, new RegExp(`Not understood[\\s\\S]*${told.replace('.', '\\.')}`), told);
    assert.match((await house.run(['adopt', folder])).out, /Nothing changed/);
  });

  test('that links a target out of itself is not rendered there', async () => {
    const folder = join(house.root, 'odd');
    const victim = join(house.root, 'victim.yaml');
    writeFileSync(victim, 'mine: 1\n');
    rmSync(join(folder, 'secrets.yaml'));
    symlinkSync(victim, join(folder, 'secrets.yaml'));
    const { exit, err } = await house.run(['render', folder]);
    assert.equal(exit, 1, err);
    assert.match(err, /outside/);
    assert.equal(readFileSync(victim, 'utf8'), 'mine: 1\n');
  });
});
