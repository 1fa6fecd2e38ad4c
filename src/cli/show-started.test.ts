import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Started } from './operations.ts';
import { showStarted } from './show-started.ts';
import { fakeTerminal } from './terminal.fixture.ts';

const STARTED: Started = {
  url: 'http://localhost:8200',
  socket: null,
  folder: '/home/ada/data',
  keyFile: '/home/ada/root.key',
  anchorFile: '/home/ada/anchor',
  isFirstStart: false,
  isKitConfirmed: true,
  isLocked: true,
  whyLocked: null,
  owner: null,
  signIn: null,
  stop: async () => {},
  ended: Promise.resolve(0),
};

const saidOf = (changes: Partial<Started>): string => {
  const terminal = fakeTerminal();
  showStarted({ ...STARTED, ...changes }, terminal);
  return terminal.said();
};

test('a start that could not unlock says what happened, why, and what to do next', () => {
  const said = saidOf({
    whyLocked: { message: 'There is no key file at /home/ada/root.key.', hint: 'Put the key file back at /there.' },
  });
  assert.match(said, /serves on http:\/\/localhost:8200, locked\./);
  assert.match(said, /It could not unlock by itself\. There is no key file at \/home\/ada\/root\.key\./);
  assert.match(said, /hands out nothing and changes nothing/);
  assert.match(said, /Next: {2}Put the key file back at \/there\./);
});

test('a start that waits for a passphrase says only how to unlock', () => {
  const said = saidOf({});
  assert.match(said, /Next: {2}chatelaine unlock/);
  assert.doesNotMatch(said, /could not/);
});

test('an unlocked start says nothing of locks', () => {
  assert.doesNotMatch(saidOf({ isLocked: false }), /lock/);
});
