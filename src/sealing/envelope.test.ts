import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret, hasCode, toHex } from '#kernel';
import { systemRandom } from '#kernel/node';
import { type Binding, openEnvelope, sealEnvelope } from './envelope.ts';

const key = Secret.fromBytes(new Uint8Array(32).fill(1));
const binding: Binding = ['porch', 'home', 'mqtt/password', 3, 'json/1'];
const plaintext = new TextEncoder().encode('{"password":"canary"}');

const isRefused = (under: Secret, envelope: Uint8Array, bound: Binding): boolean => {
  try {
    openEnvelope(under, envelope, bound, 'porch/home/mqtt version 3');
    return false;
  } catch (error) {
    assert.ok(hasCode(error, 'sealing.damaged'), String(error));
    assert.match(error.message, /porch\/home\/mqtt version 3/);
    return true;
  }
};

test('what was sealed opens under the same key and binding only', () => {
  const envelope = sealEnvelope(key, plaintext, binding, systemRandom);
  assert.deepEqual(openEnvelope(key, envelope, binding, 'it').reveal(), plaintext);
  assert.ok(isRefused(Secret.fromBytes(new Uint8Array(32).fill(2)), envelope, binding));
  for (const i of binding.keys())
    assert.ok(isRefused(key, envelope, binding.with(i, i === 3 ? 4 : 'other')), `field ${i} is bound`);
  assert.ok(isRefused(key, envelope, ['porchhome', 'mqtt/password', 3, 'json/1']));
});

test('a flipped bit, a cut, an addition or a swap is refused (5,000 cases)', () => {
  const envelope = sealEnvelope(key, plaintext, binding, systemRandom);
  const other = sealEnvelope(key, plaintext, binding.with(3, 4), systemRandom);
  const change = fc.oneof(
    fc.tuple(fc.nat(envelope.length * 8 - 1)).map(([bit]) => {
      const flipped = Uint8Array.from(envelope);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      return flipped;
    }),
    fc.nat(envelope.length - 1).map((length) => envelope.subarray(0, length)),
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => Uint8Array.of(...envelope, ...more)),
    fc
      .nat(envelope.length - 1)
      .map((at) => Uint8Array.of(...other.subarray(0, at), ...envelope.subarray(at)))
      .filter((spliced) => toHex(spliced) !== toHex(envelope)),
  );
  fc.assert(
    fc.property(change, (changed) => isRefused(key, changed, binding)),
    { numRuns: 5_000 },
  );
});

test('sealing twice gives two envelopes, and neither holds the plaintext', () => {
  const first = sealEnvelope(key, plaintext, binding, systemRandom);
  const second = sealEnvelope(key, plaintext, binding, systemRandom);
  assert.notEqual(toHex(first), toHex(second));
  assert.ok(!toHex(first).includes(toHex(plaintext)));
});

test('the format is the one drawn in its comment', () => {
  const zero = { bytes: (length: number) => new Uint8Array(length) };
  assert.equal(
    toHex(sealEnvelope(key, new TextEncoder().encode('x'), ['a'], zero)),
    `01${'00'.repeat(32)}73354b456290c0e759d9db998573e3029539cdb02481ccd70a140708f74e7dafc245b78805bd599017269a50130d7a9c9a`,
  );
});
