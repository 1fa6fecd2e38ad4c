import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operatingDocument } from './operating.ts';
import { readText } from './repository.ts';

test('docs/operating.md has the places, settings and metrics that the program has', async () => {
  const page = readText('docs/operating.md');
  for (const table of ['places', 'settings', 'metrics'])
    assert.match(page, new RegExp(`<!-- ${table}: .*-->\n\\| `), table);
  assert.equal(page, await operatingDocument(page), 'Regenerate: node test/docs/operating.ts');
});
