import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Secret } from './secret.ts';

const CANARY = 'canary-5f2e8a';
const secret = Secret.fromText(CANARY);

const PRINTINGS: Readonly<Record<string, () => unknown>> = {
  'String()': () => String(secret),
  'a template': () => `${secret}`,
  concatenation: () => `${secret as unknown as string}x`,
  'JSON.stringify': () => JSON.stringify({ secret, list: [secret] }),
  'util.inspect': () => inspect({ secret }, { depth: 9, showHidden: true, getters: true }),
  'Object.entries': () => JSON.stringify(Object.entries(secret)),
  'own property names': () => JSON.stringify(Object.getOwnPropertyNames(secret)),
  structuredClone: () => inspect(structuredClone({ ...secret }), { depth: 9 }),
  'an error message': () => new Error(`wrong: ${secret}`).stack,
};

for (const [way, print] of Object.entries(PRINTINGS))
  test(`a secret is not shown by ${way}`, () => {
    assert.doesNotMatch(String(print()), /canary/);
  });

test('a secret gives its bytes only when asked, and what it was made from may change afterwards', () => {
  const bytes = new TextEncoder().encode(CANARY);
  const copied = Secret.fromBytes(bytes);
  bytes.fill(0);
  assert.equal(copied.revealText(), CANARY);
  assert.equal(copied.size, CANARY.length);
});

test('equality does not depend on identity, and wiping leaves nothing', () => {
  const other = Secret.fromText(CANARY);
  assert.ok(secret.equals(other));
  assert.ok(!secret.equals(Secret.fromText('canary-5f2e8b')));
  const bytes = other.reveal();
  other.wipe();
  other.wipe();
  assert.deepEqual(bytes, new Uint8Array(CANARY.length));
  assert.throws(() => other.reveal(), TypeError, 'a wiped key is no key of zeros');
});
