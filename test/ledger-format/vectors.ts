import { Secret, toBase64, toHex, utf8 } from '#kernel';
import { ed25519Signer } from '#kernel/node';
import { type EntryDraft, commit, encodeEntry } from '../../src/ledger/entry.ts';
import { signCheckpoint } from '../../src/ledger/tree/checkpoint.ts';
import { encodeEdge } from '../../src/ledger/tree/frontier.ts';
import { EMPTY_ROOT, leafHash } from '../../src/ledger/tree/merkle.ts';
import { sampleEntry, sampleLog } from '../../src/ledger/tree/naive-tree.fixture.ts';
import { proveConsistency, proveInclusion } from '../../src/ledger/tree/proof.ts';
import { formatProofFile } from '../../src/ledger/tree/proof-file.ts';
import { readTile, rootAt } from '../../src/ledger/tree/tile-source.ts';
import { encodeBundle, tilePath, tilesOfSize } from '../../src/ledger/tree/tiles.ts';
import { formatVerifierKey, verifierKey } from '../../src/ledger/tree/verifier-key.ts';

/**
 * The test vectors of docs/ledger-format.md, made by the code itself.
 *
 *     node test/ledger-format/vectors.ts
 */
export const ledgerVectors = async (): Promise<string> => {
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
  const signer = ed25519Signer('porch.example/ledger', Secret.fromBytes(seed));
  const log = sampleLog(600);
  const checkpoint = signCheckpoint(signer, 600, await rootAt(log, 600));
  const sizes = [0, 1, 2, 3, 255, 256, 257, 600];
  const vectors = {
    entry: entryVector(),
    tree: {
      empty_root: toHex(EMPTY_ROOT),
      entry_7: toHex(sampleEntry(7)),
      leaf_hash_7: toHex(leafHash(sampleEntry(7))),
      roots: Object.fromEntries(
        await Promise.all(sizes.map(async (size) => [size, toHex(await rootAt(log, size))] as const)),
      ),
      edge_600: toHex(encodeEdge(log.frontier)),
    },
    tiles: {
      paths_600: [...tilesOfSize(600)].map(tilePath),
      path_1234067: tilePath({ level: 0, index: 1_234_067, width: 256 }),
      tile_1_000_p_2: toHex(await readTile(log, { level: 1, index: 0, width: 2 })),
      bundle_of_entries_0_and_1: toHex(encodeBundle([sampleEntry(0), sampleEntry(1)])),
    },
    note: {
      seed: toHex(seed),
      verifier_key: formatVerifierKey(verifierKey(signer.name, signer.publicKey)),
      checkpoint_600: checkpoint,
    },
    proofs: {
      inclusion_300_in_600: (await proveInclusion(log, 300, 600)).map(toBase64),
      consistency_300_to_600: (await proveConsistency(log, 300, 600)).map(toBase64),
      proof_file_300: formatProofFile({
        index: 300,
        entry: sampleEntry(300),
        opening: utf8('opening'),
        path: await proveInclusion(log, 300, 600),
        checkpoint,
      }),
    },
  };
  return JSON.stringify(vectors, null, 2);
};

const entryVector = () => {
  const draft: EntryDraft = {
    at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    action: 'credential.read',
    outcome: 'allowed',
    rule: 'grant/owner',
    resource: 'cred_0123456789abcdefghjkmnpq',
    note: null,
    head: { version: 3, hash: new Uint8Array(32).fill(0xaa) },
    caller: 'person_0123456789abcdefghjkmnpq',
    address: '192.0.2.7',
    agent: 'curl/8.5',
    path: 'porch/home/mqtt/password',
  };
  let next = 0;
  const { commitment, opening } = commit(draft, { bytes: (length) => new Uint8Array(length).fill(++next) });
  return {
    draft: { ...draft, head: { version: 3, hash: toHex(draft.head!.hash) } },
    salt: toHex(opening.salt),
    personal_salt: toHex(opening.personalSalt),
    personal_hash: toHex(opening.personalHash),
    commitment: toHex(commitment),
    entry: toHex(encodeEntry(commitment)),
    leaf_hash: toHex(leafHash(encodeEntry(commitment))),
  };
};

if (import.meta.main) console.log(await ledgerVectors());
