import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storageError } from '#storage';
import { openQueue } from './queue.ts';
import { afterCommit } from './watch-changes.ts';

const openTried = (fail: (items: readonly number[]) => Promise<unknown> | undefined) => {
  const tried: (readonly number[])[] = [];
  const queue = openQueue<number, number>({
    most: 10,
    isAlone: () => false,
    async commit(items) {
      tried.push(items);
      await fail(items);
      return items.map((item) => item * 10);
    },
  });
  return { tried, all: Promise.allSettled([1, 2, 3].map((item) => queue.add(item))) };
};

const poisoned = (items: readonly number[]) =>
  items.includes(2) ? Promise.reject(storageError('unstorable', 'NUL')) : undefined;

test('one poisoned item does not take its neighbours down', async () => {
  const { tried, all } = openTried(poisoned);
  assert.deepEqual(
    (await all).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(tried, [[1, 2, 3], [1], [2], [3]]);
});

for (const [what, fail] of [
  ['may have been committed', () => Promise.reject(storageError('unknown_outcome', 'The connection was cut.'))],
  ['was committed, and then something threw', () => afterCommit(() => Promise.reject(new Error('anchor')))],
] as const)
  test(`a batch that ${what} is not tried again`, async () => {
    const { tried, all } = openTried(fail);
    assert.deepEqual(
      (await all).map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    );
    assert.deepEqual(tried, [[1, 2, 3]]);
  });
