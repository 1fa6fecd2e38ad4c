import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BLOCK_WIDTH, encodeBlock, placesOf } from './block.ts';

test('a block finds every place of a resource, the last one first, and rarely another', () => {
  const resource = fc.oneof(
    fc.constantFrom('installation', 'cred_a', 'cred_b', ''),
    fc.string({ maxLength: 40, unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 200 }), resource, (resources, wanted) => {
      const block = encodeBlock(resources);
      assert.equal(block.length, resources.length * 6);
      const expected = resources.flatMap((one, place) => (one === wanted ? [place] : [])).toReversed();
      assert.deepEqual(
        placesOf(block, wanted).filter((place) => resources[place] === wanted),
        expected,
      );
    }),
  );
});

test('a whole block of different resources has one place for each', () => {
  const resources = Array.from({ length: BLOCK_WIDTH }, (_, i) => `cred_${i}`);
  const block = encodeBlock(resources);
  const found = resources.map((resource) => placesOf(block, resource).length);
  assert.equal(found.length, found.filter((count) => count === 1).length);
  assert.deepEqual(placesOf(block, 'cred_1023'), [1_023]);
  assert.deepEqual(placesOf(block, 'cred_1024'), []);
});

test('a damaged block gives places, not errors', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      for (const place of placesOf(bytes, 'cred_a')) assert.ok(place >= 0 && place < 2 ** 16);
    }),
  );
});
