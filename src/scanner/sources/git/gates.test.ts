import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { hasCode } from '#kernel';
import { collect } from '../collect.fixture.ts';
import { gitHubSource, parseGitHubName } from './github.ts';
import { pushSource, readPushLines } from './push-range.ts';
import { commit, git, openWorkshop, put, texts } from './repository.fixture.ts';
import { stagedSource } from './staged.ts';

const area = openWorkshop();
after(area.remove);
const { create, tools } = area;

describe('what is staged', () => {
  test('is read from the index, whole, and nothing else', async () => {
    const folder = create('staged');
    put(folder, { first: 'before any commit' });
    git(folder, 'add', 'first');
    assert.deepEqual(texts(await collect(stagedSource({ folder, tools }))), ['before any commit']);
    commit(folder, 'm', { same: 'same', changed: 'old', removed: 'r' });
    put(folder, { changed: 'new', 'with space\tand tab': 'added', untracked: 'u', 'z.gz': gzipSync('packed') });
    git(folder, 'add', 'changed', 'with space\tand tab', 'z.gz');
    git(folder, 'rm', '-q', 'removed');
    put(folder, { changed: 'newer, not staged' });
    const found = await collect(stagedSource({ folder, tools }));
    assert.deepEqual(texts(found), ['added', 'new', 'packed']);
    assert.deepEqual(found.gaps, []);
    assert.ok(found.units.some(({ path }) => path === 'with space\u{fffd}and tab'));
  });

  test('of a commit of some files comes from the index that git names to its hook', async () => {
    const folder = create('hooked');
    commit(folder, 'm', { a: '1', b: '1' });
    put(folder, { a: '2', b: '2' });
    git(folder, 'add', 'a', 'b');
    writeFileSync(
      join(folder, '.git/hooks/pre-commit'),
      `#!/bin/sh\necho "$GIT_INDEX_FILE" > ${area.path}/index\ncp "$GIT_INDEX_FILE" ${area.path}/copied\n`,
    );
    chmodSync(join(folder, '.git/hooks/pre-commit'), 0o755);
    git(folder, 'commit', '-q', '-m', 'only a', 'a');
    git(folder, 'reset', '-q', '--soft', 'HEAD~1');
    assert.match(readFileSync(join(area.path, 'index'), 'utf8'), /next-index/);
    const environment = { ...tools.environment, GIT_INDEX_FILE: join(area.path, 'copied') };
    assert.equal((await collect(stagedSource({ folder, tools: { environment, asHook: true } }))).units.length, 1);
    assert.equal((await collect(stagedSource({ folder, tools: { environment } }))).units.length, 2);
  });

  test('outside a repository has words', async () => {
    const plain = join(area.path, 'plain-too');
    mkdirSync(plain);
    await assert.rejects(collect(stagedSource({ folder: plain, tools })), (error) =>
      hasCode(error, 'scanner.git_none'),
    );
  });

  test('with a submodule in it says so', async () => {
    const folder = create('outer');
    const id = commit(create('submodule'), 's', { s: 's' });
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${id},vendor/sub`);
    const found = await collect(stagedSource({ folder, tools }));
    assert.deepEqual([found.units.length, found.gaps.length], [0, 0]);
    assert.match(found.skipped.join(), /^vendor\/sub: is a submodule/);
  });
});

describe('what a push makes known', () => {
  test('is what the remote does not have', async () => {
    const remote = create('remote.git', '--bare');
    const folder = create('pushing');
    git(folder, 'remote', 'add', 'origin', remote);
    const old = commit(folder, 'old', { a: 'old' });
    git(folder, 'push', '-q', 'origin', 'main');
    const fresh = commit(folder, 'fresh', { b: 'fresh' });
    const push = (lines: string, name = 'origin'): Promise<string[]> =>
      collect(pushSource({ folder, tools, pushes: readPushLines(lines), remote: name })).then(texts);
    const zero = '0'.repeat(40);
    assert.deepEqual(await push(`refs/heads/main ${fresh} refs/heads/main ${old}\n`), ['fresh', 'fresh']);
    assert.deepEqual(await push(`refs/heads/x ${fresh} refs/heads/x ${zero}\n`), ['fresh', 'fresh']);
    assert.deepEqual(await push(`refs/heads/x ${fresh} refs/heads/x ${'1'.repeat(40)}\n`), ['fresh', 'fresh']);
    assert.deepEqual(await push(`refs/heads/x ${fresh} refs/heads/x ${zero}\n`, 'https://example.org/other.git'), [
      'fresh',
      'fresh',
      'old',
      'old',
    ]);
    assert.deepEqual(await push(`(delete) ${zero} refs/heads/x ${old}\n`), []);
    assert.throws(
      () => readPushLines('hello\n'),
      (error) => hasCode(error, 'scanner.push_lines'),
    );
    assert.throws(
      () => readPushLines(`--all ${'x'.repeat(40)} a b`),
      (error) => hasCode(error, 'scanner.push_lines'),
    );
  });
});

describe('a repository on GitHub', () => {
  test('is cloned with pull requests, looked through and removed', async () => {
    const hub = join(area.path, 'hub/owner');
    mkdirSync(hub, { recursive: true });
    const folder = create('hub/owner/repo');
    commit(folder, 'm', { a: 'on main' });
    git(folder, 'checkout', '-q', '-b', 'pull');
    const pull = commit(folder, 'p', { b: 'in a pull request' });
    git(folder, 'update-ref', 'refs/pull/1/head', pull);
    git(folder, 'checkout', '-q', 'main');
    git(folder, 'branch', '-q', '-D', 'pull');
    const temporary = join(area.path, 'temporary');
    mkdirSync(temporary);
    const options = { name: 'owner/repo', tools, temporary, base: `file://${join(area.path, 'hub')}` };
    assert.deepEqual(texts(await collect(gitHubSource(options))), ['in a pull request', 'm', 'on main', 'p']);
    assert.deepEqual(readdirSync(temporary), []);
    await assert.rejects(collect(gitHubSource({ ...options, name: 'owner/none' })), (error) =>
      hasCode(error, 'scanner.clone_failed'),
    );
    assert.deepEqual(readdirSync(temporary), []);
    const stop = new AbortController();
    stop.abort();
    assert.deepEqual((await collect(gitHubSource(options), stop.signal)).gaps, ['interrupted owner/repo']);
    assert.deepEqual(readdirSync(temporary), []);
  });

  test('has a name, not an option, a path or another host', () => {
    assert.equal(parseGitHubName('home-assistant/core'), 'home-assistant/core');
    assert.equal(parseGitHubName('https://github.com/a/b.git'), 'a/b');
    for (const text of ['-o/x', 'a', 'a/b/c', 'a/..', '../b', 'a/.', 'https://evil.example/a/b', 'a b/c', 'a/b;c', ''])
      assert.throws(
        () => parseGitHubName(text),
        (error) => hasCode(error, 'scanner.github_name'),
        text,
      );
  });
});
