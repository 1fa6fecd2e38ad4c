import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Resource } from '#kernel';
import { openSqlite } from '#storage';
import { temporaryFolder } from '../../test/engines.ts';
import type { Scope } from './place.ts';
import { openCourt, subject } from './policy.fixture.ts';
import { callerArbitrary, credentialArbitrary, grantArbitrary, setWorld } from './worlds.fixture.ts';

const WORLDS = Math.min(1_000, Math.max(500, Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 500)));

/** What a list's WHERE clause would say, in the words that `visibleScopes` gives for SQL. */
const listed = (scopes: readonly Scope[], { project, environment, name }: Resource): boolean =>
  scopes.some(
    (scope) =>
      (scope.project === null || scope.project === project) &&
      (scope.environment === null || scope.environment === environment) &&
      (scope.prefix === null || name === scope.prefix || (name! >= `${scope.prefix}/` && name! < `${scope.prefix}0`)),
  );

test('a list shows exactly what single decisions would show', async (t) => {
  const engine = openSqlite({ folder: temporaryFolder() });
  t.after(() => engine.close());
  const court = await openCourt(engine);
  await court.person('ada');
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(grantArbitrary, { maxLength: 6 }),
      callerArbitrary,
      fc.array(credentialArbitrary, { minLength: 10, maxLength: 10 }),
      fc.constantFrom(
        {},
        { project: 'porch' },
        { project: 'porch', environment: 'home' },
        { project: 'barn', environment: 'prod' },
      ),
      async (grants, caller, things, place: { project?: string; environment?: string }) => {
        await setWorld(court, grants);
        const scopes = await engine.read((tx) => court.policy.visible(tx, { caller, ...place }));
        const asked = things.filter(
          (thing) =>
            (place.project ?? thing.project) === thing.project &&
            (place.environment ?? thing.environment) === thing.environment,
        );
        for (const thing of asked) {
          const { allow } = await court.decide(caller, 'credential.list', { resource: thing });
          assert.equal(
            listed(scopes, thing),
            allow,
            JSON.stringify([thing.project, thing.environment, thing.name, scopes]),
          );
          if (allow) shown++;
        }
        // The list itself may be asked for exactly when there is something it could show.
        const listing = await court.decide(caller, 'credential.list', {
          resource: {
            ...things[0]!,
            kind:
              place.environment !== undefined
                ? 'environment'
                : place.project !== undefined
                  ? 'project'
                  : 'installation',
            id: 'x',
            project: place.project ?? null,
            environment: place.environment ?? null,
            name: null,
          },
        });
        assert.equal(listing.allow, scopes.length > 0, listing.rule);
        assert.ok(scopes.every((a) => scopes.every((b) => a === b || JSON.stringify(a) !== JSON.stringify(b))));
      },
    ),
    { numRuns: WORLDS },
  );
  assert.ok(shown > WORLDS / 2, `things are shown: ${shown}`);
});

test('GHSA-xp3c-3jw3-4vcr: an action that is no list has no list, and nobody sees nothing', async (t) => {
  const engine = openSqlite({ folder: temporaryFolder() });
  t.after(() => engine.close());
  const court = await openCourt(engine);
  const ada = await court.person('ada');
  const visible = (changes: object) => engine.read((tx) => court.policy.visible(tx, { caller: ada, ...changes }));
  assert.deepEqual(await visible({}), []);
  await court.grant(ada.identity, 'owner');
  assert.deepEqual(await visible({}), [{ project: null, environment: null, prefix: null }]);
  assert.deepEqual(await visible({ project: 'porch' }), [{ project: 'porch', environment: null, prefix: null }]);
  assert.deepEqual(await visible({ action: 'credential.read' }), []);
  assert.deepEqual(await visible({ action: 'no.such' }), []);
  const code = subject(ada.identity, { scope: { project: null, environment: null, prefix: null, roles: [] } });
  assert.deepEqual(await visible({ caller: code }), []);
});
