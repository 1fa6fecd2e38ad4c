import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { rulesDocument } from './document.ts';

test('docs/rules.md says what the tables of rules say', async () => {
  const page = await readFile(new URL('../../docs/rules.md', import.meta.url), 'utf8');
  assert.equal(page, rulesDocument(), 'Regenerate: node test/rules/document.ts');
});
