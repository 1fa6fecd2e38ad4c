import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Signer, toBase64 } from '#kernel';
import { signCheckpoint } from '../../src/ledger/tree/checkpoint.ts';
import { rootOfFrontier } from '../../src/ledger/tree/frontier.ts';
import type { MemoryLog } from '../../src/ledger/tree/memory-log.ts';
import { type Proof, proveConsistency, proveInclusion } from '../../src/ledger/tree/proof.ts';
import { readTile } from '../../src/ledger/tree/tile-source.ts';
import { encodeBundle, tilePath, tilesOfSize } from '../../src/ledger/tree/tiles.ts';
import { formatVerifierKey, verifierKey } from '../../src/ledger/tree/verifier-key.ts';

/** Writes a log as the files that a server publishes, with proofs of its own for these places and sizes. */
export const publishLog = async (
  directory: string,
  log: MemoryLog,
  signer: Signer,
  places: readonly { readonly index: number; readonly size: number }[],
): Promise<void> => {
  const { size } = log.frontier;
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };
  await rm(directory, { recursive: true, force: true });
  await write('key', `${formatVerifierKey(verifierKey(signer.name, signer.publicKey))}\n`);
  await write('checkpoint', signCheckpoint(signer, size, rootOfFrontier(log.frontier)));
  for (const tile of tilesOfSize(size)) {
    await write(tilePath(tile), await readTile(log, tile));
    const from = tile.index * 256;
    if (tile.level === 0)
      await write(tilePath({ ...tile, level: 'entries' }), encodeBundle(log.entries.slice(from, from + tile.width)));
  }
  const proofs: { Inclusion: object[]; Consistency: object[] } = { Inclusion: [], Consistency: [] };
  const text = (proof: Proof) => proof.map(toBase64);
  for (const { index, size: at } of places) {
    proofs.Inclusion.push({ Index: index, Size: at, Proof: text(await proveInclusion(log, index, at)) });
    proofs.Consistency.push({
      OldSize: index + 1,
      NewSize: at,
      Proof: text(await proveConsistency(log, index + 1, at)),
    });
  }
  await write('proofs.json', JSON.stringify(proofs));
};
