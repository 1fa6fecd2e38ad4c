import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scanBytes } from './engine.fixture.ts';
import { checkRules } from './rules-file.ts';

const own = {
  id: 'gatehouse-key',
  title: 'Gatehouse key',
  shape: ['gh0use_', { of: 'alnum', min: 20, max: 40 }],
};

const refusal = async (document: unknown): Promise<string> => {
  try {
    await checkRules(document);
  } catch (error) {
    assert.equal((error as { code: string }).code, 'scanner.rules_invalid');
    return (error as Error).message;
  }
  return assert.fail('the rules were taken');
};

describe('rules of a user', () => {
  test('find what they describe, with words for what was left out', async () => {
    const rules = await checkRules({ rules: [own] });
    const { found } = await scanBytes('key: gh0use_a9Kd72mQx04LpZr81tYv\n', 'x.yaml', { builtin: false, rules });
    assert.deepEqual(
      found.map(({ rule, kind, tier }) => [rule, kind, tier]),
      [['gatehouse-key', 'unknown-secret', 'silver']],
    );
  });

  test('are refused with every fault of every rule', async () => {
    const message = await refusal([
      { ...own, id: 'Gatehouse Key' },
      own,
      own,
      { ...own, id: 'short', shape: ['gh', { of: 'alnum', min: 20, max: 40 }] },
      { ...own, id: 'turned', shape: ['gh0use_', { of: 'alnum', min: 9, max: 4 }] },
    ]);
    for (const part of ['kebab-case', 'another rule has the same id', 'needs `near`', '0 ≤ min ≤ max'])
      assert.ok(message.includes(part), `${part} in ${message}`);
  });

  test('have no place for a pattern, and refuse shapes that could be divided in many ways', async () => {
    assert.match(await refusal([{ ...own, pattern: '(a+)+$' }]), /pattern/);
    assert.match(await refusal([{ ...own, shape: ['(a+)+$'], regex: 'x' }]), /regex/);
    const many = Array.from({ length: 4 }, () => ({ of: 'alnum', min: 1, max: 200 }));
    assert.match(await refusal([{ ...own, shape: ['gh0use_', ...many] }]), /divided between them/);
    assert.match(await refusal([{ ...own, shape: ['gh0use_', { of: 'alnum', min: 1, max: 9_000 }] }]), /8192/);
  });

  test('treat signs of patterns in fixed parts as themselves', async () => {
    const rules = await checkRules([{ ...own, shape: ['a.*[k](', { of: 'hex', min: 32, max: 32, also: '^]-' }] }]);
    const search = { builtin: false, rules };
    const body = '9f0c]e1b^7a3d4856-e2b1c7f0a9d3e48';
    assert.equal((await scanBytes(`"a.*[k](${body.slice(0, 32)}"`, 'x', search)).found.length, 1);
    assert.equal((await scanBytes(`"axx[k](${body.slice(0, 32)}"`, 'x', search)).found.length, 0);
  });

  test('of a hostile text take no more time than of a kind one', async () => {
    const rules = await checkRules([
      { ...own, shape: ['gh0use_', { of: 'alnum', min: 1, max: 20 }, { of: 'alnum', min: 1, max: 20 }, '!'] },
    ]);
    const started = process.cpuUsage().user;
    await scanBytes(`gh0use_${'a'.repeat(60)} `.repeat(20_000), 'x', { builtin: false, rules });
    assert.ok(process.cpuUsage().user - started < 5_000_000);
  });

  test('that are no list are refused in words', async () => {
    for (const document of [null, 7, 'x', {}, { rules: 7 }, [7], [{}]])
      assert.match(await refusal(document), /cannot be used/);
  });
});
