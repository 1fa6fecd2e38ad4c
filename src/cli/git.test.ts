import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { hasCode, utf8 } from '#kernel';
import { changeSince } from './check/new-since.ts';
import { dirtyFiles, makeBranch, openRepository, privatePath, trackedAmong } from './git.ts';
import { installHooks } from './scan/install-hook.ts';

/** Everything in a configuration that names a program. */
const TRAPS = [
  'core.fsmonitor',
  'core.pager',
  'core.sshCommand',
  'core.gitProxy',
  'core.askPass',
  'core.editor',
  'core.alternateRefsCommand',
  'sequence.editor',
  'gpg.program',
  'gpg.ssh.program',
  'gpg.x509.program',
  'diff.external',
  'diff.evil.command',
  'diff.evil.textconv',
  'merge.evil.driver',
  'credential.helper',
  'filter.evil.clean',
  'filter.evil.smudge',
  'filter.Two.words and.clean',
  'filter.both.clean',
  'uploadpack.packObjectsHook',
  'interactive.diffFilter',
  'pager.status',
  'pager.diff',
  'hook.evil.command',
  'alias.status',
  'alias.diff',
  'alias.ls-files',
  'alias.update-ref',
  'alias.commit-tree',
  'trailer.x.command',
] as const;
/** Drivers that are started only when there is no other. */
const PROCESSES = ['filter.long.process', 'filter.both.process'] as const;
const HOOKS = ['post-index-change', 'reference-transaction', 'pre-commit', 'post-commit', 'post-checkout'] as const;

suite('git in a hostile repository', () => {
  let area: string;
  let folder: string;
  let witness: string;
  let environment: Record<string, string | undefined>;
  const git = (at: string, ...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
      cwd: at,
      env: { PATH: process.env['PATH'], HOME: area, GIT_CONFIG_NOSYSTEM: '1' },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const ran = () => (existsSync(witness) ? readFileSync(witness, 'utf8') : '');
  /** A file of the same length with another time: git has to look into it, through the filters. */
  const touch = (name: string) => {
    writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').replace('old', 'new'));
    utimesSync(join(folder, name), 1_000_000_000, 1_000_000_000);
  };
  const setTraps = (at: string, evil: string) => {
    for (const name of TRAPS) git(at, 'config', name, name.startsWith('alias.') ? `!${evil}` : `${evil} ${name}`);
    for (const name of PROCESSES) git(at, 'config', name, `${evil} ${name}`);
    for (const driver of ['evil', 'long', 'both']) git(at, 'config', `filter.${driver}.required`, 'true');
    for (const [name, value] of [
      ['hook.evil.event', 'post-index-change'],
      ['commit.gpgSign', 'true'],
      ['core.attributesFile', join(area, 'attributes')],
      ['log.showSignature', 'true'],
      ['submodule.inner.ignore', 'none'],
      ['diff.ignoreSubmodules', 'none'],
      ['status.submoduleSummary', 'true'],
      ['include.path', join(area, 'more-config')],
      ['core.hooksPath', join(area, 'hooks')],
    ] as const)
      git(at, 'config', name, value);
  };

  beforeEach(() => {
    area = mkdtempSync(join(tmpdir(), 'git-'));
    folder = join(area, 'home');
    witness = join(area, 'witness');
    const evil = join(area, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\necho "$0 $@" >> ${witness}\nexit 1\n`, { mode: 0o755 });
    mkdirSync(join(area, 'hooks'));
    for (const hook of HOOKS) writeFileSync(join(area, 'hooks', hook), readFileSync(evil), { mode: 0o755 });
    writeFileSync(join(area, 'attributes'), 'global.txt filter=included\n');
    writeFileSync(join(area, 'more-config'), `[filter "included"]\n\tclean = ${evil} included\n\trequired = true\n`);
    execFileSync('git', ['init', '-q', '-b', 'main', folder], { env: { PATH: process.env['PATH'], HOME: area } });
    const inner = join(folder, 'inner');
    execFileSync('git', ['init', '-q', '-b', 'main', inner], { env: { PATH: process.env['PATH'], HOME: area } });
    writeFileSync(join(inner, 'deep.txt'), 'old\n');
    git(inner, 'add', '.');
    git(inner, 'commit', '-q', '-m', 'inner');
    for (const name of ['evil', 'long', 'both', 'words', 'global']) writeFileSync(join(folder, `${name}.txt`), 'old\n');
    writeFileSync(join(folder, 'same.txt'), 'old\n');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'one');
    writeFileSync(
      join(folder, '.git/info/attributes'),
      '* diff=evil filter=evil merge=evil\nlong.txt filter=long\nboth.txt filter=both\nglobal.txt filter=included\n',
    );
    setTraps(inner, evil);
    writeFileSync(join(inner, '.git/info/attributes'), '* filter=evil\n');
    writeFileSync(join(inner, 'deep.txt'), 'new\n');
    setTraps(folder, evil);
    for (const name of ['evil', 'long', 'both', 'words', 'global']) touch(`${name}.txt`);
    rmSync(witness, { force: true });
    environment = {
      PATH: process.env['PATH'],
      HOME: area,
      GIT_EXTERNAL_DIFF: evil,
      GIT_SSH_COMMAND: evil,
      GIT_PAGER: evil,
      GIT_EDITOR: evil,
      GIT_ASKPASS: evil,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'filter.evil.clean',
      GIT_CONFIG_VALUE_0: evil,
    };
  });
  afterEach(() => rmSync(area, { recursive: true }));

  test('runs nothing that the repository configures, whatever is asked of it', async () => {
    const repository = (await openRepository(folder, environment))!;
    assert.deepEqual((await dirtyFiles(repository)).toSorted(), [
      'both.txt',
      'evil.txt',
      'global.txt',
      'long.txt',
      'words.txt',
    ]);
    assert.deepEqual(await trackedAmong(repository, ['evil.txt', 'none.txt']), ['evil.txt']);
    await makeBranch(repository, 'side', await privatePath(repository, 'an-index'), {
      changed: [{ path: 'evil.txt', content: utf8('rewritten\n') }],
      removed: ['long.txt'],
      message: 'side\n',
    });
    const change = await changeSince(folder, 'HEAD', undefined as never, environment);
    assert.ok(change.files.has('evil.txt') && !change.files.has('inner'));
    await installHooks(repository, '/opt/chatelaine', false);
    assert.equal(ran(), '');

    // The same by a person's git starts them: each trap that these commands touch would have been noticed.
    const attempt = (...args: readonly string[]) => {
      try {
        git(folder, ...args);
      } catch {}
    };
    for (const name of ['evil', 'long', 'both', 'global']) attempt('add', `${name}.txt`);
    attempt('update-ref', 'refs/heads/other', 'HEAD');
    for (const trap of [
      'core.fsmonitor',
      'filter.evil.clean',
      'long.process',
      'both.process',
      'included',
      'reference-',
    ])
      assert.ok(ran().includes(trap), `${trap} would be noticed`);
    assert.equal(git(folder, 'cat-file', 'blob', 'side:evil.txt'), 'rewritten\n');
  });

  test('refuses a filter whose name no setting can carry, instead of running it', async () => {
    const config = join(folder, '.git/config');
    writeFileSync(config, `${readFileSync(config, 'utf8')}[filter "a=b"]\n\tclean = ${join(area, 'evil.sh')}\n`);
    await assert.rejects(
      openRepository(folder, environment),
      (error: Error) => hasCode(error, 'scanner.git_broken') && /a=b/.test(error.message),
    );
    assert.equal(ran(), '');
  });

  test('is no repository where there is none, and none without git', async () => {
    assert.equal(await openRepository(area, environment), undefined);
    assert.equal(await openRepository(folder, { PATH: '/nonexistent' }), undefined);
  });
});
