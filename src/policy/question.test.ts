import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { systemCaller } from '#identity';
import type { ReadTx } from '#storage';
import { putQuestion } from './question.ts';
import type { Slices } from './slice.ts';

test('a database that fails two reads at once fails the question, and not the process', async () => {
  const slices: Slices = {
    grants: async () => {
      await setTimeout(5);
      throw new Error('the first');
    },
    exceptions: () => ({ list: [], untrue: [] }),
    custom: () => Promise.reject(new Error('the second')),
  };
  const resource = {
    kind: 'credential',
    id: 'cred_x',
    project: 'porch',
    environment: 'home',
    name: 'mqtt',
    production: false,
    tier: null,
    owner: null,
    state: null,
  } as const;
  const request = { caller: systemCaller(), action: 'credential.read', facts: { resource }, now: 0 } as const;
  const unhandled: unknown[] = [];
  const notice = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', notice);
  await assert.rejects(async () => putQuestion({} as ReadTx, slices, request), /the (first|second)/);
  await setTimeout(20);
  process.off('unhandledRejection', notice);
  assert.deepEqual(unhandled, []);
});
