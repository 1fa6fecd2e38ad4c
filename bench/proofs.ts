import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ed25519Signer, generateEd25519Seed, systemRandom } from '#kernel/node';
import { type EntryDraft, append, createHead, lockHead, programEntry, readHeadRow, tileSource } from '#ledger';
import { migrate, openSqlite, openWriter } from '#storage';
import { proveInclusion } from '../src/ledger/tree/proof.ts';

const TOGETHER = 512;
const PROOFS = 500;

/** Appends entries to a real table and proves some of them: the two costs that grow with a ledger. */
export const measureProofs = async (entries: number): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-bench-'));
  const engine = openSqlite({ folder });
  await migrate(engine, Date.now());
  const writer = openWriter(engine);
  const signer = ed25519Signer('chatelaine/bench', generateEd25519Seed(systemRandom));
  await writer.commit((tx) => createHead(tx, signer));
  const drafts: EntryDraft[] = Array.from({ length: TOGETHER }, (_, i) => programEntry('credential.read', i));
  const began = performance.now();
  for (let done = 0; done < entries; done += TOGETHER)
    await writer.commit(async (tx) =>
      append(tx, await lockHead(tx), drafts, false, signer, systemRandom, () => new Uint8Array(32)),
    );
  const perSecond = entries / ((performance.now() - began) / 1_000);
  const size = (await engine.read(readHeadRow))!.size;
  const times: number[] = [];
  for (let i = 0; i < PROOFS; i++) {
    const index = Math.floor((i * size) / PROOFS);
    const start = performance.now();
    await engine.read((tx) => proveInclusion(tileSource(tx), index, size));
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(
    `ledger of ${size} entries: ${perSecond.toFixed(0)} appended a second in commits of ${TOGETHER}; ` +
      `a proof p50 ${times[PROOFS / 2]!.toFixed(2)} ms, p99 ${times[Math.floor(PROOFS * 0.99)]!.toFixed(2)} ms, worst ${times.at(-1)!.toFixed(2)} ms`,
  );
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
};
