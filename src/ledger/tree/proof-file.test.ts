import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChatelaineError, Secret, hasCode, toBase64, utf8 } from '#kernel';
import { ed25519Signer } from '#kernel/node';
import { signCheckpoint } from './checkpoint.ts';
import { rootOfFrontier } from './frontier.ts';
import { sampleEntry, sampleLog } from './naive-tree.fixture.ts';
import { proveInclusion } from './proof.ts';
import { formatProofFile, parseProofFile, verifyProofFile } from './proof-file.ts';
import { verifierKey } from './verifier-key.ts';

const signer = ed25519Signer('porch.example/ledger', Secret.fromBytes(new Uint8Array(32).fill(1)));
const key = verifierKey(signer.name, signer.publicKey);
const log = sampleLog(1_000);
const checkpoint = signCheckpoint(signer, 1_000, rootOfFrontier(log.frontier));
const proofOf = async (index: number, opening = utf8('the opening')) => ({
  index,
  entry: sampleEntry(index),
  opening,
  path: await proveInclusion(log, index, 1_000),
  checkpoint,
});

test('a proof file is all that someone with the public key needs', async () => {
  for (const index of [0, 1, 255, 256, 511, 999]) {
    const proof = await proofOf(index);
    const file = formatProofFile(proof);
    assert.deepEqual(parseProofFile(file), proof);
    const proven = verifyProofFile(utf8(file), key);
    assert.deepEqual(
      {
        index: proven.index,
        entry: proven.entry,
        opening: proven.opening,
        size: proven.checkpoint.size,
      },
      { index, entry: sampleEntry(index), opening: utf8('the opening'), size: 1_000 },
    );
  }
});

test('a log of one entry has an empty path, and an opening may be empty', () => {
  const single = sampleLog(1);
  const note = signCheckpoint(signer, 1, rootOfFrontier(single.frontier));
  const file = formatProofFile({
    index: 0,
    entry: sampleEntry(0),
    opening: new Uint8Array(),
    path: [],
    checkpoint: note,
  });
  assert.equal(verifyProofFile(file, key).opening.length, 0);
});

test('another entry, index, path or checkpoint is refused', async () => {
  const proof = await proofOf(7);
  const wrong = (error: unknown) => hasCode(error, 'ledger.proof_wrong');
  const older = signCheckpoint(signer, 999, rootOfFrontier(sampleLog(999).frontier));
  for (const change of [
    { entry: sampleEntry(8) },
    { index: 8 },
    { path: proof.path.slice(1) },
    { path: proof.path.toReversed() },
    { checkpoint: older },
  ])
    assert.throws(() => verifyProofFile(formatProofFile({ ...proof, ...change }), key), wrong);
  const stranger = ed25519Signer(signer.name, Secret.fromBytes(new Uint8Array(32).fill(2)));
  const forged = signCheckpoint(stranger, 1_000, rootOfFrontier(log.frontier));
  assert.throws(
    () => verifyProofFile(formatProofFile({ ...proof, checkpoint: forged }), key),
    (error) => hasCode(error, 'ledger.note_unsigned'),
  );
});

test('malformed proof files are refused', async () => {
  const good = formatProofFile(await proofOf(7));
  for (const bad of [
    '',
    good.replace('@v1', '@v2'),
    good.replace(/^extra.*\n/m, ''),
    good.replace('extra ', 'extra  '),
    good.replace('index 7', 'index 07'),
    good.replace('index 7', 'index -7'),
    good.replace(/\nindex 7\n/, '\nindex 7\nAAAA\n'),
    good.replace('\n\n', '\n'),
    good.replace(/extra .*/, 'extra AA=='),
    good.replace(/extra .*/, `extra ${toBase64(Uint8Array.of(255, 255, 1))}`),
    good.replaceAll('\n', '\r\n'),
    'x'.repeat(2_000_000),
  ])
    assert.throws(
      () => parseProofFile(bad),
      (error) => hasCode(error, 'ledger.proof_malformed'),
      bad.slice(0, 100),
    );
});

test('fuzz: a proof file with any character changed proves the same entry or nothing', async () => {
  const proof = await proofOf(600);
  const file = formatProofFile(proof);
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.string({ unit: 'binary', maxLength: 2 }), (at, put) => {
      try {
        const proven = verifyProofFile(file.slice(0, at) + put + file.slice(at + 1), key);
        assert.equal(proven.index, 600);
        assert.deepEqual(proven.entry, proof.entry);
      } catch (error) {
        if (!(error instanceof ChatelaineError)) throw error;
      }
    }),
    { numRuns: 10_000 },
  );
});
