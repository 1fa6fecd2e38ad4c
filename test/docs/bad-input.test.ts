import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brokenCitations, citedLoosely, citedTests } from './cited-tests.ts';
import { readText, sectionsOf } from './repository.ts';

describe('docs/bad-input.md', () => {
  for (const { title, text } of sectionsOf(readText('docs/bad-input.md'), 2))
    test(`"${title}" names tests that exist`, () => {
      assert.ok(citedTests(text).length > 5, 'names few tests');
      assert.deepEqual(brokenCitations(text), []);
      assert.deepEqual(citedLoosely(text), [], 'say which test of the file');
    });
});
