import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PendingEvent, openFailures, pend, takePending } from '#deeds';
import { migrate, openWriter, statement } from '#storage';
import { forEachEngine } from './engines.ts';

const knock = (address: string, at = 1): PendingEvent => ({
  at,
  action: 'installation.unlock',
  outcome: 'denied',
  address,
});

forEachEngine('what waits while locked is kept in order, counted when it repeats, and bounded', async (_t, engine) => {
  await migrate(engine, 1);
  const writer = openWriter(engine);
  for (let i = 0; i < 5; i++) await writer.commit((tx) => pend(tx, knock('10.0.0.1', i)));
  await writer.commit((tx) => pend(tx, knock('10.0.0.2', 9)));
  const drafts = await writer.commit(takePending);
  assert.deepEqual(
    drafts.map(({ at, address, note, rule }) => [at, address, note, rule]),
    [
      [0, '10.0.0.1', '5 times', 'while-locked'],
      [9, '10.0.0.2', null, 'while-locked'],
    ],
  );
  assert.deepEqual(await writer.commit(takePending), []);
});

forEachEngine('a row changed or removed while locked is noticed when it is entered', async (_t, engine) => {
  await migrate(engine, 1);
  const writer = openWriter(engine);
  type Tables = { pending_event: { n: number; address: string } };
  for (const n of [1, 2, 3]) await writer.commit((tx) => pend(tx, knock(`10.0.0.${n}`)));
  const forge = statement<Tables>((db) =>
    db.updateTable('pending_event').set({ address: 'elsewhere' }).where('n', '=', 2),
  );
  await writer.commit((tx) => tx.run(forge, {}));
  const drafts = await writer.commit(takePending);
  assert.ok(drafts.every(({ rule }) => rule === 'while-locked, chain broken'));
});

test('failures of nobody in particular are one entry per address, reason and minute', () => {
  let now = 60_000;
  const failures = openFailures({ now: () => now, monotonic: () => now });
  for (let i = 0; i < 50; i++) failures.count('10.0.0.1', 'unauthenticated');
  failures.count('10.0.0.2', 'unauthenticated');
  assert.deepEqual(failures.take(), [], 'the minute is not over');
  now += 60_000;
  assert.deepEqual(
    failures.take().map(({ address, note, at }) => [address, note, at]),
    [
      ['10.0.0.1', '50 times in a minute', 60_000],
      ['10.0.0.2', '1 times in a minute', 60_000],
    ],
  );
  assert.deepEqual(failures.take(), []);
});

test('an attacker with many addresses makes no more entries than there are places', () => {
  const failures = openFailures({ now: () => 0, monotonic: () => 0 });
  for (let i = 0; i < 10_000; i++) failures.count(`10.0.${i >> 8}.${i & 255}`, 'unauthenticated');
  const drafts = failures.take(true);
  assert.ok(drafts.length <= 257, `${drafts.length}`);
  assert.equal(drafts.at(-1)?.address, 'elsewhere');
});
