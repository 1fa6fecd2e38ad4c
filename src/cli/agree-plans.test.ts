import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { Template } from '#formats';
import { hasCode, utf8 } from '#kernel';
import { systemRandom } from '#kernel/node';
import { type Planned, agreeOnPlans } from './agree-plans.ts';
import { agreeToPlans, agreedPlans } from './agreed-plans.ts';
import type { Context } from './context.ts';
import { openMemory } from './memory.ts';
import { type FakeTerminal, fakeTerminal } from './terminal.fixture.ts';

const root = mkdtempSync(join(tmpdir(), 'chatelaine-agree-'));
after(() => rmSync(root, { recursive: true, force: true }));
const place = { project: 'porch', environment: 'home' };
let machines = 0;

const machine = () => {
  const memory = openMemory({ XDG_CONFIG_HOME: join(root, String(machines++)) });
  const with_ = (...answers: readonly string[]) => {
    const terminal = fakeTerminal({ answers });
    return { terminal, json: false, memory, random: systemRandom } as unknown as Context & { terminal: FakeTerminal };
  };
  return { memory, with: with_ };
};

const template = (text: string): Template => ({ path: '.env', parts: [text] });
const planned = (text: string, found: string | null = null): readonly Planned[] => [
  { template: template(text), found: found === null ? null : utf8(found), isSame: found === text },
];
const ASKS = { accept: false, check: false };

suite('a plan', () => {
  test('that a person says yes to is rendered, and asked about once', async () => {
    const { with: context } = machine();
    const first = context('yes');
    await agreeOnPlans(first, '/h', place, planned('A=1\n'), ASKS);
    assert.match(first.terminal.said(), /Not rendered on this machine before/);
    const again = context();
    await agreeOnPlans(again, '/h', place, planned('A=1\n'), ASKS);
    assert.equal(again.terminal.said(), '');
  });

  test('that a person says anything else to is neither rendered nor remembered', async () => {
    const { with: context, memory } = machine();
    for (const answer of ['', 'no', 'y'])
      await assert.rejects(agreeOnPlans(context(answer), '/h', place, planned('A=1\n'), ASKS), (error) =>
        hasCode(error, 'cli.not_confirmed'),
      );
    assert.equal(existsSync(memory.plansFile), false);
  });

  test('that changed is asked about although the file would stay as it is', async () => {
    const { with: context } = machine();
    await agreeOnPlans(context(), '/h', place, planned('A=1\n', 'A=1\n'), ASKS);
    const holed: Template = {
      path: '.env',
      parts: [
        'A=',
        {
          style: 'dotenv',
          layer: 'none',
          indent: '',
          pad: '',
          lead: '',
          pieces: [{ credential: 'one', encoding: 'none' }],
        },
        '\n',
      ],
    };
    const asked = context('no');
    await assert.rejects(
      agreeOnPlans(asked, '/h', place, [{ template: holed, found: utf8('A=1\n'), isSame: true }], ASKS),
      (error) => hasCode(error, 'cli.not_confirmed'),
    );
    assert.match(asked.terminal.said(), /- A=1\n.*\+ A=.*\{\{one\}\}/s);
  });

  test('is agreed to for its folder, its place and its file', async () => {
    const { with: context } = machine();
    agreeToPlans(context(), '/h', place, [template('A=1\n')]);
    const isAgreed = (folder: string, where: typeof place, one: Template) =>
      agreedPlans(context(), folder, where).isAgreed(one);
    assert.ok(isAgreed('/h', place, template('A=1\n')));
    assert.ok(!isAgreed('/h', place, template('A=2\n')));
    assert.ok(!isAgreed('/other', place, template('A=1\n')));
    assert.ok(!isAgreed('/h', { ...place, environment: 'prod' }, template('A=1\n')));
    assert.ok(!isAgreed('/h', place, { ...template('A=1\n'), path: 'b.env' }));
    assert.ok(!isAgreed('__proto__', { project: 'constructor', environment: 'x' }, template('A=1\n')));
  });

  test('is not looked up in a memory that was damaged', () => {
    const { with: context, memory } = machine();
    agreeToPlans(context(), '/h', place, [template('A=1\n')]);
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"key":"x","folders":{}}',
      `{"key":"${'0'.repeat(64)}","folders":{"/h":[]}}`,
    ]) {
      writeFileSync(memory.plansFile, text);
      assert.throws(
        () => agreedPlans(context(), '/h', place),
        (error) => hasCode(error, 'cli.stuck_data'),
        text,
      );
    }
  });
});
