import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeFolder } from './folder.ts';

const root = mkdtempSync(join(tmpdir(), 'chatelaine-folder-'));
after(() => rmSync(root, { recursive: true, force: true }));

const codeOf = (work: () => void): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};

test('folders are made down to the last, for their owner alone, and what is there stays as it is', () => {
  const deep = join(root, 'a', 'b', 'c');
  makeFolder(deep);
  for (const each of [deep, join(root, 'a')]) assert.equal(statSync(each).mode & 0o777, 0o700);
  mkdirSync(join(root, 'open'), { mode: 0o755 });
  makeFolder(join(root, 'open'));
  assert.equal(statSync(join(root, 'open')).mode & 0o777, 0o755);
  symlinkSync(join(root, 'open'), join(root, 'link'));
  makeFolder(join(root, 'link', 'under'));
  assert.ok(existsSync(join(root, 'open', 'under')));
});

test('what stands in the way is told, with its path', () => {
  writeFileSync(join(root, 'file'), '');
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
  assert.equal(
    codeOf(() => makeFolder(join(root, 'file'))),
    'EEXIST',
  );
  assert.match(
    codeOf(() => makeFolder(join(root, 'file', 'under'))),
    /ENOTDIR|ENOENT/,
  );
  assert.equal(
    codeOf(() => makeFolder(join(root, 'dangling', 'under'))),
    'EEXIST',
  );
});

test('a place that takes no folders is refused, not tried for ever', { skip: process.platform !== 'linux' }, () => {
  assert.equal(
    codeOf(() => makeFolder('/proc/chatelaine/data')),
    'ENOENT',
  );
});
