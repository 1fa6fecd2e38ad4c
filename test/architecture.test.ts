import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HOUSEKEEPING, LONG_FILES, ROOMS, type Room } from './architecture/rooms.ts';
import { type House, breaches } from './architecture/rules.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const doors = (JSON.parse(read('package.json')) as { imports: Record<string, string> }).imports;
const sources = globSync('src/**/*.ts', { cwd: ROOT })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.endsWith('.d.ts'));

describe('the house', () => {
  test('is built as its rules say', () => {
    const files = new Map(sources.map((path) => [path, read(path)]));
    assert.ok(files.size > 20, 'the files were found');
    assert.equal(breaches({ files, doors }).join('\n'), '');
  });

  test('looks like its picture in docs/architecture.md', () => {
    const [rooms = ''] = read('docs/architecture.md').split('\n## ');
    const rows = rooms
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| floor'))
      .map((line) => line.slice(2, -2).split(' | '));
    assert.deepEqual(rows, ROOMS.map(drawn));
  });

  test('writes without a deed only where it says what', () => {
    const found = sources.filter((path) => !path.endsWith('.test.ts') && /\.housekeep\(/.test(read(path)));
    assert.deepEqual(found.toSorted(), Object.keys(HOUSEKEEPING));
  });

  test('has a reason for every long file, and no reason without its file', () => {
    for (const [path, reason] of Object.entries(LONG_FILES)) {
      assert.ok(sources.includes(path), `${path} does not exist`);
      assert.ok(reason.length > 10, `${path}: say why`);
    }
  });
});

const drawn = ({ floor, holds, name, types = [], uses }: Room): string[] => {
  const all = [...uses, ...types.map((other) => `${other} (types)`)];
  return [floor, `\`${name}\``, holds, all.join(', ') || 'nothing'];
};

/** A small house without faults; each test below adds one. */
const SOUND: Readonly<Record<string, string>> = {
  'src/kernel/index.ts': `export { word } from './word.ts';`,
  'src/kernel/word.ts': `export const word = 1;`,
  'src/kernel/node/index.ts': `import { randomBytes } from 'node:crypto'; export const now = () => [Date.now(), randomBytes(8)];`,
  'src/storage/index.ts': `export { openWriter } from './writer.ts';`,
  'src/storage/writer.ts': `import { word } from '#kernel'; import { DatabaseSync } from 'node:sqlite'; import { open } from 'node:fs/promises';
    export const openWriter = async () => [word, DatabaseSync, open, new Date(0), await import('node:os')];`,
  'src/ledger/index.ts': `import { issueReceipt } from '#kernel'; export const receipt = issueReceipt;`,
  'src/identity/index.ts': `import { isIP } from 'node:net'; export const check = isIP;`,
  'src/deeds/index.ts': `import { openWriter } from '#storage'; import { receipt } from '#ledger'; export type Deed = 1; export const d = [openWriter, receipt];`,
  'src/inventory/index.ts': `import type { Deed } from '#deeds'; export type { Other } from './other.ts'; export type Mine = Deed;`,
  'src/inventory/other.ts': `import { type Mine } from './index.ts'; export type Other = Mine; export const dated = 'Date.now() randomBytes process.env';`,
  'src/inventory/other.test.ts': `import { openWriter } from '#storage'; import { rm } from 'node:fs'; export const t = [openWriter, rm, Date.now()];`,
  'src/http/index.ts': `import { createServer } from 'node:http'; import { d } from '#deeds'; export const h = [createServer, d, process.env['PORT']];`,
  'src/main.ts': `import { readFileSync } from 'node:fs'; import { word } from '#kernel'; readFileSync(String(word));`,
};

const doorsOf = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.keys(files)
      .filter((path) => path.endsWith('/index.ts'))
      .map((path) => [`#${path.slice('src/'.length, -'/index.ts'.length)}`, `./${path}`]),
  );

const house = (changes: Readonly<Record<string, string>> = {}, more: Record<string, string> = {}): House => {
  const files = { ...SOUND, ...changes };
  return { files: new Map(Object.entries(files)), doors: { ...doorsOf(files), ...more } };
};

const FAULTS: readonly (readonly [string, string, string, RegExp])[] = [
  [
    'a file behind another room’s door',
    'src/ledger/a.ts',
    `import { w } from '../storage/writer.ts';`,
    /reaches into src\/storage\/writer\.ts/,
  ],
  ['the same by export', 'src/ledger/a.ts', `export { w } from '../storage/writer.ts';`, /reaches into/],
  ['the same by dynamic import', 'src/ledger/a.ts', `await import('../storage/writer.ts');`, /reaches into/],
  ['the same in a type', 'src/ledger/a.ts', `export let x: import('../storage/writer.ts').W;`, /reaches into/],
  ['the same in a test', 'src/ledger/a.test.ts', `import { w } from '../storage/writer.ts';`, /reaches into/],
  ['a room above', 'src/storage/a.ts', `import { d } from '#deeds';`, /room storage may not use #deeds/],
  [
    'a room above, for types',
    'src/storage/a.ts',
    `import type { Deed } from '#deeds';`,
    /room storage may not use #deeds/,
  ],
  [
    'values where types are allowed',
    'src/inventory/a.ts',
    `import { d } from '#deeds';`,
    /may not use #deeds \(but for types\)/,
  ],
  ['all names where types are allowed', 'src/inventory/a.ts', `import * as d from '#deeds';`, /may not use #deeds/],
  ['its own door', 'src/storage/a.ts', `import { o } from '#storage';`, /own door/],
  ['a door that is not there', 'src/deeds/a.ts', `import { p } from '#policy';`, /no door in package\.json/],
  ['a file that is not there', 'src/deeds/a.ts', `import { p } from './gone.ts';`, /does not exist/],
  ['a file of tests', 'src/deeds/a.ts', `import './a.fixture.ts';`, /does not exist|for tests/],
  ['an absolute path', 'src/deeds/a.ts', `import '/etc/x.js';`, /absolute path/],
  ['a computed import', 'src/deeds/a.ts', `await import(globalThis.name);`, /only the running program knows/],
  [
    'SQLite outside storage',
    'src/ledger/a.ts',
    `import { DatabaseSync } from 'node:sqlite';`,
    /only storage imports node:sqlite/,
  ],
  ['PostgreSQL outside storage', 'src/http/a.ts', `await import('pg');`, /only storage imports pg/],
  [
    'HTTP below the roof',
    'src/deeds/a.ts',
    `import { request } from 'node:http';`,
    /below the roof nobody imports node:http/,
  ],
  ['HTTPS without prefix', 'src/deeds/a.ts', `import https from 'https';`, /below the roof nobody imports https/],
  [
    'sockets below the roof',
    'src/identity/a.ts',
    `import { connect, isIP } from 'node:net';`,
    /nobody imports node:net/,
  ],
  ['all of node:net', 'src/identity/a.ts', `import * as net from 'node:net';`, /nobody imports node:net/],
  ['processes below the roof', 'src/deeds/a.ts', `import { spawn } from 'node:child_process';`, /node:child_process/],
  [
    'processes in the scanner, outside its sources',
    'src/scanner/a.ts',
    `import { spawn } from 'node:child_process';`,
    /starts processes .* only .*run-git\.ts/,
  ],
  ['processes on the roof', 'src/http/a.ts', `import { execFile } from 'node:child_process';`, /starts processes/],
  ['processes, later', 'src/http/a.ts', `await import('child_process');`, /starts processes/],
  [
    'git started by its name, around what keeps it quiet',
    'src/http/a.ts',
    `import { start } from './start.ts'; start('git', ['status']);`,
    /starts git; only src\/scanner\/sources\/git\/run-git\.ts/,
  ],
  ['files outside their places', 'src/ledger/a.ts', `import { rm } from 'node:fs/promises';`, /touches files/],
  ['Node in the kernel', 'src/kernel/a.ts', `import { hash } from 'node:crypto';`, /safe for a browser/],
  ['kernel/node in the kernel', 'src/kernel/a.ts', `import { now } from './node/index.ts';`, /safe for a browser/],
  ['the environment', 'src/deeds/a.ts', `export const x = process.env['HOME'];`, /reads process\.env/],
  ['the environment, taken apart', 'src/deeds/a.ts', `const { env } = process; export { env };`, /reads process\.env/],
  [
    'the environment, imported',
    'src/deeds/a.ts',
    `import { env } from 'node:process'; export const e = env;`,
    /reads process\.env/,
  ],
  ['Date.now', 'src/http/a.ts', `export const x = Date.now();`, /uses Date\.now/],
  ['Date.now, handed on', 'src/deeds/a.ts', `export const x = globalThis.Date['now'];`, /uses Date\.now/],
  ['new Date()', 'src/deeds/a.ts', `export const x = new Date();`, /uses new Date\(\)/],
  ['new Date without brackets', 'src/deeds/a.ts', `export const x = new Date;`, /uses new Date\(\)/],
  ['Date()', 'src/deeds/a.ts', `export const x = Date();`, /uses Date\(\)/],
  ['performance.now', 'src/deeds/a.ts', `export const x = performance.now();`, /uses performance\.now/],
  ['Math.random', 'src/deeds/a.ts', `export const x = Math.random();`, /uses Math\.random/],
  [
    'randomBytes, renamed',
    'src/deeds/a.ts',
    `import { randomBytes as b } from 'node:crypto'; b(1);`,
    /uses randomBytes/,
  ],
  ['randomUUID', 'src/deeds/a.ts', `import * as c from 'node:crypto'; c.randomUUID();`, /uses randomUUID/],
  ['getRandomValues', 'src/deeds/a.ts', `crypto['getRandomValues'](new Uint8Array(1));`, /uses getRandomValues/],
  [
    'key pairs',
    'src/sealing/index.ts',
    `import { generateKeyPairSync } from 'node:crypto'; generateKeyPairSync('ed25519');`,
    /generateKeyPairSync/,
  ],
  ['receipts', 'src/deeds/a.ts', `import { issueReceipt } from '#kernel';`, /only ledger issues receipts/],
  [
    'receipts, renamed',
    'src/deeds/a.ts',
    `import { issueReceipt as r } from '#kernel';`,
    /only ledger issues receipts/,
  ],
  ['receipts, by all names', 'src/deeds/a.ts', `import * as k from '#kernel';`, /only ledger issues receipts/],
  [
    'the write capability',
    'src/ledger/a.ts',
    `import { openWriter } from '#storage';`,
    /only deeds holds the write capability/,
  ],
  [
    'the write capability, later',
    'src/http/a.ts',
    `const { openWriter } = await import('#storage');`,
    /only deeds holds/,
  ],
  ['a door with export *', 'src/ledger/index.ts', `export * from './x.ts';`, /no `export \*`/],
  ['a door with export * as', 'src/ledger/index.ts', `export * as x from './x.ts';`, /no `export \*`/],
  ['a long file', 'src/ledger/a.ts', '// line\n'.repeat(501), /has 501 lines/],
  ['a folder without a door', 'src/policy/a.ts', '', /src\/policy: has no door/],
  ['a room that is not drawn', 'src/misc/index.ts', '', /src\/misc: is not a room/],
];

describe('the rules of the house', () => {
  test('find nothing in a sound house', () => assert.deepEqual(breaches(house()), []));

  for (const [name, path, text, expected] of FAULTS)
    test(`find ${name}`, () => {
      const found = breaches(house({ [path]: text }));
      assert.ok(
        found.some((breach) => expected.test(breach)),
        `found instead: ${found.join('; ') || 'nothing'}`,
      );
    });

  test('find circles of files and of rooms', () => {
    const files = breaches(house({ 'src/ledger/a.ts': `import './b.ts';`, 'src/ledger/b.ts': `import './a.ts';` }));
    assert.ok(
      files.some((breach) => breach.includes('a circle of files: src/ledger/a.ts → src/ledger/b.ts → src/ledger/a.ts')),
      files.join(),
    );
    const rooms = breaches(house({ 'src/storage/a.ts': `import type { Deed } from '#deeds';` }));
    assert.ok(
      rooms.some((breach) => /a circle of rooms: .*storage/.test(breach)),
      rooms.join(),
    );
  });

  test('find a door that leads nowhere or elsewhere', () => {
    const found = breaches(house({}, { '#policy': './src/policy/index.ts', '#storage': './src/storage/writer.ts' }));
    assert.ok(found.some((breach) => /#policy leads to .* does not exist/.test(breach)));
    assert.ok(found.some((breach) => /#storage must lead to/.test(breach)));
  });
});
