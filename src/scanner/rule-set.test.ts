import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lintRule } from './lint-rule.ts';
import { builtinRules, indexRules, ruleSetOf } from './rule-set.ts';
import { RULES } from './rules/index.ts';
import { TEST_RULES } from './engine.fixture.ts';

describe('the rules that come with the program', () => {
  test('are indexed as they are: node scripts/build-rules.mjs', () => {
    const { cores, digest, literals } = builtinRules();
    assert.deepEqual(JSON.parse(JSON.stringify(indexRules(RULES))), { digest, cores, literals });
  });

  test('are sound, each under its own id', () => {
    const wrong = RULES.flatMap((rule) => lintRule(rule).map((message) => `${rule.id}: ${message}`));
    assert.deepEqual(wrong, []);
    assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
  });

  test('have another digest when a match could differ, and the same when only their examples do', () => {
    const { digest } = ruleSetOf(TEST_RULES);
    const [first, ...rest] = TEST_RULES;
    assert.equal(ruleSetOf([{ ...first!, examples: ['x'] }, ...rest]).digest, digest);
    assert.notEqual(
      ruleSetOf([{ ...first!, shape: ['ghp_', { of: 'alnum', min: 36, max: 37 }] }, ...rest]).digest,
      digest,
    );
    assert.notEqual(ruleSetOf(rest).digest, digest);
  });
});
