import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ledgerVectors } from './vectors.ts';

test('docs/ledger-format.md shows the vectors that the code makes', async () => {
  const page = await readFile(new URL('../../docs/ledger-format.md', import.meta.url), 'utf8');
  const shown = /```json\n(.*?)\n```/s.exec(page)?.[1];
  assert.equal(shown, await ledgerVectors(), 'Regenerate: node test/ledger-format/vectors.ts');
});
