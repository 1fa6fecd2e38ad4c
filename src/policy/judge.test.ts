import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Facts, Resource } from '#kernel';
import { openSqlite } from '#storage';
import { temporaryFolder } from '../../test/engines.ts';
import { ACTIONS, type KnownAction } from './actions.ts';
import { askCedar, openJudge } from './judge.ts';
import { openCourt } from './policy.fixture.ts';
import { putQuestion } from './question.ts';
import { freshSlices } from './slice.ts';
import { storePolicy } from './store-policy.ts';
import {
  callerArbitrary,
  credentialArbitrary,
  exceptionArbitrary,
  grantArbitrary,
  setWorld,
} from './worlds.fixture.ts';

// A world costs a millisecond of Cedar a question: parsers take ten thousand cases, worlds a thousand at most.
const WORLDS = Math.min(1_000, Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 300));

const KINDS: readonly Resource['kind'][] = [
  'installation',
  'project',
  'environment',
  'credential',
  'identity',
  'grant',
  'token',
  'ledger',
];

const factsArbitrary: fc.Arbitrary<Facts> = fc
  .record({
    thing: credentialArbitrary,
    kind: fc.constantFrom(...KINDS),
    attributes: fc.record({
      posture: fc.constantFrom('home', 'team', 'maker', 'x'),
      role: fc.constantFrom('owner', 'device', 'x|y', ''),
      first: fc.boolean(),
      operator: fc.boolean(),
      target: fc.constantFrom('idn_ada', 'idn_eve'),
    }),
    bare: fc.boolean(),
  })
  .map(({ thing, kind, attributes, bare }) => ({
    resource: { ...thing, kind, ...(bare ? { project: null, environment: null, name: null } : {}) },
    attributes,
  }));

for (const custom of [
  undefined,
  'forbid(principal, action, resource in Place::"porch/home/mqtt") when { resource.owner == "idn_eve" };',
])
  test(`a remembered answer is the answer Cedar would give now${custom === undefined ? '' : ', with a policy of the project'}`, async (t) => {
    const engine = openSqlite({ folder: temporaryFolder() });
    t.after(() => engine.close());
    const court = await openCourt(engine);
    await court.person('ada');
    if (custom !== undefined) await court.perform(storePolicy(court.ports), { project: 'porch', text: custom });
    const judge = openJudge();
    const slices = freshSlices(court.ports.keys);
    await fc.assert(
      fc.asyncProperty(
        fc.array(grantArbitrary, { maxLength: 4 }),
        fc.array(exceptionArbitrary, { maxLength: 2 }),
        fc.oneof(
          callerArbitrary,
          callerArbitrary.map((caller) => ({ ...caller, identity: 'idn_system' })),
        ),
        fc.array(fc.tuple(fc.constantFrom(...(Object.keys(ACTIONS) as KnownAction[])), factsArbitrary), {
          minLength: 5,
          maxLength: 5,
        }),
        async (grants, exceptions, caller, questions) => {
          await setWorld(court, grants, exceptions);
          for (const [action, facts] of questions) {
            const question = await engine.read(async (tx) =>
              putQuestion(tx, slices, { caller, action, facts, now: court.clock.now() }),
            );
            assert.ok(question !== null);
            assert.deepEqual(await judge.judge(question), await askCedar(question), action);
          }
        },
      ),
      { numRuns: WORLDS },
    );
  });
