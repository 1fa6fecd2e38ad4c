import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { ed25519Signer, generateEd25519Seed, systemRandom } from '#kernel/node';
import { type Engine, migrate, openWriter, statement } from '#storage';
import { forEachEngine } from '../../test/engines.ts';
import { append, createHead, lockHead } from './append.ts';
import { BLOCK_WIDTH } from './block.ts';
import { checkLedger } from './check-ledger.ts';
import { programEntry } from './entry.ts';
import { selectEntries } from './select-entries.ts';
import type { Tables } from './tables.ts';

/** Two full blocks and a rest, so that a place can lie in a block, at its edge and after the last one. */
const SIZE = 2 * BLOCK_WIDTH + 100;
const resourceAt = (index: number): string => (index % 7 === 0 ? 'installation' : `cred_${index % 300}`);

const filled = async (engine: Engine): Promise<void> => {
  const signer = ed25519Signer('chatelaine/test', generateEd25519Seed(systemRandom));
  const writer = openWriter(engine);
  await migrate(engine, 1);
  await writer.commit((tx) => createHead(tx, signer));
  // Odd steps, so that blocks fill in the middle of a commit, at its end, and more than one in a commit.
  for (const [from, to] of [
    [0, 1_000],
    [1_000, 1_024],
    [1_024, SIZE],
  ] as const)
    await writer.commit(async (tx) => {
      const drafts = Array.from({ length: to - from }, (_, i) => ({
        ...programEntry('credential.read', from + i),
        resource: resourceAt(from + i),
      }));
      await append(tx, await lockHead(tx), drafts, false, signer, systemRandom, () => new Uint8Array(32));
    });
};

const expected = (resource: string, before: number, limit: number): readonly number[] =>
  Array.from({ length: Math.min(before, SIZE) }, (_, i) => i)
    .filter((index) => resourceAt(index) === resource)
    .toReversed()
    .slice(0, limit);

const forgetBlocks = statement<Tables, { n: number }>((db, { n }) => db.deleteFrom('ledger_block').where('n', '=', n));
const mixBlocks = statement<Tables>((db) =>
  db
    .updateTable('ledger_block')
    .set({ resources: sql`substr(resources, 7)` })
    .where('n', '=', 1),
);

forEachEngine('entries of a resource are found through blocks, and where there are none', async (_t, engine) => {
  await filled(engine);
  const agree = async (): Promise<void> => {
    for (const resource of ['installation', 'cred_1', 'cred_299', 'cred_300', 'none'])
      for (const before of [Number.MAX_SAFE_INTEGER, SIZE, 2_048, 1_025, 1_024, 1_023, 5, 0])
        for (const limit of [1, 3, 1_000]) {
          const rows = await engine.read((tx) => selectEntries(tx, { resource }, before, limit));
          const found = rows.map(({ idx }) => idx);
          assert.deepEqual(found, expected(resource, before, limit), `${resource} before ${before}, ${limit}`);
        }
  };
  await agree();
  for (const n of [0, 1]) {
    await openWriter(engine).commit((tx) => tx.run(forgetBlocks, { n }));
    await agree();
  }
});

forEachEngine('a block that is not of its entries is found by the check', async (_t, engine) => {
  await filled(engine);
  assert.deepEqual((await engine.snapshot((tx) => checkLedger(tx, null))).treeFaults, []);
  await openWriter(engine).commit((tx) => tx.run(mixBlocks, {}));
  const { treeFaults } = await engine.snapshot((tx) => checkLedger(tx, null));
  assert.deepEqual(treeFaults, ['the index of the entries 1024 to 2047 is not theirs']);
});
