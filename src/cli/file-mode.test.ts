import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hasCode } from '#kernel';
import { isTooWide, modeOfValues, narrow } from './file-mode.ts';

const root = mkdtempSync(join(tmpdir(), 'chatelaine-mode-'));
after(() => rmSync(root, { recursive: true, force: true }));
const ada = { getgid: () => 1_000 };

test('a file with values is its owner’s alone, unless a group of its own may read it already', () => {
  for (const mode of [0o600, 0o640, 0o644, 0o664, 0o777, 0o4755])
    assert.equal(modeOfValues({ mode, uid: 1_000, gid: 1_000 }, ada), 0o600);
  const broker = { uid: 1_000, gid: 1_883 };
  assert.equal(modeOfValues({ mode: 0o100640, ...broker }, ada), 0o640);
  assert.equal(modeOfValues({ mode: 0o100664, ...broker }, ada), 0o640, 'a group never writes, others never read');
  assert.equal(modeOfValues({ mode: 0o100600, ...broker }, ada), 0o600, 'nothing is opened that was closed');
  assert.equal(modeOfValues({ mode: 0o100604, ...broker }, ada), 0o600);
  assert.equal(modeOfValues({ mode: 0o100644, uid: 1_000, gid: 0 }, ada), 0o600, 'root needs no group');
  assert.equal(modeOfValues({ mode: 0o100644, uid: 1_883, gid: 1_883 }, ada), 0o600);
});

test('what others may do with it makes it too wide', () => {
  assert.ok(isTooWide({ mode: 0o100644, uid: 1_000, gid: 1_000 }, ada));
  assert.ok(isTooWide({ mode: 0o100660, uid: 1_000, gid: 1_883 }, ada));
  assert.ok(!isTooWide({ mode: 0o100640, uid: 1_000, gid: 1_883 }, ada));
  assert.ok(!isTooWide({ mode: 0o100400, uid: 1_000, gid: 1_000 }, ada));
});

test('narrowing follows no link and leaves the content', () => {
  const file = join(root, 'a.env');
  writeFileSync(file, 'A=1\n');
  chmodSync(file, 0o644);
  symlinkSync(file, join(root, 'link.env'));
  assert.throws(
    () => narrow(join(root, 'link.env'), 'link.env'),
    (error) => hasCode(error, 'cli.unsafe_file'),
  );
  assert.equal(statSync(file).mode & 0o777, 0o644);
  narrow(file, 'a.env');
  assert.equal(statSync(file).mode & 0o777, 0o600);
});
