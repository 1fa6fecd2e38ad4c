import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ChatelaineError, stringifyJson } from '#kernel';
import { goDuration, parseDuration } from './fields.ts';
import { readBody } from './request.ts';

const RUNS = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 2_000);
const read = (text: string, type = '') => readBody(Buffer.from(text), type);

describe('a body', () => {
  test('may be empty or null', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from(' \n'), Buffer.from('null')])
      assert.deepEqual(readBody(bytes, ''), {});
  });

  test('is JSON whatever it says it is, or a form where it says so', () => {
    assert.deepEqual(read('{"a":1}', 'text/plain'), { a: 1 });
    assert.deepEqual(read('{"a":1}', 'application/x-www-form-urlencoded'), { a: 1 });
    assert.deepEqual(read('token=chtl_x&increment=60', 'application/x-www-form-urlencoded'), {
      token: 'chtl_x',
      increment: '60',
    });
    assert.throws(() => read('token=chtl_x', 'application/json'));
  });

  test('gives every number back as it was written', () => {
    for (const text of [
      '{"a":1.0}',
      '{"a":1e400}',
      '{"a":123456789012345678901234567890}',
      '{"a":-0}',
      '{"a":0.1e-10,"b":[1.50]}',
    ])
      assert.equal(stringifyJson(read(text)), text);
    fc.assert(
      fc.property(fc.stringMatching(/^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,4})?$/), (number) => {
        assert.equal(stringifyJson(read(`{"a":${number}}`)), `{"a":${number}}`);
      }),
      { numRuns: RUNS },
    );
  });

  test('is an object or refused as a mistake, whatever the bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text).subarray(1)),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom('', 'application/json', 'application/x-www-form-urlencoded'), (body, type) => {
        try {
          assert.equal(typeof readBody(body, type), 'object');
        } catch (error) {
          assert.ok(error instanceof ChatelaineError && error.status === 400, String(error));
        }
      }),
      { numRuns: RUNS },
    );
  });
});

test('a length of time reads back as Go writes it', () => {
  assert.equal(goDuration(0), '0s');
  assert.equal(goDuration(90_000), '1m30s');
  assert.equal(goDuration(12_319_000), '3h25m19s');
  fc.assert(
    fc.property(fc.nat(1_000_000), (seconds) =>
      assert.equal(parseDuration('a', goDuration(seconds * 1_000)).seconds, seconds),
    ),
    {
      numRuns: RUNS,
    },
  );
});
