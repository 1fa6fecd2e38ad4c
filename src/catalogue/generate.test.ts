import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { type Random, hasCode } from '#kernel';
import { classifyLeaf } from './classify.ts';
import { canGenerate, generate } from './generate.ts';
import { KINDS, type KindId } from './kinds.ts';
import { weaknessOf } from './weakness.ts';

/** Bytes that a seed decides, so that a failure can be replayed. */
const seeded = (seed: string): Random => {
  let block = 0;
  return {
    bytes: (length) => {
      const out = new Uint8Array(length);
      for (let i = 0; i < length; i += 32)
        out.set(
          createHash('sha256')
            .update(`${seed} ${block++}`)
            .digest()
            .subarray(0, length - i),
          i,
        );
      return out;
    },
  };
};

const FORMS: Partial<Record<KindId, RegExp>> = {
  password: /^[A-HJ-NP-Za-hjkmnp-z2-9]{32}$/,
  'mqtt-password': /^[\x21-\x7e]{32}$/,
  'wifi-passphrase': /^[\x21-\x7e]{8,63}$/,
  pin: /^\d{6}$/,
  'webhook-id': /^[\da-f]{64}$/,
  'esphome-api-key': /^[\w+/]{43}=$/,
  'esphome-ota-password': /^\w{32}$/,
  'zwave-key': /^[\da-f]{32}$/,
  'thread-network-key': /^[\da-f]{32}$/,
  'homekit-code': /^\d{3}-\d{2}-\d{3}$/,
  'matter-passcode': /^\d{8}$/,
  'signing-key': /^[\da-f]{128}$/,
  'credential-secret': /^[\da-f]{64}$/,
};

suite('generated values', () => {
  for (const [kind, form] of Object.entries(FORMS) as [KindId, RegExp][])
    test(`${kind} has the form that its system accepts`, () => {
      const random = seeded(kind);
      for (let i = 0; i < 200; i++) assert.match(generate(kind, random).revealText(), form);
    });

  test('a Zigbee network key is a JSON list of sixteen bytes', () => {
    const key = JSON.parse(generate('zigbee-network-key', seeded('zigbee')).revealText()) as number[];
    assert.equal(key.length, 16);
    assert.ok(key.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255));
  });

  test('every kind with a recipe gives strong values, different each time, that are recognised as secrets', () => {
    for (const kind of Object.keys(KINDS) as KindId[]) {
      if (!canGenerate(kind)) continue;
      const random = seeded(kind);
      const values = Array.from({ length: 50 }, () => generate(kind, random).revealText());
      assert.equal(new Set(values).size, 50, kind);
      for (const value of values) {
        assert.equal(weaknessOf(kind, value), null);
        assert.ok(
          classifyLeaf({ system: null, file: 'secrets.yaml', keyPath: ['porch_password'] }, value).secret,
          kind,
        );
      }
    }
  });

  test('what a system issues is not made up', () => {
    assert.throws(
      () => generate('ha-long-lived-token', seeded('')),
      (error) => hasCode(error, 'catalogue.not_generated'),
    );
    assert.throws(
      () => generate('plain', seeded('')),
      (error) => hasCode(error, 'catalogue.not_generated'),
    );
  });

  test('a stuck generator of random bytes is an error, not a loop', () => {
    for (const byte of [0, 7, 255])
      for (const kind of ['pin', 'password', 'zigbee-network-key'] as const)
        assert.throws(
          () => generate(kind, { bytes: (length) => new Uint8Array(length).fill(byte) }),
          (error) => hasCode(error, 'catalogue.stuck_random'),
        );
  });

  test('a weak draw is thrown away and the next one taken', () => {
    const draws = [new Uint8Array(12).fill(0), new Uint8Array([4, 8, 1, 5, 1, 6, 2, 3, 4, 2, 9, 9])];
    assert.equal(generate('pin', { bytes: () => draws.shift()! }).revealText(), '481516');
  });

  for (const [kind, alphabet] of [
    ['password', 55],
    ['pin', 10],
  ] as const)
    test(`every symbol of a ${kind} is equally likely (chi-square, one in a million)`, () => {
      const random = seeded('bias');
      const counts = new Map<string, number>();
      let total = 0;
      for (let i = 0; i < 4_000; i++)
        for (const symbol of generate(kind, random).revealText()) {
          counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
          total++;
        }
      assert.equal(counts.size, alphabet);
      const expected = total / alphabet;
      const chi = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // Wilson and Hilferty: the quantile of chi-square at z = 4.75 for n degrees of freedom.
      const n = alphabet - 1;
      assert.ok(chi < n * (1 - 2 / (9 * n) + 4.75 * Math.sqrt(2 / (9 * n))) ** 3, `chi-square ${chi.toFixed(1)}`);
    });
});
