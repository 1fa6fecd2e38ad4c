import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { hasCode } from '#kernel';
import { isPlainPath } from './templates.ts';
import { replaceFile, writePrivate } from './write-file.ts';

const root = mkdtempSync(join(tmpdir(), 'chatelaine-write-'));
after(() => rmSync(root, { recursive: true, force: true }));

suite('a file', () => {
  test('of our own is for its owner only, in a folder that is', () => {
    const file = join(root, 'new/deep/file');
    writePrivate(file, 'x');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(root, 'new/deep')).mode & 0o777, 0o700);
  });

  test('is replaced whole, with the mode it had, and leaves nothing beside it', () => {
    const folder = join(root, 'replace');
    mkdirSync(folder);
    const file = join(folder, 'a.yaml');
    writeFileSync(file, 'before');
    chmodSync(file, 0o640);
    const { uid, gid } = statSync(file);
    replaceFile(file, 'after', { mode: 0o640, owner: { uid, gid } });
    assert.equal(readFileSync(file, 'utf8'), 'after');
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder), ['a.yaml']);
  });

  test('that cannot be written is an error that names the place, and stays as it was', () => {
    const folder = join(root, 'taken');
    mkdirSync(join(folder, 'a.yaml'), { recursive: true });
    assert.throws(
      () => replaceFile(join(folder, 'a.yaml'), 'x', { mode: 0o600 }),
      (error) => hasCode(error, 'cli.unwritable'),
    );
    assert.deepEqual(readdirSync(folder), ['a.yaml']);
    assert.throws(
      () => replaceFile(join(root, 'absent/a'), 'x', { mode: 0o600 }),
      (error) => hasCode(error, 'cli.unwritable'),
    );
  });
});

test('a target stays in its folder', () => {
  for (const path of ['secrets.yaml', 'a/b.c', '.env']) assert.ok(isPlainPath(path), path);
  for (const path of [
    '',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a//b',
    './a',
    'C:\\x',
    'a\\..\\b',
    'a\0b',
    '\\\\host\\x',
  ])
    assert.ok(!isPlainPath(path), path);
});
