import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hasCode } from '#kernel';
import { readBounded } from './read-bounded.ts';

const folder = mkdtempSync(join(tmpdir(), 'bounded-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'file');

test('a file is read whole up to its limit, and refused beyond', () => {
  writeFileSync(file, 'ß'.repeat(50_000));
  assert.equal(readBounded(file, 'It', { most: 100_000 }).length, 50_000);
  assert.throws(
    () => readBounded(file, 'It', { most: 99_999 }),
    (error) => hasCode(error, 'cli.too_large'),
  );
});

test('what is endless, a folder, or not there is refused in words', { skip: process.platform === 'win32' }, () => {
  assert.throws(
    () => readBounded('/dev/zero', 'It', { most: 1000 }),
    (error) => hasCode(error, 'cli.too_large'),
  );
  for (const place of [folder, join(folder, 'none')])
    assert.throws(
      () => readBounded(place, 'The baseline', { most: 1000 }),
      (error) => hasCode(error, 'cli.unreadable') && error.message.startsWith('The baseline'),
    );
});

test('a pipe that nobody named is not waited for', { skip: process.platform === 'win32', timeout: 5_000 }, () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  assert.throws(
    () => readBounded(join(folder, 'pipe'), 'It', { most: 1000, found: true }),
    (error) => hasCode(error, 'cli.unreadable'),
  );
});
