import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { openSqlite } from '#storage';
import { temporaryFolder } from '../../test/engines.ts';
import { VERBS, oracleAllows } from './oracle.fixture.ts';
import { ACTIONS } from './actions.ts';
import { type Court, openCourt, subject } from './policy.fixture.ts';
import {
  callerArbitrary,
  credentialArbitrary,
  exceptionArbitrary,
  grantArbitrary,
  setWorld,
} from './worlds.fixture.ts';

/** Worlds tried; each with many questions. */
const WORLDS = Math.min(1_000, Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 500));

const openWorld = async (t: TestContext): Promise<Court> => {
  const engine = openSqlite({ folder: temporaryFolder() });
  t.after(() => engine.close());
  const court = await openCourt(engine);
  await court.person('ada');
  return court;
};

test('the oracle knows every action on credentials', () => {
  const verbs = Object.keys(ACTIONS)
    .filter((action) => action.startsWith('credential.'))
    .map((action) => action.slice(11));
  assert.deepEqual(verbs.toSorted(), VERBS.toSorted());
});

test('Cedar and a naive oracle agree on random worlds, hostile names included', async (t) => {
  const court = await openWorld(t);
  const answers = { yes: 0, no: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(grantArbitrary, { maxLength: 6 }),
      fc.array(exceptionArbitrary, { maxLength: 2 }),
      callerArbitrary,
      fc.array(fc.tuple(fc.constantFrom(...VERBS), credentialArbitrary), { minLength: 8, maxLength: 8 }),
      async (grants, exceptions, caller, questions) => {
        await setWorld(court, grants, exceptions);
        for (const [verb, thing] of questions) {
          const expected = oracleAllows(caller, grants, exceptions, verb, thing, court.clock.now());
          const decision = await court.decide(caller, `credential.${verb}`, { resource: thing });
          assert.equal(decision.allow, expected, `${verb} ${JSON.stringify(thing)} by ${decision.rule}`);
          assert.notEqual(decision.rule, 'policy-error');
          assert.equal(decision.allow || decision.missing.length > 0, true, 'a refusal says what is missing');
          answers[expected ? 'yes' : 'no']++;
        }
      },
    ),
    { numRuns: WORLDS },
  );
  assert.ok(answers.yes > WORLDS / 5 && answers.no > WORLDS / 5, `both answers occur: ${JSON.stringify(answers)}`);
});

test('GHSA-59w7-v8rr-pr4p: a grant can sit on any hostile name without reaching beyond it', async (t) => {
  const court = await openWorld(t);
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.string({ maxLength: 20 }),
      async (prefix, other) => {
        fc.pre(!prefix.includes('/') && prefix !== '' && other !== '');
        await setWorld(court, [{ role: 'owner', project: 'porch', environment: 'home', prefix, endsAt: null }]);
        const caller = subject('idn_ada');
        const reads = async (name: string) => (await court.decide(caller, 'credential.read', { name })).allow;
        assert.ok(await reads(prefix));
        assert.ok(await reads(`${prefix}/below`));
        assert.equal(await reads(other), other === prefix || other.startsWith(`${prefix}/`));
        assert.equal(await reads(`${prefix}x`), false);
      },
    ),
    { numRuns: Math.min(WORLDS, 300) },
  );
});
