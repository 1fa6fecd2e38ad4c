import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { rolesDocument } from './document.ts';

test('docs/roles.md says what the tables of the policy say', async () => {
  const page = await readFile(new URL('../../docs/roles.md', import.meta.url), 'utf8');
  assert.equal(page, rolesDocument(), 'Regenerate: node test/roles/document.ts');
});
