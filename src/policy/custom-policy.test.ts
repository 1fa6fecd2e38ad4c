import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '#kernel';
import { forEachEngine } from '../../test/engines.ts';
import { openCourt } from './policy.fixture.ts';
import { removePolicy } from './remove-policy.ts';
import { MAX_POLICIES, checkPolicy, storePolicy } from './store-policy.ts';

const invalid = (error: unknown): boolean => hasCode(error, 'policy.invalid');

test('a policy that permits, says nothing, says two things or speaks of unknown things is refused', async () => {
  for (const text of [
    '',
    'permit(principal, action, resource);',
    'forbid(principal, action, resource); permit(principal, action, resource);',
    'forbid(principal == ?principal, action, resource);',
    'forbid(principal, action == Action::"credential.wave", resource);',
    'forbid(principal, action, resource) when { resource.colour == "red" };',
    'forbid(principal, action, resource) when { resource.tier > 3 };',
    'forbid(principal, action, resource) when { context.factors == "token" };',
    `forbid(principal, action, resource) when { ${'true && '.repeat(2_000)} true };`,
    'forbid(',
    '\u0000',
    'forbid(principal, action, resource) when { "\ud800" == "" };',
  ])
    await assert.rejects(checkPolicy(text), invalid, text.slice(0, 60));
});

test('the example in docs/roles.md is a policy that is accepted', async () => {
  const page = await readFile(new URL('../../docs/roles.md', import.meta.url), 'utf8');
  const example = /```cedar\n(.*?)```/s.exec(page)?.[1];
  assert.ok(example !== undefined);
  await checkPolicy(example);
});

test('no text makes the check fail otherwise than by refusing', async () => {
  const runs = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 200);
  const word = fc.constantFrom(
    'forbid',
    'permit',
    '(',
    ')',
    'principal',
    'action',
    'resource',
    ',',
    ';',
    'when',
    '{',
    '}',
    '==',
    'context.now',
    '"',
    '::',
    '\u{1F511}',
    '//',
    '@id("x")',
    '-9223372036854775808',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.array(word, { maxLength: 40 }).map((words) => words.join(' ')),
      ),
      async (text) => {
        await checkPolicy(text).catch((error: unknown) => assert.ok(invalid(error), String(error)));
      },
    ),
    { numRuns: runs },
  );
});

forEachEngine("a project's own policy forbids there, also an owner, and nowhere else", async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'owner');
  const text = 'forbid(principal, action == Action::"credential.read", resource in Place::"porch/home/mqtt");';
  const { id } = await court.perform(storePolicy(court.ports), { project: 'porch', text });
  const decision = await court.decide(ada, 'credential.read', {});
  assert.deepEqual([decision.allow, decision.rule], [false, `custom-${id}`]);
  assert.match(decision.missing[0]!.remedy, /own policy/);
  assert.ok((await court.decide(ada, 'credential.read', { name: 'wifi' })).allow);
  assert.ok((await court.decide(ada, 'credential.read', { project: 'barn' })).allow);
  await court.perform(removePolicy(court.ports), { id });
  assert.ok((await court.decide(ada, 'credential.read', {})).allow);
});

forEachEngine('a policy that looks at the context is asked every time', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'owner');
  const text = `forbid(principal, action in Action::"reveals", resource) unless { context.address == "192.168.1.20" && context.now < ${court.clock.now() + 1_000} };`;
  await court.perform(storePolicy(court.ports), { project: 'porch', text });
  assert.ok((await court.decide(ada, 'credential.read', {})).allow);
  assert.equal((await court.decide({ ...ada, from: { address: '10.0.0.1' } }, 'credential.read', {})).allow, false);
  const { Duration } = await import('#kernel');
  court.clock.pass(Duration.of(1, 's'));
  assert.equal((await court.decide(ada, 'credential.read', {})).allow, false);
});

forEachEngine('a policy that fails while it is evaluated refuses, since it may have forbidden', async (_t, engine) => {
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  await court.grant(ada.identity, 'owner');
  const text = 'forbid(principal, action, resource) when { context.now * 9223372036854775807 > 0 };';
  await court.perform(storePolicy(court.ports), { project: 'porch', text });
  const decision = await court.decide(ada, 'credential.read', {});
  assert.deepEqual([decision.allow, decision.rule], [false, 'policy-error']);
});

forEachEngine('a project holds so many policies and no more', async (_t, engine) => {
  const court = await openCourt(engine);
  const store = () =>
    court.perform(storePolicy(court.ports), {
      project: 'porch',
      text: 'forbid(principal, action, resource) when { false };',
    });
  for (let i = 0; i < MAX_POLICIES; i++) await store();
  await assert.rejects(store(), (error) => hasCode(error, 'policy.too_many'));
});
