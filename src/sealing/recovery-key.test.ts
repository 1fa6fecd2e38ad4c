import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret, hasCode } from '#kernel';
import { systemRandom } from '#kernel/node';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { recoveryGuard, recoveryKeyProvider, recoveryPublicKey } from './providers/recovery-key.ts';
import { formatRecoveryKey, makeRecoveryKey, parseRecoveryKey } from './recovery-key.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const parses = (text: string): Uint8Array | null => {
  try {
    return parseRecoveryKey(Secret.fromText(text)).reveal();
  } catch (error) {
    assert.ok(hasCode(error, 'sealing.malformed_key'), String(error));
    assert.ok(text.length < 8 || !error.message.includes(text), 'the text is not repeated');
    return null;
  }
};

test('a recovery key reads back as printed, however it is typed', () => {
  fc.assert(
    fc.property(bytes32, (bytes) => {
      const text = formatRecoveryKey(Secret.fromBytes(bytes)).revealText();
      assert.match(text, /^(?:[0-9A-Z]{4}-){13}[0-9A-Z]{4}$/);
      for (const typed of [
        text,
        text.toLowerCase(),
        text.replaceAll('-', ' '),
        ` ${text.replaceAll('-', '')}\n`,
        text.replaceAll('0', 'O').replaceAll('1', 'l'),
      ])
        assert.deepEqual(parses(typed), bytes);
    }),
  );
});

test('a slip of the pen is noticed: one character, two exchanged, one missing', () => {
  fc.assert(
    fc.property(
      bytes32,
      fc.nat(54),
      fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZU*'.split('')),
      (bytes, at, other) => {
        const text = formatRecoveryKey(Secret.fromBytes(bytes)).revealText().replaceAll('-', '');
        const wrong = text.slice(0, at) + other + text.slice(at + 1);
        if (wrong !== text) assert.equal(parses(wrong), null);
        const exchanged = text.slice(0, at) + text[at + 1]! + text[at]! + text.slice(at + 2);
        if (exchanged !== text) assert.equal(parses(exchanged), null);
        assert.equal(parses(text.slice(0, at) + text.slice(at + 1)), null);
      },
    ),
    // A checksum of 20 bits passes one slip in a million.
    { numRuns: 2_000, seed: 7 },
  );
});

test('arbitrary text is refused and never repeated', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => parses(text) === null || true),
    { numRuns: 2_000 },
  );
});

test('what is wrapped for the public half opens with the key alone, and with no other', async () => {
  const key = makeRecoveryKey(systemRandom);
  const { parameters, key: wrapping } = await recoveryGuard(recoveryPublicKey(key)).create(systemRandom);
  const sealed = sealEnvelope(wrapping, new Uint8Array([1, 2, 3]), ['x'], systemRandom);
  const opened = await recoveryKeyProvider(key).obtain(parameters);
  assert.deepEqual(openEnvelope(opened, sealed, ['x'], 'it').reveal(), new Uint8Array([1, 2, 3]));
  const again = await recoveryGuard(recoveryPublicKey(key)).create(systemRandom);
  assert.equal(again.key.equals(wrapping), false, 'each wrapping has a key of its own');
  const stranger = await recoveryKeyProvider(makeRecoveryKey(systemRandom)).obtain(parameters);
  assert.equal(stranger.equals(wrapping), false);
  await assert.rejects(recoveryGuard(recoveryPublicKey(key)).obtain(parameters), (error) =>
    hasCode(error, 'sealing.wrong_key'),
  );
  for (const box of ['', 'AA==', 7, null])
    await assert.rejects(recoveryKeyProvider(key).obtain({ box }), (error) => hasCode(error, 'sealing.damaged'));
});

test('both halves of the box count: changing either gives another key', async () => {
  const key = makeRecoveryKey(systemRandom);
  const { parameters, key: wrapping } = await recoveryGuard(recoveryPublicKey(key)).create(systemRandom);
  const box = Uint8Array.fromBase64(parameters['box'] as string);
  for (const at of [0, 31, 32, 700, box.length - 1]) {
    const changed = box.with(at, box[at]! ^ 1);
    const other = await recoveryKeyProvider(key).obtain({ box: changed.toBase64() });
    assert.equal(other.equals(wrapping), false, `byte ${at}`);
  }
});
