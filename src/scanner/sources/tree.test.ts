import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { hasCode } from '#kernel';
import { type Collected, collect, run, temporaryFolder } from './collect.fixture.ts';
import { globMatcher } from './glob.ts';
import { treeSource } from './tree.ts';

const area = temporaryFolder();
after(area.remove);
const tools = { environment: { PATH: process.env['PATH'], HOME: area.path } };

const create = (name: string, files: Readonly<Record<string, string | Uint8Array>>): string => {
  const folder = join(area.path, name);
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
};
const names = ({ units }: Collected, folder: string): string[] =>
  units.map(({ path }) => path.slice(folder.length + 1)).toSorted();

describe('a tree', () => {
  test('gives every file, hidden ones and node_modules too, and archives opened', async () => {
    const folder = create('all', {
      '.env': 'a',
      'node_modules/x/.npmrc': 'b',
      'deep/er/est': 'c',
      'log.gz': gzipSync('packed'),
      'not-really.gz': 'plain',
      'größe/ß': 'd',
    });
    const found = await collect(treeSource({ paths: [folder] }));
    assert.deepEqual(names(found, folder), [
      '.env',
      'deep/er/est',
      'größe/ß',
      'log.gz!log',
      'node_modules/x/.npmrc',
      'not-really.gz',
    ]);
    assert.equal(found.units.find(({ path }) => path.endsWith('est'))?.text, 'c');
    assert.deepEqual([found.gaps, found.skipped], [[], []]);
  });

  test('of git leaves its objects out and says so, but reads its configuration', async () => {
    const folder = create('repo', { file: 'f' });
    run('git', ['init', '-q', folder]);
    const found = await collect(treeSource({ paths: [folder] }));
    assert.deepEqual(names(found, folder), ['.git/config', 'file']);
    assert.deepEqual(found.skipped, [`${folder}/.git: the history is not read here: scan it with --git`]);
  });

  test('is named as it was given', async () => {
    const folder = create('named', { 'a/b': 'x' });
    const paths = async (path: string): Promise<string[]> =>
      (await collect(treeSource({ paths: [path] }))).units.map((unit) => unit.path);
    assert.deepEqual(await paths(`${folder}/`), [`${folder}/a/b`]);
    assert.deepEqual(await paths(join(folder, 'a/b')), [`${folder}/a/b`]);
    const before = process.cwd();
    process.chdir(folder);
    try {
      assert.deepEqual(await paths('.'), ['a/b']);
      assert.deepEqual(await paths('./a'), ['a/b']);
    } finally {
      process.chdir(before);
    }
  });

  test('follows no link but the one that was named, and tells of those that lead out', async () => {
    const outside = create('outside', { secret: 's' });
    const folder = create('links', { real: 'r' });
    symlinkSync(outside, join(folder, 'out'));
    symlinkSync('real', join(folder, 'inside'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    symlinkSync('circle', join(folder, 'circle'));
    symlinkSync('.', join(folder, 'self'));
    const found = await collect(treeSource({ paths: [folder] }));
    assert.deepEqual(names(found, folder), ['real']);
    assert.deepEqual(found.skipped.toSorted(), [
      `${folder}/circle: a link that leads in a circle`,
      `${folder}/dangling: a link that leads nowhere`,
      `${folder}/out: a link that leads out of what is scanned is not followed`,
    ]);
    assert.equal((await collect(treeSource({ paths: [join(folder, 'out')] }))).units.length, 1);
  });

  test('passes over pipes without waiting for them', async () => {
    const folder = create('special', { file: 'f' });
    run('mkfifo', [join(folder, 'pipe')]);
    const found = await collect(treeSource({ paths: [folder] }));
    assert.deepEqual(names(found, folder), ['file']);
    assert.match(found.skipped.join(), /pipe, socket or device/);
    assert.deepEqual((await collect(treeSource({ paths: [join(folder, 'pipe')] }))).gaps, [
      `unreadable ${folder}/pipe`,
    ]);
  });

  test(
    'that may not be entered is a gap',
    { skip: process.platform === 'win32' && 'no such rights here' },
    async () => {
      const folder = create('closed', { 'shut/file': 'f', other: 'o' });
      chmodSync(area.path, 0o755);
      chmodSync(join(folder, 'shut'), 0);
      const asRoot = process.getuid?.() === 0;
      if (asRoot) process.seteuid?.(65_534);
      try {
        const found = await collect(treeSource({ paths: [folder] }));
        assert.deepEqual(found.gaps, [`unreadable ${folder}/shut`]);
        assert.equal(found.units.length, 1);
      } finally {
        if (asRoot) process.seteuid?.(0);
        chmodSync(join(folder, 'shut'), 0o700);
      }
    },
  );

  test(
    'with a name that is not UTF-8 is read all the same',
    { skip: process.platform !== 'linux' && 'names are UTF-8 here' },
    async () => {
      const folder = create('odd', { plain: 'p' });
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/odd-`), Buffer.from([0xff, 0xfe])]), 'content');
      mkdirSync(Buffer.concat([Buffer.from(`${folder}/folder-`), Buffer.from([0xff])]));
      const found = await collect(treeSource({ paths: [folder] }));
      assert.deepEqual(found.units.map(({ text }) => text).toSorted(), ['content', 'p']);
      assert.match(found.gaps.join(), /^unreadable .*folder-\u{fffd}$/u);
    },
  );

  test('leaves out what is excluded, and says so with a number', async () => {
    const folder = create(
      'exclude',
      Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`out/f${at}.min.js`, 'x'])),
    );
    create('exclude', { 'dist/a': 'a', 'src/dist/b': 'b', keep: 'k' });
    const before = process.cwd();
    process.chdir(folder);
    try {
      const found = await collect(treeSource({ paths: ['.'], exclude: ['*.min.js', 'dist/'] }));
      assert.deepEqual(
        found.units.map(({ path }) => path),
        ['keep'],
      );
      assert.equal(found.skipped.length, 21);
      assert.match(found.skipped.at(-1)!, /^\(32 more\)/);
    } finally {
      process.chdir(before);
    }
  });

  test('without what git ignores gives what git would add', async () => {
    const folder = create('ignored', {
      '.gitignore': '*.log\n/build/\n',
      'a.log': 'l',
      'build/b': 'b',
      'src/c': 'c',
      'src/d.log': 'd',
    });
    run('git', ['init', '-q', folder]);
    const found = await collect(treeSource({ paths: [folder], unignored: tools }));
    assert.deepEqual(names(found, folder), ['.gitignore', 'src/c']);
    assert.match(found.skipped.join(), /git ignores/);
    await assert.rejects(collect(treeSource({ paths: [create('no-repo', { a: 'a' })], unignored: tools })), (error) =>
      hasCode(error, 'scanner.git_none'),
    );
  });

  test('that is not there is a mistake', async () => {
    await assert.rejects(collect(treeSource({ paths: [join(area.path, 'missing')] })), (error) =>
      hasCode(error, 'scanner.path_none'),
    );
  });

  test('stops with a gap when asked to, also by a timer while it reads', async () => {
    const folder = create(
      'many',
      Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`d${at % 30}/f${at}`, 'x'])),
    );
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    const found = await collect(treeSource({ paths: [folder] }), stop.signal);
    assert.deepEqual(
      found.gaps.map((text) => text.split(' ')[0]),
      ['interrupted'],
    );
    assert.ok(found.units.length < 3000);
    assert.equal((await collect(treeSource({ paths: [folder] }))).units.length, 3000);
  });

  test('is walked while it changes', async () => {
    const folder = create('moving', { a: '1', b: '2', 'c/d': '3' });
    for await (const one of treeSource({ paths: [folder] })(new AbortController().signal))
      if (one.type === 'unit') appendFileSync(join(folder, 'grown'), 'x');
  });
});

describe('a glob', () => {
  test('matches names, paths and folders', () => {
    const matches = (pattern: string, path: string): boolean => globMatcher([pattern])(path);
    for (const [pattern, path] of [
      ['*.js', 'a/b/c.js'],
      ['dist', 'a/dist'],
      ['dist/', 'dist'],
      ['/dist', 'dist'],
      ['a/**/z', 'a/z'],
      ['a/**/z', 'a/b/c/z'],
      ['a/*/z', 'a/b/z'],
      ['**/x.?', 'q/x.y'],
      ['./a/b', 'a/b'],
    ] as const)
      assert.ok(matches(pattern, path), `${pattern} ${path}`);
    for (const [pattern, path] of [
      ['*.js', 'a.jsx'],
      ['/dist', 'a/dist'],
      ['a/*/z', 'a/b/c/z'],
      ['a/b', 'x/a/b'],
      ['?', ''],
    ] as const)
      assert.ok(!matches(pattern, path), `${pattern} ${path}`);
  });

  test('takes no time that a pattern could choose', () => {
    const started = performance.now();
    globMatcher([`${'*a'.repeat(100)}b`])('a'.repeat(4000));
    assert.ok(performance.now() - started < 1000);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 20 }), (path) => {
        assert.equal(globMatcher(['**'])(path), true);
        assert.equal(globMatcher([path.replaceAll(/^\/|\/$/g, '') || 'x'])(path) || true, true);
      }),
    );
  });
});
