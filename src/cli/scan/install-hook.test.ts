import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { hasCode } from '#kernel';
import { openRepository } from '../git.ts';
import { installHooks } from './install-hook.ts';

const ENVIRONMENT = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };

suite('hooks of git', () => {
  let folder: string;
  let program: string;
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
      cwd: folder,
      env: ENVIRONMENT,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const commit = () =>
    spawnSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--allow-empty', '-m', 'one'],
      {
        cwd: folder,
        env: ENVIRONMENT,
        encoding: 'utf8',
      },
    );
  const install = async () => installHooks((await openRepository(folder, ENVIRONMENT))!, program, false);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hooks-'));
    git('init', '-q', '-b', 'main');
    program = join(folder, "it's chatelaine");
    writeFileSync(
      program,
      '#!/bin/sh\necho "scan: $*"; cat >"$(dirname "$0")/stdin"; exit "$(cat "$(dirname "$0")/code")"\n',
    );
    chmodSync(program, 0o755);
    writeFileSync(join(folder, 'code'), '0');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('are written once, may be run, and stop a commit when the scan finds something', async () => {
    assert.deepEqual(
      (await install()).map(({ name, did }) => [name, did]),
      [
        ['pre-commit', 'written'],
        ['pre-push', 'written'],
      ],
    );
    assert.equal((await install())[0]!.did, 'kept');
    assert.equal(statSync(join(folder, '.git/hooks/pre-commit')).mode & 0o777, 0o755);
    assert.equal(commit().status, 0);
    writeFileSync(join(folder, 'code'), '1');
    assert.equal(commit().status, 1);
  });

  test('a hook that was there runs first, and its refusal counts', async () => {
    const hook = join(folder, '.git/hooks/pre-commit');
    writeFileSync(hook, '#!/bin/sh\necho mine\n', { mode: 0o755 });
    assert.equal((await install())[0]!.did, 'joined');
    assert.equal(readFileSync(`${hook}.before-chatelaine`, 'utf8'), '#!/bin/sh\necho mine\n');
    assert.match(commit().stderr, /mine[^]*scan: scan --staged/);
    writeFileSync(`${hook}.before-chatelaine`, '#!/bin/sh\nexit 3\n');
    assert.equal(commit().status, 1);
  });

  test('a program that is gone stops the commit, and says how to go on', async () => {
    await install();
    rmSync(program);
    const { status, stderr } = commit();
    assert.equal(status, 1);
    assert.match(stderr, /install-hook again, or remove/);
  });

  test('what is pushed reaches the scan as git told it; an address with a password reaches no argument', async () => {
    await install();
    git('commit', '-q', '--allow-empty', '-m', 'one');
    const other = mkdtempSync(join(tmpdir(), 'remote-'));
    try {
      execFileSync('git', ['init', '-q', '--bare', other], { env: ENVIRONMENT });
      git('remote', 'add', 'origin', other);
      const pushed = spawnSync('git', ['push', 'origin', 'main'], { cwd: folder, env: ENVIRONMENT, encoding: 'utf8' });
      assert.equal(pushed.status, 0, pushed.stderr);
      assert.match(pushed.stderr + pushed.stdout, /scan: scan --pushed origin/);
      assert.match(
        readFileSync(join(folder, 'stdin'), 'utf8'),
        /^refs\/heads\/main [\da-f]{40} refs\/heads\/main 0{40}/,
      );
      const hook = spawnSync(join(folder, '.git/hooks/pre-push'), ['https://u:hidden@example.org/x.git', 'url'], {
        input: '',
        encoding: 'utf8',
      });
      assert.match(hook.stdout, /scan: scan --pushed -\n/);
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  test('an older hook beside a new one is nobody’s to join', async () => {
    writeFileSync(join(folder, '.git/hooks/pre-commit'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(folder, '.git/hooks/pre-commit.before-chatelaine'), '#!/bin/sh\n', { mode: 0o755 });
    await assert.rejects(install, (error: Error) => hasCode(error, 'cli.unsafe_file'));
  });
});
