import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReadTx, openMemo } from '#storage';

const reading = (state: object | undefined): ReadTx => ({ state }) as ReadTx;

test('an answer is worked out once for each key, until the state moves', async () => {
  const memo = openMemo<string>(10);
  let worked = 0;
  const work = async () => `answer ${++worked}`;
  const [before, after] = [reading({}), reading({})];
  assert.equal(await memo(before, 'a', work), 'answer 1');
  assert.equal(memo(before, 'a', work), 'answer 1', 'at once');
  assert.equal(await memo(before, 'b', work), 'answer 2');
  assert.equal(await memo(after, 'a', work), 'answer 3');
  assert.equal(memo(after, 'a', work), 'answer 3');
});

test('where the state is unknown nothing is remembered', async () => {
  const memo = openMemo<number>(10);
  let worked = 0;
  for (const expected of [1, 2]) assert.equal(await memo(reading(undefined), 'a', async () => ++worked), expected);
});

test('what was being read when the state moved is given to whoever asked and to nobody after', async () => {
  const memo = openMemo<string>(10);
  const slow = Promise.withResolvers<string>();
  const [before, after] = [reading({}), reading({})];
  const early = memo(before, 'a', () => slow.promise);
  assert.equal(await memo(after, 'b', async () => 'new'), 'new');
  slow.resolve('old');
  assert.equal(await early, 'old');
  assert.equal(await memo(after, 'a', async () => 'new'), 'new');
});

test('a failure is not remembered, and the oldest answer makes room', async () => {
  const memo = openMemo<string>(2);
  const tx = reading({});
  await assert.rejects(async () => memo(tx, 'a', () => Promise.reject(new Error('damaged'))), /damaged/);
  for (const key of ['a', 'b', 'c']) await memo(tx, key, async () => key);
  assert.equal(await memo(tx, 'a', async () => 'again'), 'again');
  assert.equal(
    memo(tx, 'c', async () => 'again'),
    'c',
  );
});
