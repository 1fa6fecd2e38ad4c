import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { diskState, dropBallast, keepBallast, watchDisk } from './disk.ts';

test('the ballast takes room on the disk, once, and gives it back when it is thrown overboard', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-disk-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const ballast = join(folder, 'ballast');
  await keepBallast(folder);
  await keepBallast(folder);
  const { size, blocks, mode } = statSync(ballast);
  assert.equal(size, 8 * 1_048_576);
  assert.ok(blocks * 512 >= size, 'it is not sparse');
  assert.equal(mode & 0o777, 0o600);
  await dropBallast(folder);
  assert.ok(!existsSync(ballast));
  await dropBallast(folder);
});

test('the state of the disk is told when it changes, not again and again', async () => {
  const told: string[] = [];
  const look = watchDisk(tmpdir(), ({ level }) => told.push(level));
  const { level } = await diskState(tmpdir());
  await look();
  await look();
  assert.deepEqual(told, level === 'good' ? [] : [level]);
});
