import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readdirSync } from 'node:fs';
import { systemClock } from '#kernel/node';
import { systemCaller } from '#identity';
import { openSqlite } from '#storage';
import { temporaryFolder } from '../../../test/engines.ts';
import { openRooms } from '../../../test/rooms.ts';
import { makeKit } from '../kit.ts';
import { backupName, backupTime } from './backup-name.ts';
import { keep, openSchedule } from './schedule.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T03:00:00Z');

test('a backup’s name tells when it was made, and only of this installation', () => {
  const name = backupName('chatelaine/7k3mq0z9xyz', START);
  assert.equal(name, 'chatelaine-7k3mq0z9-20260101T030000000Z.age');
  assert.equal(backupTime('chatelaine/7k3mq0z9xyz', name), START);
  assert.equal(backupTime('chatelaine/other', name), null);
  for (const other of ['notes.txt', `${name}.partial`, name.replace('0101', '1399')])
    assert.equal(backupTime('chatelaine/7k3mq0z9xyz', other), null, other);
});

test('two years of daily backups leave 7 daily, 4 weekly and 12 monthly ones', () => {
  let kept: readonly { file: string; at: number }[] = [];
  for (let day = 0; day < 730; day++) {
    const at = START + day * DAY;
    const all = [...kept, { file: new Date(at).toISOString(), at }];
    const chosen = keep(all);
    kept = all.filter(({ file }) => chosen.has(file));
    assert.ok(chosen.has(new Date(at).toISOString()), 'the newest is kept');
  }
  const last = START + 729 * DAY;
  for (let day = 0; day < 7; day++)
    assert.ok(
      kept.some(({ at }) => at === last - day * DAY),
      `day ${day}`,
    );
  assert.ok(kept.length >= 19 && kept.length <= 23, `${kept.length} are kept`);
  const oldest = Math.min(...kept.map(({ at }) => at));
  assert.ok(last - oldest > 300 * DAY && last - oldest < 366 * DAY);
  const months = new Set(kept.map(({ file }) => file.slice(0, 7)));
  assert.equal(months.size, 12);
});

test('a backup is made when there is a kit, once a day, and old ones age out', async () => {
  let passed = 0;
  const clock = { now: () => systemClock.now() + passed, monotonic: () => systemClock.monotonic() + passed };
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine, { clock });
  const folder = temporaryFolder();
  const backUp = openSchedule(house, folder);
  assert.equal(await backUp(), null, 'no kit, nobody could open it');
  await makeKit(house, systemCaller(), house.owner.identity);
  assert.notEqual(await backUp(), null);
  passed += DAY / 2;
  assert.equal(await backUp(), null, 'half a day is too early');
  for (let day = 0; day < 10; day++) {
    passed += DAY + 1;
    assert.notEqual(await backUp(), null, `day ${day}`);
    assert.equal(await backUp(), null);
  }
  const kept = readdirSync(folder).length;
  assert.ok(kept >= 7 && kept <= 10, `${kept} of 11 are kept`);
  await engine.close();
});
