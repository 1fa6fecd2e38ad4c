import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { hasCode } from '#kernel';
import { type Collected, collect, run } from '../collect.fixture.ts';
import { historySource } from './git-history.ts';
import { lookUpCommits } from './look-up-commits.ts';
import { pushSource, readPushLines } from './push-range.ts';
import { openRepository } from './repository.ts';
import { commit, git, openWorkshop, put, texts } from './repository.fixture.ts';
import { stagedSource } from './staged.ts';

const area = openWorkshop();
after(area.remove);
const { create, tools } = area;
const history = (folder: string, more: Partial<Parameters<typeof historySource>[0]> = {}): Promise<Collected> =>
  collect(historySource({ folder, tools, ...more }));

describe('the history of a repository', () => {
  let folder: string;
  let first: string;
  before(() => {
    folder = create('plain');
    first = commit(folder, 'first: m-one', { 'a.yaml': 'one', 'dir/größe b.txt': 'uml', empty: '' });
    commit(folder, 'second', { 'a.yaml': 'two' });
    git(folder, 'checkout', '-q', '-b', 'side', first);
    commit(folder, 'side', { 's.txt': 'side' });
    git(folder, 'checkout', '-q', 'main');
    git(folder, 'merge', '-q', '--no-commit', 'side');
    put(folder, { 'evil.txt': 'only in the merge' });
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'merge');
    git(folder, 'branch', '-q', '-D', 'side');
    commit(folder, 'gone', { 'late.txt': 'late', 'x.gz': gzipSync('packed') });
    git(folder, 'rm', '-q', 'late.txt');
    commit(folder, 'removed', {});
    git(folder, 'tag', '-a', 'v1', '-m', 'tag text');
    git(folder, 'tag', '-a', 'v2', '-m', 'tag on tag', 'v1');
    git(folder, 'notes', 'add', '-m', 'note text', first);
    put(folder, { 'stash.txt': 'stashed' });
    git(folder, 'stash', '-q', '-u');
  });

  test('gives every blob once, messages, tags, notes and stashes', async () => {
    const found = await history(folder);
    const of = (type: string): string[] =>
      found.units
        .filter(({ unit }) => (unit.origin.type === 'message' ? unit.origin.of : unit.origin.type) === type)
        .map(({ text }) => text.trim())
        .toSorted();
    assert.deepEqual(of('blob'), ['', 'late', 'one', 'only in the merge', 'packed', 'side', 'stashed', 'two', 'uml']);
    assert.deepEqual(of('tag'), ['tag on tag', 'tag text']);
    assert.deepEqual(of('note'), ['note text']);
    assert.ok(
      ['first: m-one', 'second', 'side', 'merge', 'gone', 'removed'].every((text) => of('commit').includes(text)),
    );
    assert.deepEqual([found.gaps, found.skipped], [[], []]);
    const named = new Map(found.units.map(({ path, text }) => [text, path]));
    assert.equal(named.get('uml'), 'dir/größe b.txt');
    assert.equal(named.get('packed'), 'x.gz!x');
    assert.match(named.get('tag text\n')!, /^\(tag [0-9a-f]{12}\)$/);
  });

  test('gives the same from a bare clone, a worktree and a subfolder', async () => {
    git(folder, 'clone', '-q', '--mirror', '.', join(area.path, 'bare.git'));
    git(folder, 'worktree', 'add', '-q', join(area.path, 'tree'), 'HEAD~1');
    const expected = texts(await history(folder));
    for (const place of [join(area.path, 'bare.git'), join(area.path, 'tree'), join(folder, 'dir')])
      assert.deepEqual(texts(await history(place)), expected, place);
    git(folder, 'worktree', 'remove', '--force', join(area.path, 'tree'));
  });

  test('gives a range alone, and refuses what is no range in words', async () => {
    assert.deepEqual(texts(await history(folder, { revisions: ['HEAD~1..HEAD'] })), ['removed']);
    assert.deepEqual(
      texts(await history(folder, { revisions: ['v2'] })).filter((text) => text.startsWith('tag')),
      ['tag on tag\n', 'tag text\n'],
    );
    for (const revisions of [['nowhere'], ['--output=x'], ['-n1'], ['HEAD', '--all']])
      await assert.rejects(
        history(folder, { revisions }),
        (error) => hasCode(error, 'scanner.git_revision'),
        revisions.join(),
      );
  });

  test('gives with the reflog what no reference leads to any more', async () => {
    const lost = create('lost');
    commit(lost, 'kept', { a: 'kept' });
    commit(lost, 'dropped', { b: 'dropped content' });
    git(lost, 'reset', '-q', '--hard', 'HEAD~1');
    assert.ok(!texts(await history(lost)).includes('dropped content'));
    assert.ok(texts(await history(lost, { reflog: true })).includes('dropped content'));
  });

  test('passes over blobs that are known to be clean, and counts them', async () => {
    const one = git(folder, 'rev-parse', 'HEAD:a.yaml');
    const found = await history(folder, { verdicts: { isClean: (id) => id === one } });
    assert.equal(found.known, 1);
    assert.ok(!texts(found).includes('two'));
  });

  test('tells of findings where they came in', async () => {
    const repository = await openRepository(folder, tools);
    const ids = {
      blobs: new Set(['HEAD:a.yaml', `${first}:a.yaml`, 'HEAD:evil.txt'].map((name) => git(folder, 'rev-parse', name))),
      commits: new Set([first]),
    };
    const signal = new AbortController().signal;
    const found = await lookUpCommits(repository, ids, signal);
    const at = (name: string) => found.get(git(folder, 'rev-parse', name));
    assert.deepEqual(at(`${first}:a.yaml`), {
      id: first,
      author: 'Ada',
      date: '2026-01-02T03:04:05+00:00',
      inHead: false,
    });
    assert.equal(at('HEAD:a.yaml')?.inHead, true);
    assert.equal(at('HEAD:evil.txt')?.id, git(folder, 'rev-parse', 'HEAD~2'));
    assert.equal(found.get(first)?.inHead, true);
    const many = new Set([
      ...ids.blobs,
      ...Array.from({ length: 300 }, (_, at) => (at + 1).toString(16).padStart(40, '0')),
    ]);
    assert.deepEqual(await lookUpCommits(repository, { ...ids, blobs: many }, signal), found);
  });

  test('stops with a gap, and leaves no process behind', async () => {
    const stop = new AbortController();
    const gaps: string[] = [];
    for await (const one of historySource({ folder, tools })(stop.signal)) {
      stop.abort();
      if (one.type === 'gap') gaps.push(one.gap.code);
    }
    assert.deepEqual(gaps, ['interrupted']);
    const before = new AbortController();
    before.abort();
    const early: string[] = [];
    for await (const one of historySource({ folder, tools })(before.signal))
      if (one.type === 'gap') early.push(one.gap.code);
    assert.deepEqual(early, ['interrupted']);
  });

  test('comes with hundreds of thousands of bytes in one blob, and in thousands of blobs', async () => {
    const large = create('large');
    const big = 'x'.repeat(6 * 1024 * 1024);
    commit(large, 'big', {
      big,
      ...Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`d${at % 50}/f${at}`, `n${at}`])),
    });
    const found = await history(large);
    assert.equal(found.units.length, 9002);
    assert.equal(found.units.find(({ path }) => path === 'big')?.text, big);
    assert.deepEqual(found.gaps, []);
  });

  test('of SHA-256 is read as well', async () => {
    const other = create('sha256', '--object-format=sha256');
    commit(other, 'm', { a: 'long ids' });
    assert.deepEqual(texts(await history(other)), ['long ids', 'm']);
  });

  test('that is empty is clean, and what is none has words', async () => {
    const empty = create('none');
    assert.deepEqual(await history(empty), { units: [], gaps: [], skipped: [], known: 0 });
    const plain = join(area.path, 'plain-folder');
    mkdirSync(plain);
    await assert.rejects(history(plain), (error) => hasCode(error, 'scanner.git_none'));
    await assert.rejects(
      history(join(area.path, 'absent')),
      (error) => hasCode(error, 'scanner.git_missing') || hasCode(error, 'scanner.git_none'),
    );
    await assert.rejects(history(plain, { tools: { ...tools, program: '/nonexistent/git' } }), (error) =>
      hasCode(error, 'scanner.git_missing'),
    );
  });
});

describe('a history that is not whole', () => {
  test('of a shallow clone is a gap', async () => {
    const origin = create('origin');
    for (const name of ['a', 'b', 'c']) commit(origin, name, { [name]: name });
    const clone = join(area.path, 'shallow');
    run('git', ['clone', '-q', '--depth=1', `file://${origin}`, clone]);
    assert.deepEqual((await history(clone)).gaps, [`shallow_clone ${clone}`]);
  });

  test('of a partial clone is a gap, and nothing is fetched', async () => {
    const origin = create('whole');
    for (const name of ['a', 'b', 'c']) commit(origin, name, { f: `content ${name}` });
    git(origin, 'config', 'uploadpack.allowFilter', 'true');
    const clone = join(area.path, 'partial');
    run('git', ['clone', '-q', '--filter=blob:none', `file://${origin}`, clone]);
    const found = await history(clone);
    assert.deepEqual(
      found.gaps.map((text) => text.slice(0, 20)),
      ['partial_clone (blob ', 'partial_clone (blob '],
    );
    assert.ok(found.units.some(({ text }) => text === 'content c'));
    assert.deepEqual((await history(clone)).gaps.length, 2);
  });

  test('whose objects are missing or damaged says which, and gives the rest', async () => {
    const broken = create('broken');
    commit(broken, 'm', { good: 'good', gone: 'gone', bad: 'bad', last: 'last' });
    const loose = (name: string): string => {
      const id = git(broken, 'rev-parse', `HEAD:${name}`);
      return join(broken, '.git/objects', id.slice(0, 2), id.slice(2));
    };
    rmSync(loose('gone'));
    chmodSync(loose('bad'), 0o644);
    writeFileSync(loose('bad'), 'not zlib');
    const found = await history(broken);
    assert.deepEqual(texts(found), ['good', 'last', 'm']);
    assert.ok(
      found.gaps.some((text) => text.startsWith('missing_object (blob ')),
      found.gaps.join(),
    );
    assert.ok(
      found.gaps.some((text) => /^(broken|missing_object) bad$/.test(text)),
      found.gaps.join(),
    );
  });

  test('whose packs are damaged is a gap', async () => {
    const packed = create('packed');
    for (let at = 0; at < 20; at += 1) commit(packed, `m${at}`, { [`f${at}`]: `content ${at} `.repeat(100) });
    git(packed, 'gc', '-q');
    const packs = join(packed, '.git/objects/pack');
    const pack = join(
      packs,
      readdirSync(packs).find((name) => name.endsWith('.pack'))!,
    );
    chmodSync(pack, 0o644);
    const bytes = readFileSync(pack);
    bytes.fill(0x55, bytes.length - 900, bytes.length - 300);
    writeFileSync(pack, bytes);
    const found = await history(packed);
    assert.ok(
      found.gaps.length > 0 && found.gaps.every((text) => /^(broken|missing_object)/.test(text)),
      found.gaps.join(),
    );
    assert.ok(found.units.length > 5);
  });

  test('whose commits are missing is a gap', async () => {
    const torn = create('torn');
    const one = commit(torn, 'one', { a: '1' });
    commit(torn, 'two', { b: '2' });
    rmSync(join(torn, '.git/objects', one.slice(0, 2), one.slice(2)));
    const found = await history(torn);
    assert.ok(
      found.gaps.some((text) => text.startsWith('broken')),
      found.gaps.join(),
    );
  });

  test('with pointers of Git LFS gives their content when it is there, and a gap when not', async () => {
    const lfs = create('lfs');
    const pointer = (oid: string): string => `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 5\n`;
    const here = 'a'.repeat(64);
    commit(lfs, 'm', { 'here.bin': pointer(here), 'away.bin': pointer('b'.repeat(64)) });
    put(lfs, { [`.git/lfs/objects/aa/aa/${here}`]: 'fetch' });
    const found = await history(lfs);
    assert.deepEqual(found.gaps, ['lfs_pointer away.bin']);
    assert.deepEqual(texts(found), ['fetch', 'm']);
  });

  test('cannot be hidden by grafts, replacements or a file of shallow commits', async () => {
    const hidden = create('hidden');
    const one = commit(hidden, 'one', { a: 'the hidden one' });
    git(hidden, 'rm', '-q', 'a');
    const two = commit(hidden, 'two', {});
    put(hidden, { '.git/info/grafts': `${two}\n` });
    assert.ok(texts(await history(hidden)).includes('the hidden one'));
    rmSync(join(hidden, '.git/info/grafts'));
    git(hidden, 'replace', '--graft', two);
    assert.ok(texts(await history(hidden)).includes('the hidden one'));
    put(hidden, { '.git/shallow': `${two}\n` });
    assert.ok((await history(hidden)).gaps.includes(`shallow_clone ${hidden}`));
    assert.ok(one);
  });
});

describe('a hostile repository', () => {
  test('runs nothing of what it configures', async () => {
    const hostile = create('hostile');
    const witness = join(area.path, 'witness');
    const evil = join(area.path, 'evil.sh');
    writeFileSync(evil, `#!/bin/sh\necho "$0 $@" >> ${witness}\nexit 1\n`);
    chmodSync(evil, 0o755);
    commit(hostile, 'm', { '.gitattributes': '* diff=evil filter=evil merge=evil\n', f: 'content', 'sub/x': 'y' });
    commit(hostile, 'n', { f: 'changed' });
    const origin = create('elsewhere');
    commit(origin, 'o', { f: 'o' });
    for (const [name, value] of [
      ['core.fsmonitor', evil],
      ['core.hooksPath', join(hostile, 'hooks')],
      ['core.pager', evil],
      ['core.sshCommand', evil],
      ['core.gitProxy', evil],
      ['core.askPass', evil],
      ['core.editor', evil],
      ['core.alternateRefsCommand', evil],
      ['diff.external', evil],
      ['diff.evil.command', evil],
      ['diff.evil.textconv', evil],
      ['filter.evil.clean', evil],
      ['filter.evil.smudge', evil],
      ['filter.evil.process', evil],
      ['filter.evil.required', 'true'],
      ['gpg.program', evil],
      ['log.showSignature', 'true'],
      ['credential.helper', evil],
      ['uploadpack.packObjectsHook', evil],
      ['alias.rev-list', `!${evil}`],
      ['alias.cat-file', `!${evil}`],
      ['pager.log', evil],
      ['pager.rev-list', evil],
      ['extensions.partialClone', 'origin'],
      ['core.repositoryFormatVersion', '1'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', `ext::${evil}`],
      ['remote.origin.uploadpack', evil],
      ['protocol.ext.allow', 'always'],
      ['protocol.file.allow', 'always'],
      ['protocol.allow', 'always'],
      ['include.path', '/etc/passwd-not-there'],
    ] as const)
      git(hostile, 'config', name, value);
    mkdirSync(join(hostile, 'hooks'));
    for (const hook of [
      'post-index-change',
      'pre-commit',
      'post-checkout',
      'reference-transaction',
      'fsmonitor-watchman',
    ])
      run('cp', [evil, join(hostile, 'hooks', hook)]);
    // A missing blob, which a partial clone would fetch by running its remote's program.
    const id = run('git', ['-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD~1:f'], hostile).trim();
    rmSync(join(hostile, '.git/objects', id.slice(0, 2), id.slice(2)));
    rmSync(witness, { force: true });

    const environment = { ...tools.environment, GIT_EXTERNAL_DIFF: evil, GIT_SSH_COMMAND: evil, GIT_PAGER: evil };
    const found = await history(hostile, { tools: { environment }, reflog: true });
    assert.deepEqual(found.gaps, [`partial_clone (blob ${id.slice(0, 12)})`]);
    await collect(stagedSource({ folder: hostile, tools: { environment } }));
    await collect(stagedSource({ folder: hostile, tools: { environment, asHook: true } }));
    await lookUpCommits(
      await openRepository(hostile, { environment }),
      {
        blobs: new Set([id]),
        commits: new Set([git(hostile, '--no-optional-locks', '-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD')]),
      },
      new AbortController().signal,
    );
    await collect(
      pushSource({
        folder: hostile,
        tools: { environment },
        pushes: readPushLines(`refs/heads/main ${git(hostile, 'rev-parse', 'main')} refs/heads/main ${'1'.repeat(40)}`),
        remote: 'origin',
      }),
    );
    assert.equal(existsSync(witness) ? readFileSync(witness, 'utf8') : '', '');
    // The trap itself works: git as a person runs it does start these programs.
    try {
      run('git', ['cat-file', '-p', id], hostile);
    } catch {}
    assert.ok(existsSync(witness), 'the test would notice');
  });

  test(
    'that belongs to another user has words',
    { skip: process.getuid?.() !== 0 && 'needs root to make one' },
    async () => {
      const foreign = create('foreign');
      commit(foreign, 'm', { a: 'a' });
      run('chown', ['-R', '12345', foreign]);
      await assert.rejects(history(foreign), (error) => hasCode(error, 'scanner.git_owner'));
      await assert.rejects(collect(stagedSource({ folder: foreign, tools })), (error) =>
        hasCode(error, 'scanner.git_owner'),
      );
      run('chown', ['-R', '0', foreign]);
    },
  );
});
