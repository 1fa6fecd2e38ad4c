import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '#kernel';
import { leafHash } from './merkle.ts';
import { sampleEntry, sampleLog, sampleTree } from './naive-tree.fixture.ts';
import { type Proof, proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from './proof.ts';

const EXHAUSTIVE = 300;
const log = sampleLog(EXHAUSTIVE);
const naive = sampleTree(EXHAUSTIVE);
const leaves = Array.from({ length: EXHAUSTIVE }, (_, i) => leafHash(sampleEntry(i)));

const flipped = (hash: Uint8Array, bit = 0): Uint8Array => {
  const copy = Uint8Array.from(hash);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
};

/** Up to here every hash of every proof is spoilt; above, one hash of each proof in turn. */
const SPOIL_ALL = 100;

/** The ways to spoil a proof that keep it a list of hashes. */
const spoilt = function* (proof: Proof, size: number, turn: number): Generator<Proof> {
  for (let i = 0; i < proof.length; i++) {
    if (size > SPOIL_ALL && i !== turn % proof.length) continue;
    yield proof.with(i, flipped(proof[i]!, (i * 37) % 256));
    yield proof.toSpliced(i, 1);
    if (i > 0) yield proof.with(i, proof[i - 1]!).with(i - 1, proof[i]!);
  }
  yield [...proof, leaves[0]!];
  yield [leaves[0]!, ...proof];
};

test(`every entry of every size up to ${EXHAUSTIVE}: the proof is the RFC's, verifies, and spoilt it does not`, () => {
  for (let size = 1; size <= EXHAUSTIVE; size++) {
    const root = naive.root(size);
    for (let index = 0; index < size; index++) {
      const claim = {
        leaf: leaves[index]!,
        index,
        size,
        proof: naive.inclusion(index, size),
        root,
      };
      assert.ok(verifyInclusion(claim), `${index} of ${size}`);
      for (const proof of spoilt(claim.proof, size, index))
        assert.ok(!verifyInclusion({ ...claim, proof }), 'a spoilt proof');
      assert.ok(!verifyInclusion({ ...claim, leaf: flipped(claim.leaf) }));
      assert.ok(!verifyInclusion({ ...claim, root: flipped(root) }));
      assert.ok(!verifyInclusion({ ...claim, index: (index + 1) % size }) || size === 1);
      assert.ok(!verifyInclusion({ ...claim, index: size }));
    }
  }
});

test(`every pair of sizes up to ${EXHAUSTIVE}: consistency verifies, and spoilt it does not`, () => {
  for (let newSize = 0; newSize <= EXHAUSTIVE; newSize++) {
    const newRoot = naive.root(newSize);
    for (let oldSize = 0; oldSize <= newSize; oldSize++) {
      const proof = naive.consistency(oldSize, newSize);
      const claim = { oldSize, oldRoot: naive.root(oldSize), newSize, newRoot, proof };
      assert.ok(verifyConsistency(claim), `${oldSize} to ${newSize}`);
      for (const spoiltProof of spoilt(proof, newSize, oldSize))
        assert.ok(!verifyConsistency({ ...claim, proof: spoiltProof }), 'a spoilt proof');
      assert.ok(!verifyConsistency({ ...claim, oldRoot: flipped(claim.oldRoot) }), 'another old root');
      // Nothing is claimed about what follows an empty log, so its new root may be any.
      assert.ok((oldSize === 0 && newSize > 0) || !verifyConsistency({ ...claim, newRoot: flipped(newRoot) }));
      assert.ok(oldSize === newSize || !verifyConsistency({ ...claim, oldSize: newSize, newSize: oldSize }));
    }
  }
});

test('proofs made from tiles are the ones of the definition', async () => {
  for (let size = 1; size <= EXHAUSTIVE; size += size < 40 || size > 250 ? 1 : 13)
    for (let index = 0; index < size; index += size < 40 ? 1 : 5) {
      assert.deepEqual(await proveInclusion(log, index, size), naive.inclusion(index, size));
      assert.deepEqual(await proveConsistency(log, index, size), naive.consistency(index, size));
    }
});

test('property: in logs of several thousand entries proofs from tiles are the ones of the definition', async () => {
  const large = sampleLog((70_000 % 65_536) + 2_000);
  const size = large.frontier.size;
  const tree = sampleTree(size);
  const sizes = fc.integer({ min: 1, max: size });
  await fc.assert(
    fc.asyncProperty(sizes, sizes, async (a, b) => {
      const [small, big] = a < b ? [a, b] : [b, a];
      assert.deepEqual(await proveInclusion(large, small - 1, big), tree.inclusion(small - 1, big));
      assert.deepEqual(await proveConsistency(large, small, big), tree.consistency(small, big));
    }),
    { numRuns: 200 },
  );
});

test('property: verifiers never throw and never accept what is not a proof', () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const number = fc.oneof(fc.integer({ min: -2, max: 600 }), fc.double(), fc.constant(2 ** 53), fc.maxSafeInteger());
  const proof = fc.array(fc.oneof({ weight: 9, arbitrary: hash }, { weight: 1, arbitrary: fc.uint8Array() }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(hash, number, number, proof, hash, (leaf, index, size, path, root) => {
      assert.ok(!verifyInclusion({ leaf, index, size, proof: path, root }));
      assert.ok(
        !verifyConsistency({
          oldSize: index,
          oldRoot: leaf,
          newSize: size,
          newRoot: root,
          proof: path,
        }),
      );
    }),
    { numRuns: 10_000 },
  );
});

test('a place outside the log has no proof', async () => {
  for (const [index, size] of [
    [5, 5],
    [-1, 5],
    [0, 0],
    [0.5, 5],
    [0, NaN],
  ] as const)
    await assert.rejects(proveInclusion(log, index, size), (error) => hasCode(error, 'ledger.out_of_range'));
  for (const [from, to] of [
    [6, 5],
    [-1, 5],
    [0.5, 5],
  ] as const)
    await assert.rejects(proveConsistency(log, from, to), (error) => hasCode(error, 'ledger.out_of_range'));
});

test('a source that holds too few hashes gives an error that names the tile', async () => {
  const short = { leaf: () => new Uint8Array(32), tile: () => undefined };
  await assert.rejects(proveInclusion(short, 3, 8), (error) => hasCode(error, 'ledger.tile_missing'));
  await assert.rejects(proveInclusion({ ...log, tile: () => undefined }, 299, 300), (error) =>
    hasCode(error, 'ledger.tile_missing'),
  );
});
