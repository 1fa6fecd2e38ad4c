import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brokenCitations, citedLoosely, citedTests } from './cited-tests.ts';
import { readText, sectionsOf, tableRows } from './repository.ts';

const page = readText('docs/threat-model.md');
const sections = new Map(sectionsOf(page, 2).map(({ title, text }) => [title, text]));

const ATTACKERS = [
  'Stolen laptop',
  'Backup thief',
  'Database writer',
  'Malicious dependency',
  'Network attacker',
  'Another local user',
  'Insider developer',
  'Compromised service token',
  'Malicious file in an adopted folder',
  'Browser page and DNS rebinding',
];
const NOT_YET = 'not yet: no such surface';

describe('docs/threat-model.md', () => {
  const attackers = sectionsOf(sections.get('Attackers') ?? '', 3);

  test('has every attacker, with what he can, cannot, why, and what remains', () => {
    assert.deepEqual(attackers.map(({ title }) => title).toSorted(), ATTACKERS.toSorted());
    for (const { title, text } of attackers) {
      const parts = [...text.matchAll(/^\*\*(Can|Cannot|Why|Remains)\.\*\* \S/gm)].map(([, part]) => part);
      assert.deepEqual(parts, ['Can', 'Cannot', 'Why', 'Remains'], title);
    }
  });

  test('covers every class of flaws by a test that exists, or says that there is nothing yet to attack', () => {
    const rows = tableRows(sections.get('Classes of flaws in other products') ?? '');
    assert.equal(rows.length, 13);
    for (const [name = '', examples = '', here = '', covered = ''] of rows) {
      assert.match(examples, /^(?:(?:CVE|GHSA)-[\w-]+(?:, |$))+$/, name);
      if (covered === NOT_YET) assert.equal(here, 'nothing', `${name}: what exists has a test`);
      else assert.ok(citedTests(covered).length > 0, `${name} names no test`);
    }
    assert.deepEqual(brokenCitations(page), []);
    assert.deepEqual(citedLoosely(page), [], 'say which test of the file');
  });
});
