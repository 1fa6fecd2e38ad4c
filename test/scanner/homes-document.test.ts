import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { homesDocument } from './homes-document.ts';

test('docs/homes.md says what a scan says of one credential of every family', async () => {
  assert.equal(readFileSync(new URL('../../docs/homes.md', import.meta.url), 'utf8'), await homesDocument());
});
