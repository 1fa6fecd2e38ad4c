import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hasCode } from '#kernel';
import { lintRule } from './lint-rule.ts';
import { openPlan } from './plan.ts';
import { builtinRules, formatShipped, indexRules, parseShipped, ruleSetOf } from './rule-set.ts';

import { RULES } from './rules/index.ts';
import { TEST_RULES } from './engine.fixture.ts';

describe('the rules that come with the program', () => {
  test('are indexed as they are: node scripts/build-rules.mjs', () => {
    const { cores, digest, literals } = builtinRules();
    assert.deepEqual(JSON.parse(JSON.stringify(indexRules(RULES))), { digest, cores, literals });
  });

  test('are refused when their index is damaged, cut off or from another time', () => {
    const bytes = Buffer.from(formatShipped({ engine: 'e', ...indexRules(TEST_RULES) }));
    assert.equal(parseShipped(bytes).digest, indexRules(TEST_RULES).digest);
    const changed = Buffer.from(bytes.toString('latin1').replace('ghp_', 'ghq_'), 'latin1');
    assert.notDeepEqual(changed, bytes);
    for (const wrong of [changed, bytes.subarray(0, -9), Buffer.alloc(0), Buffer.from('{}')])
      assert.throws(
        () => parseShipped(wrong),
        (error) => hasCode(error, 'scanner.rules_stale'),
      );
  });

  test('are refused, and not waited for, when their words are those of others', { timeout: 10_000 }, async () => {
    const plan = openPlan({ ...ruleSetOf(TEST_RULES), load: async () => TEST_RULES.slice(1) }, [], []);
    await assert.rejects(plan.loadWords(), (error) => hasCode(error, 'scanner.rules_stale'));
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
