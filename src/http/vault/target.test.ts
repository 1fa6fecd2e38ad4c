import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ChatelaineError, hasCode } from '#kernel';
import { readTarget } from './target.ts';

const RUNS = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 2_000);
const segmentsOf = (path: string, namespace?: string) => readTarget(`/v1/${path}`, namespace).segments;
const isRefused = (path: string, namespace?: string): boolean => {
  try {
    segmentsOf(path, namespace);
    return false;
  } catch (error) {
    if (error instanceof ChatelaineError && error.status === 400) return true;
    throw error;
  }
};

describe('the target of a URL', () => {
  test('is its segments, decoded once', () => {
    assert.deepEqual(segmentsOf('secret/data/porch/home/wifi%20key'), ['secret', 'data', 'porch', 'home', 'wifi key']);
    assert.deepEqual(segmentsOf('secret/data/%C3%A4%2525'), ['secret', 'data', 'ä%25']);
    assert.deepEqual(segmentsOf('sys/health?list=a/b/../c'), ['sys', 'health']);
    const folder = readTarget('/v1/secret/metadata/porch/?list=true&a=b?c', undefined);
    assert.deepEqual(
      [folder.segments, folder.folder, folder.query.get('a')],
      [['secret', 'metadata', 'porch'], true, 'b?c'],
    );
  });

  test('may name a namespace once, in either place', () => {
    for (const [path, header] of [
      ['secret/data/home/a', 'porch'],
      ['secret/data/home/a', '/porch/'],
      ['porch/secret/data/home/a', undefined],
      ['porch/secret/data/home/a', ''],
    ] as const) {
      const target = readTarget(`/v1/${path}`, header);
      assert.deepEqual([target.namespace, target.segments], ['porch', ['secret', 'data', 'home', 'a']], path);
    }
    assert.equal(readTarget('/v1/secret/data/home/a', 'root').namespace, null);
    for (const [path, header] of [
      ['porch/secret/data/a', 'porch'],
      ['secret/data/a', 'a/b'],
      ['secret/data/a', 'Porch'],
      ['secret/data/a', '..'],
      ['Porch/secret/data/a', undefined],
    ] as const)
      assert.ok(isRefused(path, header), `${path} with ${header}`);
  });

  test('is refused where it could be read in two ways', () => {
    for (const path of [
      'a//b',
      '/a',
      'a/./b',
      'a/../b',
      'a/%2e/b',
      'a/%2E%2e/b',
      'a%2fb',
      'a%2Fb',
      'a%5cb',
      'a%00',
      'a/%0a',
      'a/%',
      'a/%zz',
      'a/%c0%af',
      'a/%ed%a0%80',
      'a#b',
      'a//',
      'x'.repeat(5_000),
      'a/'.repeat(40),
    ])
      assert.ok(isRefused(path), path.slice(0, 40));
  });

  test('comes back from any text, when that was encoded as clients do', () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => !/[\p{Cc}\p{Cs}/\\]/u.test(text) && text !== '.' && text !== '..');
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
        const path = ['secret', ...segments].map(encodeURIComponent).join('/');
        if (path.length < 4_000) assert.deepEqual(segmentsOf(path), ['secret', ...segments]);
      }),
      { numRuns: RUNS },
    );
  });

  test('is read or refused, whatever the bytes', () => {
    const piece = fc.constantFrom(
      '/',
      '//',
      '.',
      '..',
      '%2f',
      '%2e',
      '%',
      '%00',
      '%c3',
      '%a4',
      '?',
      '#',
      '\\',
      ';',
      'secret',
      'data',
      'ä',
      '\u202e',
      ' ',
    );
    const path = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(path, fc.option(fc.string()), (text, header) => {
        try {
          for (const segment of readTarget(`/v1/${text}`, header ?? undefined).segments) {
            assert.ok(
              segment !== '' && segment !== '.' && segment !== '..' && !segment.includes('/'),
              JSON.stringify(segment),
            );
            assert.ok(!/[\p{Cc}\p{Cs}]/u.test(segment));
          }
        } catch (error) {
          assert.ok(hasCode(error, 'http.bad_target') || hasCode(error, 'path.malformed'), String(error));
        }
      }),
      { numRuns: RUNS },
    );
  });
});
