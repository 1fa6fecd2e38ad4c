import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '../secret.ts';
import { hmac, hmacOf } from './mac.ts';

const hex = (text: string): Uint8Array => Uint8Array.fromHex(text);

/** RFC 4231, sections 4.2, 4.3 and 4.4: key, data, the first bytes of HMAC-SHA-256 and of HMAC-SHA-512. */
const VECTORS = [
  ['0b'.repeat(20), '4869205468657265', 'b0344c61d8db38535ca8afceaf0bf12b', '87aa7cdea5ef619d4ff0b4241a1d6cb0'],
  [
    '4a656665',
    '7768617420646f2079612077616e7420666f72206e6f7468696e673f',
    '5bdcc146bf60754e6a042426089575c7',
    '164b7a7bfcf819e2e395fbe73b56e0a3',
  ],
  ['aa'.repeat(20), 'dd'.repeat(50), '773ea91e36800e46854db8ebd09181a7', 'fa73b0089d56a284efb0f0756c890be9'],
] as const;

for (const [i, [key, data, sha256, sha512]] of VECTORS.entries())
  test(`RFC 4231, test case ${i + 1}`, () => {
    const secret = Secret.fromBytes(hex(key));
    assert.ok(hmacOf('sha256', secret, hex(data)).toHex().startsWith(sha256));
    assert.ok(hmacOf('sha512', secret, hex(data)).toHex().startsWith(sha512));
  });

test('any key of a block at most and any parts give what Node gives', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('sha256' as const, 'sha512' as const),
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 4 }),
      (algorithm, key, parts) => {
        const theirs = createHmac(algorithm, key);
        for (const part of parts) theirs.update(part);
        const ours = hmacOf(algorithm, Secret.fromBytes(key), ...parts);
        assert.equal(ours.toHex(), theirs.digest('hex'));
      },
    ),
  );
});

test('a key that is too long, or none, is refused', () => {
  assert.throws(() => hmacOf('sha256', Secret.fromBytes(new Uint8Array(65)), new Uint8Array()), RangeError);
  assert.throws(() => hmac(Secret.fromBytes(new Uint8Array(31))), RangeError);
  const wiped = Secret.fromBytes(new Uint8Array(32));
  const mac = hmac(wiped);
  wiped.wipe();
  assert.throws(() => mac.tag(new Uint8Array()), TypeError);
});
