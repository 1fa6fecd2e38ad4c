import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportError } from './report-error.ts';
import { fakeTerminal } from './terminal.fixture.ts';

const OPTIONS = { json: false, debug: false };

test('a full disk is told as one, wherever it was met, and is no fault of the program', () => {
  for (const code of ['ENOSPC', 'EDQUOT']) {
    const terminal = fakeTerminal();
    const error = Object.assign(new Error(`${code}: no space left on device`), { code, path: '/srv/sign-in/0a1b' });
    assert.equal(reportError(error, terminal, OPTIONS), 5);
    assert.match(terminal.said(), /There is no space left on the disk/);
    assert.match(terminal.said(), /Free space on the volume of \/srv\/sign-in/);
    assert.doesNotMatch(terminal.said(), /report it/);
  }
});

test('what nobody foresaw prints its code and nothing that it was working on', () => {
  const terminal = fakeTerminal();
  assert.equal(reportError(new TypeError('Canary-4711 is odd'), terminal, OPTIONS), 70);
  assert.match(terminal.said(), /TypeError/);
  assert.doesNotMatch(terminal.said(), /Canary/);
});
