import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Secret } from '#kernel';
import { hmac } from '#kernel/node';
import type { Scope } from '#policy';
import { type Engine, migrate, openWriter } from '#storage';
import { forEachEngine } from '../../test/engines.ts';
import { newCredential } from './credential.ts';
import { listNames } from './list-names.ts';
import { addCredential, addEnvironment, addProject } from './codes.ts';

const STAMP = { now: 1, by: 'idn_test' };
const PROVENANCE = { how: 'entered', from: null, scopes: [] } as const;

const fill = async (engine: Engine, names: readonly string[]): Promise<void> => {
  await migrate(engine, 1);
  const key = hmac(Secret.fromBytes(new Uint8Array(32).fill(2)));
  engine.guard.useKeys(() => [key]);
  await openWriter(engine).commit(async (tx) => {
    await addProject(tx, { id: 'prj', name: 'porch', posture: 'home', created_at: 1, created_by: 'idn_test' });
    await addEnvironment(tx, { id: 'env', project: 'prj', name: 'home', production: 0, created_at: 1 });
    for (const [i, name] of names.entries())
      await addCredential(
        tx,
        newCredential(
          { id: `cred${i}`, project: 'prj', environment: 'env' },
          { name, foldedName: name } as never,
          PROVENANCE,
          STAMP,
        ),
      );
  });
};

const list = (engine: Engine, prefix: string, scopes: readonly Scope[]): Promise<readonly string[]> => {
  const deed = listNames(async () => scopes);
  assert.equal(deed.effect, 'reveal');
  return engine.read((tx) => deed.find(tx, { project: 'porch', environment: 'home', prefix }, undefined as never));
};

/** The same from the whole set of names, without skipping anything. */
const naive = (names: readonly string[], prefix: string, scopes: readonly Scope[]): readonly string[] => {
  const base = prefix === '' ? '' : `${prefix}/`;
  const seen = (name: string) =>
    scopes.some((scope) => scope.prefix === null || name === scope.prefix || name.startsWith(`${scope.prefix}/`));
  const keys = names
    .filter((name) => name.startsWith(base) && seen(name))
    .map((name) => name.slice(base.length))
    .map((rest) => (rest.includes('/') ? rest.slice(0, rest.indexOf('/') + 1) : rest));
  return [...new Set(keys)].toSorted();
};

const place = (prefix: string | null): Scope => ({ project: 'porch', environment: 'home', prefix });

// Neighbours of the slash in the order of bytes, so that what lies beside a folder is never taken for its content.
const segment = fc.stringMatching(/^[a-c][-. 0a!]?[a0]?$/).filter((text) => text.trim() === text);
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

forEachEngine('a folder shows what a walk over every name would show', async (_t, engine) => {
  const names = [...new Set(fc.sample(path, { numRuns: 3_000, seed: 7 }))];
  assert.ok(names.length > 700, `${names.length} names, more than a page`);
  await fill(engine, names);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.constant(''), path), fc.array(path, { maxLength: 3 }), async (prefix, narrowed) => {
      // As `visible` gives them: inside what was asked, none inside another.
      const inside = prefix === '' ? narrowed : narrowed.map((rest) => `${prefix}/${rest}`);
      const apart = inside.filter((one) => !inside.some((other) => other !== one && one.startsWith(`${other}/`)));
      const scopes = narrowed.length === 0 ? [place(prefix === '' ? null : prefix)] : apart.map(place);
      assert.deepEqual(await list(engine, prefix, scopes), naive(names, prefix, scopes));
    }),
    { numRuns: 300 },
  );
});

forEachEngine('a large folder costs one step, and a large list is whole', async (_t, engine) => {
  const flat = Array.from({ length: 1_700 }, (_, i) => `flat/n${i}`);
  await fill(engine, [...Array.from({ length: 2_000 }, (_, i) => `deep/n${i}/x`), ...flat, 'last']);
  assert.deepEqual(await list(engine, '', [place(null)]), ['deep/', 'flat/', 'last']);
  assert.equal((await list(engine, 'flat', [place('flat')])).length, 1_700);
  assert.equal((await list(engine, 'deep', [place('deep')])).length, 2_000);
});
