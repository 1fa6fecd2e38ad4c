import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brokenCitations, citedLoosely, testNames } from './cited-tests.ts';

describe('tests that pages name', () => {
  const text = `
    test('a plain one', () => {});
    forEachEngine('one for each engine', async (t, engine) => { await t.test('one inside', () => {}); });
    for (const x of y) test(\`one for \${x} and \${y}\`, { skip: false }, function () {});
    assert.equal('no test', 'nor this');
    // test('a comment', () => {});
  `;

  test('are found whatever declares them, and nothing else is', () => {
    assert.deepEqual([...testNames('a.test.ts', text)].toSorted(), [
      'a plain one',
      'one for each engine',
      'one for … and …',
      'one inside',
    ]);
  });

  test('are missed when they are not there (so the tests of the pages can fail)', () => {
    const here = 'test/docs/cited-tests.test.ts';
    assert.deepEqual(brokenCitations(`\`${here}\`: "are found whatever declares them, and nothing else is"`), []);
    assert.deepEqual(brokenCitations(`\`${here}\`: "was never written"`), [`${here} has no test "was never written"`]);
    assert.deepEqual(brokenCitations('`test/nowhere.test.ts`: "x"'), ['there is no test/nowhere.test.ts']);
    assert.deepEqual(citedLoosely(`see \`${here}\``), [here]);
  });
});
