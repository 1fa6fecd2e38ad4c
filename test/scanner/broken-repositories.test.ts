import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runProgram } from './program.ts';

const ROOT = join(import.meta.dirname, '../..');
const VALUE = ['gR7kPw', '2vTz9', 'mQ4x'].join('');
const ADDRESS = `mqtt://hub:${VALUE}@porch.lan\n`;

const root = mkdtempSync(join(tmpdir(), 'repositories-'));
after(() => rmSync(root, { recursive: true, force: true }));

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();

/** Three commits; the second had a leak in a folder of its own, which the third took out. */
const repository = (name: string): string => {
  const folder = join(root, name);
  mkdirSync(folder);
  git(folder, 'init', '-q', '-b', 'main');
  const commit = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', name);
  };
  commit({ one: 'the lamp\n' });
  commit({ two: 'the porch\n', 'kept/leak': ADDRESS });
  rmSync(join(folder, 'kept'), { recursive: true });
  commit({ three: 'the gate\n' });
  return folder;
};
const remove = (folder: string, revision: string): void => {
  const id = git(folder, 'rev-parse', revision);
  rmSync(join(folder, '.git/objects', id.slice(0, 2), id.slice(2)));
};
const inPack = (folder: string): string => {
  git(folder, 'gc', '-q');
  const [pack] = globSync(join(folder, '.git/objects/pack/*.pack'));
  chmodSync(pack!, 0o600);
  return pack!;
};
const cloned = (name: string, ...args: readonly string[]): string => {
  const from = join(root, 'whole');
  if (!existsSync(from)) git(repository('whole'), 'config', 'uploadpack.allowFilter', 'true');
  git(root, 'clone', '-q', ...args, `file://${from}`, name);
  return join(root, name);
};

type Told = { readonly exit: number; readonly says: string };
const scan = async (folder: string, args: readonly string[] = ['--git']): Promise<Told> => {
  const { err, exit, out } = await runProgram(join(ROOT, 'chatelaine'), ['scan', ...args], {
    cwd: folder,
    home: join(root, 'home'),
    patience: 60,
  });
  assert.ok(!`${out}${err}`.includes(VALUE) && !/Please report it|hint:/.test(err + out), err + out);
  return { exit, says: `${out}${err}`.replaceAll(/\s+/g, ' ') };
};

/** What is done to a repository, what the scan of its history ends with, and says. */
const CASES: readonly (readonly [string, () => string, number, RegExp])[] = [
  ['whole', () => repository('sound'), 1, /1 credential in 1 place/],
  ['without a commit', () => (git(mkdir('empty'), 'init', '-q'), join(root, 'empty')), 0, /Nothing was found/],
  [
    'without a blob',
    () => spoilt('blob', (at) => remove(at, 'HEAD~1:kept/leak')),
    3,
    /blob [\da-f]{12}\) Its content is missing/,
  ],
  [
    'without a folder',
    () => spoilt('tree', (at) => remove(at, 'HEAD~1:kept')),
    3,
    /folder [\da-f]{12}\) Its content is missing/,
  ],
  [
    'without the folder of a commit',
    () => spoilt('root', (at) => remove(at, 'HEAD~1^{tree}')),
    3,
    /folder [\da-f]{12}\)/,
  ],
  [
    'without a commit in the middle',
    () => spoilt('commit', (at) => remove(at, 'HEAD~1')),
    3,
    /git could not read the whole history/,
  ],
  [
    'with a pack that was cut off',
    () => spoilt('pack', (at) => truncateSync(inPack(at), 200)),
    3,
    /git could not read the whole history/,
  ],
  [
    'with an empty pack',
    () => spoilt('no-pack', (at) => truncateSync(inPack(at), 0)),
    3,
    /git could not read the whole history/,
  ],
  [
    'without the list of its pack',
    () => spoilt('no-idx', (at) => rmSync(inPack(at).replace(/pack$/, 'idx'))),
    3,
    /git/,
  ],
  [
    'without HEAD',
    () => spoilt('head', (at) => rmSync(join(at, '.git/HEAD'))),
    3,
    /\.git for a repository: a part of it is missing/,
  ],
  [
    'with a HEAD of nonsense',
    () => spoilt('bad-head', (at) => writeFileSync(join(at, '.git/HEAD'), 'nonsense')),
    3,
    /a part of it is missing/,
  ],
  [
    'on a branch that is not there',
    () => spoilt('unborn', (at) => writeFileSync(join(at, '.git/HEAD'), 'ref: refs/heads/none\n')),
    1,
    /1 credential/,
  ],
  [
    'with references of nonsense',
    () => spoilt('refs', (at) => writeFileSync(join(at, '.git/packed-refs'), 'xx')),
    3,
    /packed-refs/,
  ],
  [
    'with a reference to nothing',
    () => spoilt('ref', (at) => writeFileSync(join(at, '.git/refs/heads/x'), `${'1'.repeat(40)}\n`)),
    3,
    /git could not read/,
  ],
  [
    'with a reference that a crash left empty',
    () => spoilt('empty-ref', (at) => writeFileSync(join(at, '.git/refs/heads/x'), '')),
    1,
    /damaged, and where they led is not known: refs\/heads\/x/,
  ],
  [
    'with references in a circle',
    () => spoilt('loop', (at) => symlinkSync('loop', join(at, '.git/refs/heads/loop'))),
    1,
    /1 credential/,
  ],
  [
    'with a configuration of nonsense',
    () => spoilt('config', (at) => writeFileSync(join(at, '.git/config'), '[core')),
    3,
    /bad config/,
  ],
  [
    'without its objects',
    () => spoilt('objects', (at) => rmSync(join(at, '.git/objects'), { recursive: true })),
    3,
    /a part of it is missing/,
  ],
  ['whose alternates are missing', () => alternates(), 3, /alternate object path/],
  ['a worktree whose repository is gone', () => dangling(), 3, /is not where its \.git says/],
  [
    'a .git file of nonsense',
    () =>
      spoilt(
        'file',
        (at) => (rmSync(join(at, '.git'), { recursive: true }), writeFileSync(join(at, '.git'), 'nonsense')),
      ),
    3,
    /git does not open/,
  ],
  ['bare', () => cloned('bare', '--bare'), 1, /1 credential/],
  ['shallow', () => cloned('shallow', '--depth', '1'), 3, /It is a shallow clone/],
  [
    'partial, without blobs',
    () => cloned('blobless', '--filter=blob:none', '--no-checkout'),
    3,
    /never fetched into this partial clone/,
  ],
  [
    'partial, without folders',
    () => cloned('treeless', '--filter=tree:0', '--no-checkout'),
    3,
    /folder [\da-f]{12}\) It was never fetched/,
  ],
  ['none at all', () => mkdir('none'), 2, /There is no git repository/],
];

const mkdir = (name: string): string => {
  mkdirSync(join(root, name));
  return join(root, name);
};
const spoilt = (name: string, spoil: (folder: string) => void): string => {
  const folder = repository(name);
  spoil(folder);
  return folder;
};
const alternates = (): string => {
  const from = repository('lender');
  git(root, 'clone', '-q', '--shared', from, 'borrower');
  rmSync(from, { recursive: true });
  return join(root, 'borrower');
};
const dangling = (): string => {
  const from = repository('main-tree');
  git(from, 'worktree', 'add', '-q', '../second-tree');
  rmSync(from, { recursive: true });
  return join(root, 'second-tree');
};

describe('the history of a repository', () => {
  for (const [what, build, exit, says] of CASES)
    test(`${what}: ${exit}`, async () => {
      const told = await scan(build());
      assert.deepEqual([told.exit, says.test(told.says)], [exit, true], told.says);
    });
});

describe('what is staged in a repository', () => {
  for (const [what, spoil, exit, says] of [
    ['with an empty index', (at: string) => truncateSync(join(at, '.git/index'), 0), 3, /git does not open/],
    [
      'with an index of nonsense',
      (at: string) => writeFileSync(join(at, '.git/index'), 'junk'),
      3,
      /git does not open/,
    ],
    ['without HEAD', (at: string) => rmSync(join(at, '.git/HEAD')), 3, /a part of it is missing/],
    [
      'whose staged content is gone',
      (at: string) => {
        writeFileSync(join(at, 'next'), ADDRESS);
        git(at, 'add', 'next');
        remove(at, ':next');
      },
      3,
      /next Its staged content cannot be read; stage it again/,
    ],
  ] as const)
    test(`${what}: ${exit}`, async () => {
      const told = await scan(spoilt(`staged-${what.replaceAll(' ', '-')}`, spoil), ['--staged']);
      assert.deepEqual([told.exit, says.test(told.says)], [exit, true], told.says);
    });
});

test('a tree does not ask whether its repository is whole, but names content that Git LFS did not fetch', async () => {
  const folder = spoilt('lfs', (at) => rmSync(join(at, '.git/HEAD')));
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`;
  writeFileSync(join(folder, 'model.bin'), pointer);
  const { exit, says } = await scan(folder, ['.']);
  assert.deepEqual([exit, /model\.bin Its content lies in Git LFS/.test(says)], [3, true], says);
});

test('a folder that is not there is no revision', async () => {
  const { exit, says } = await scan(root, ['--git', './nowhere']);
  assert.deepEqual([exit, /There is no file or folder \.\/nowhere/.test(says)], [2, true], says);
});
