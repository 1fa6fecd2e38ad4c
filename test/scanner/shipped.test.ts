import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { type Answer, runProgram } from './program.ts';

const ROOT = join(import.meta.dirname, '../..');
const VALUE = ['gR7kPw', '2vTz9', 'mQ4x'].join('');
const LEAK = `mqtt:\n  broker: 10.0.0.2\n  username: porch\n  password: ${VALUE}\n`;

const root = mkdtempSync(join(tmpdir(), 'shipped-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** The program as somebody installed it, and what is to be scanned: more files than one thread takes. */
const installed = join(root, 'program');
mkdirSync(installed);
for (const part of ['src', 'chatelaine', 'package.json'])
  cpSync(join(ROOT, part), join(installed, part), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
const tree = join(root, 'tree');
mkdirSync(tree);
for (let i = 0; i < 400; i++) writeFileSync(join(tree, `f${i}`), 'the lamp on the porch\n');
const leaking = join(root, 'leaking');
mkdirSync(leaking);
writeFileSync(join(leaking, 'configuration.yaml'), LEAK);

const scan = (args: readonly string[]): Promise<Answer> =>
  runProgram(join(installed, 'chatelaine'), ['scan', ...args], { cwd: root, home: join(root, 'home') });

describe('a scanner whose parts do not fit together says so, and finds nothing in silence', () => {
  const part = (name: string): string => join(installed, 'src/scanner', name);
  const kept = new Map(
    ['matcher/builtin.json', 'matcher/kernel.wasm', 'rules/ai.ts'].map((name) => [name, readFileSync(part(name))]),
  );
  afterEach(() => {
    for (const [name, bytes] of kept) {
      rmSync(part(name), { recursive: true, force: true });
      writeFileSync(part(name), bytes);
    }
  });

  for (const name of ['matcher/builtin.json', 'matcher/kernel.wasm'])
    for (const [how, damage] of [
      ['missing', (file: string) => rmSync(file)],
      ['empty', (file: string) => truncateSync(file)],
      ['cut off', (file: string) => truncateSync(file, 900)],
      ['a folder', (file: string) => (rmSync(file), mkdirSync(file))],
      ['overwritten', (file: string) => writeFileSync(file, readFileSync(file).fill(0x20, 500, 600))],
    ] as const)
      test(`${name}: ${how}`, async () => {
        damage(part(name));
        for (const folder of [tree, leaking]) {
          const { exit, out, err } = await scan([folder]);
          assert.deepEqual([exit, out], [70, ''], err);
          assert.match(err, /Install the program again/);
          assert.ok(!err.includes('Please report it'), err);
        }
      });

  test('rules of another day than their list of literals', async () => {
    const file = part('rules/ai.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace("id: '", "id: 'x"));
    assert.notDeepEqual(readFileSync(file), kept.get('rules/ai.ts'));
    // Threads are told before they start, even where nothing would be found.
    const { exit, err } = await scan([tree]);
    assert.deepEqual([exit, /was made from other rules/.test(err)], [70, true], err);
  });
});

describe('verdicts that were kept', () => {
  const cache = join(root, 'home/.cache/chatelaine/clean-blobs');
  const repository = join(root, 'repository');
  mkdirSync(repository);
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
  git('init', '-q', '-b', 'main');
  writeFileSync(join(repository, 'configuration.yaml'), LEAK);
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'first');
  const blob = git('rev-parse', 'HEAD:configuration.yaml').trim();
  const found = async (): Promise<number> => (await scan(['--git', repository])).exit;

  test('are believed only where nobody else could have written them, and are whole', { timeout: 120_000 }, async () => {
    writeFileSync(join(repository, 'clean'), 'the lamp\n');
    git('add', '.');
    git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'second');
    assert.equal(await found(), 1);
    const [name] = readdirSync(cache);
    const file = join(cache, name!);
    writeFileSync(file, `${blob}\n`);
    assert.equal(await found(), 0, 'what a person wrote into his own cache');
    for (const [how, spoil] of [
      ['writable by others', () => (writeFileSync(file, `${blob}\n`), chmodSync(file, 0o666))],
      ['a link', () => (writeFileSync(`${file}.real`, `${blob}\n`), symlinkSync(`${file}.real`, file))],
      ['cut within its id', () => writeFileSync(file, blob.slice(0, 39))],
      ['of other lines', () => writeFileSync(file, `clean: ${blob}\n`)],
      ['endless', () => (writeFileSync(file, `${blob}\n`), truncateSync(file, 3 * 1024 ** 3))],
      ['a pipe', () => execFileSync('mkfifo', [file])],
      ['a folder', () => mkdirSync(file)],
    ] as const) {
      rmSync(file, { recursive: true, force: true });
      spoil();
      assert.equal(await found(), 1, how);
    }
  });

  test('of another engine are not asked', async () => {
    const [name] = readdirSync(cache);
    rmSync(join(cache, name!), { recursive: true });
    writeFileSync(join(cache, `${name!.slice(0, -1)}${name!.endsWith('0') ? '1' : '0'}`), `${blob}\n`, { mode: 0o600 });
    assert.equal(await found(), 1);
  });
});
