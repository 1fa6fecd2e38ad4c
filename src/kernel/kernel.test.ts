import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from './bytes.ts';
import { canonical } from './canonical.ts';
import { Duration } from './duration.ts';
import { defineErrors, hasCode } from './errors.ts';
import { isId, newId } from './ids.ts';
import { isJsonObject, parseJson, stringifyJson } from './json.ts';

test('the canonical encoding is the one in docs/canonical-encoding.md', () => {
  assert.equal(
    toHex(canonical(['porch', 3, null, Uint8Array.of(0xff)])),
    '0100000005706f726368' + '02000000080000000000000003' + '0000000000' + '0300000001ff',
  );
});

test('no two different lists of fields share an encoding', () => {
  const field = fc.oneof(fc.string(), fc.maxSafeInteger(), fc.constant(null), fc.uint8Array({ maxLength: 8 }));
  fc.assert(
    fc.property(fc.array(field, { maxLength: 5 }), fc.array(field, { maxLength: 5 }), (a, b) => {
      const same = toHex(canonical(a)) === toHex(canonical(b));
      assert.equal(same, JSON.stringify(spell(a)) === JSON.stringify(spell(b)));
    }),
    { numRuns: 2_000 },
  );
});

const spell = (fields: readonly unknown[]) =>
  fields.map((field) => (field instanceof Uint8Array ? { bytes: toHex(field) } : Object.is(field, -0) ? 0 : field));

test('numbers in JSON come back as they were written', () => {
  for (const number of ['1.0', '12345678901234567890', '1e400', '-0', '0.1', '1E5', '9007199254740993'])
    for (const text of [`{"n":${number}}`, `[${number}]`, `${number}`, `{"a":{"b":[${number},"x"]}}`])
      assert.equal(stringifyJson(parseJson(text)), text);
});

test('JSON round-trips whatever JSON.stringify can write', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const compact = JSON.stringify(JSON.parse(text));
      if (compact.includes('__proto__')) return;
      assert.deepEqual(JSON.parse(stringifyJson(parseJson(compact))), JSON.parse(compact));
    }),
  );
});

test('JSON that is deep, wide or broken is refused with a message that quotes nothing (class of CVE-2025-59043)', () => {
  const refuse = (text: string, code: string) =>
    assert.throws(
      () => parseJson(text),
      (error) => hasCode(error, code) && !/canary/.test(`${error.message} ${error.stack} ${String(error.cause)}`),
    );
  refuse('['.repeat(100_000), 'json.too_complex');
  refuse(`{${'"a":1,'.repeat(20_000)}"b":2}`, 'json.too_complex');
  refuse('{"password":"canary-1" oops}', 'json.malformed');
  refuse('{"__proto__":{"admin":true}}', 'json.malformed');
  refuse('', 'json.malformed');
});

test('brackets and commas inside strings count for nothing', () => {
  const text = JSON.stringify({ a: '[{,'.repeat(50_000), b: 'quoted \\" [[[' });
  assert.ok(isJsonObject(parseJson(text)));
});

test('durations read what people and Vault clients write', () => {
  const readings = { '90s': 90, '15m': 900, '1h30m': 5_400, '2w': 1_209_600, '3600': 3_600 };
  for (const [text, seconds] of Object.entries(readings)) assert.equal(Duration.parse(text).seconds, seconds);
  for (const text of ['', '1x', '-5s', '1.5h', '5 m', '9999999999999h'])
    assert.throws(
      () => Duration.parse(text),
      (error) => hasCode(error, 'duration.unreadable'),
    );
  assert.equal(Duration.of(90, 'm').toString(), '1h30m');
});

test('an id names its kind and is drawn from the port', () => {
  const id = newId('cred', { bytes: (length) => new Uint8Array(length).fill(0xff) });
  assert.equal(id, `cred_${'z'.repeat(24)}`);
  assert.ok(isId('cred', id));
  assert.ok(!isId('prj', id));
  assert.ok(!isId('cred', `${id}z`));
});

test('an error carries its code, its fault and a hint filled from its details', () => {
  const make = defineErrors('test', { gone: { fault: 'absent', status: 404, exit: 3, hint: 'Look for {name}.' } });
  const error = make('gone', 'It is gone.', { name: 'mqtt' });
  assert.equal(error.code, 'test.gone');
  assert.equal(error.hint, 'Look for mqtt.');
  assert.ok(hasCode(error, 'test.gone'));
});
