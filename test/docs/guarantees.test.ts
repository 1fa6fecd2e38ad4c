import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brokenCitations, citedLoosely, citedTests } from './cited-tests.ts';
import { readText, sectionsOf } from './repository.ts';

const page = readText('docs/guarantees.md');
const guarantees = sectionsOf(page, 2);

/** Those that the house was drawn with; further ones may stand beside them. */
const PROMISED = [
  'No decision, no deed',
  'No entry, no answer',
  'No acknowledged deed is lost',
  'No new secret value crosses environments',
  'No secret in a log, an error, a trace or a report',
  'The ledger proves itself to someone who trusts only its public key',
  'The house keeps running without us',
];

describe('docs/guarantees.md', () => {
  test('states every guarantee of the house', () => {
    const titles = new Set(guarantees.map(({ title }) => title));
    assert.deepEqual(
      PROMISED.filter((title) => !titles.has(title)),
      [],
    );
  });

  for (const { title, text } of guarantees)
    test(`"${title}" has its promise, its reason, its limits and tests that exist`, () => {
      const parts = [...text.matchAll(/^\*\*(Promise|Why it holds|Limits|Tests)\.\*\*/gm)].map(([, part]) => part);
      assert.deepEqual(parts, ['Promise', 'Why it holds', 'Limits', 'Tests']);
      assert.ok(citedTests(text).length > 0, 'names no test');
      assert.deepEqual(brokenCitations(text), []);
      assert.deepEqual(citedLoosely(text), [], 'say which test of the file');
      assert.match(text.split('**Limits.**')[1]!.split('**Tests.**')[0]!, /^- \S/m, 'names no limit');
    });
});
