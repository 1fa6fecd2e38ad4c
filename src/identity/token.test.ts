import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '#kernel';
import { systemRandom } from '#kernel/node';
import { TOKEN_LENGTH, isToken, newToken } from './token.ts';

test('a token is chtl_, 43 digits and a checksum of 6, and is recognised', () => {
  for (let i = 0; i < 200; i++) {
    const token = newToken(systemRandom);
    assert.match(token.revealText(), /^chtl_[0-9A-Za-z]{49}$/);
    assert.equal(token.size, TOKEN_LENGTH);
    assert.ok(isToken(token));
  }
});

test('the smallest and the largest 256 bits keep the length', () => {
  for (const byte of [0, 255]) assert.ok(isToken(newToken({ bytes: (length) => new Uint8Array(length).fill(byte) })));
});

test('the checksum is the CRC-32 of the digits in base 62, fixed for ever', () => {
  const token = newToken({ bytes: (length) => Uint8Array.from({ length }, (_, i) => i) });
  assert.equal(token.revealText(), 'chtl_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf1Yo7hP');
});

test('one changed character is noticed before any lookup', () => {
  const text = newToken(systemRandom).revealText();
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: text.length - 1 }),
      fc.constantFrom('0', 'a', 'Z', '_', '-', '~'),
      (at, other) => {
        fc.pre(text[at] !== other);
        assert.equal(isToken(Secret.fromText(text.slice(0, at) + other + text.slice(at + 1))), false);
      },
    ),
  );
});

test('no other text or bytes pass for a token', () => {
  for (const text of ['', 'chtl_', 'hvs.abc', `chtl_${'0'.repeat(49)}`, ` ${newToken(systemRandom).revealText()}`])
    assert.equal(isToken(Secret.fromText(text)), false, text);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => !isToken(Secret.fromBytes(bytes))));
});
