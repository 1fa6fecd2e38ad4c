import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { openMatcher } from './matcher.ts';

const hitsOf = (literals: readonly string[], text: Uint8Array, blockFrom = 0): readonly string[] => {
  const matcher = openMatcher(literals);
  const area = matcher.area(0);
  area.bytes.set(text);
  const hits: string[] = [];
  matcher.scan(area, blockFrom, text.length, (literal, end) => hits.push(`${end} ${literals[literal]}`));
  return hits.toSorted();
};

const naive = (literals: readonly string[], text: Uint8Array): readonly string[] => {
  const lower = Buffer.from(text)
    .toString('latin1')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const hits: string[] = [];
  for (const literal of literals)
    for (let at = lower.indexOf(literal); at !== -1; at = lower.indexOf(literal, at + 1))
      hits.push(`${at + literal.length} ${literal}`);
  return hits.toSorted();
};

describe('the kernel', () => {
  test('is built from its source to the very same bytes', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
    try {
      const out = join(folder, 'kernel.wasm');
      execFileSync(process.execPath, [
        fileURLToPath(new URL('../../../scripts/build-kernel.mjs', import.meta.url)),
        out,
      ]);
      assert.deepEqual(readFileSync(out), readFileSync(new URL('kernel.wasm', import.meta.url)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('finds every literal in every case, also inside each other and across its lanes', () => {
    const letters = fc.constantFrom('a', 'b', 'c', '_', '1');
    const literal = fc.string({ unit: letters, minLength: 3, maxLength: 7 });
    const byte = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...Buffer.from('abcABC_1')) },
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(literal, { minLength: 1, maxLength: 12 }),
        fc
          .uint8Array({ maxLength: 400 })
          .chain((noise) => fc.array(byte, { maxLength: 900 }).map((near) => Uint8Array.from([...noise, ...near]))),
        (literals, text) => assert.deepEqual(hitsOf(literals, text), naive(literals, text)),
      ),
      { numRuns: 150 },
    );
  });

  test('finds a name with any separators where that is asked for, and everything else as it is written', () => {
    const text = Buffer.from('hub.api.key HUB-API_KEY hub_api_key hub api key ab_c AB.C');
    const seen = (literals: readonly string[], loose: readonly boolean[]) => {
      const matcher = openMatcher(literals, [], loose);
      const area = matcher.area(0);
      area.bytes.set(text);
      const ends: string[] = [];
      matcher.scan(area, 0, text.length, (literal, end) => ends.push(`${end} ${literals[literal]}`));
      return ends;
    };
    assert.deepEqual(seen(['api_key'], [true]), ['11 api_key', '23 api_key', '35 api_key']);
    assert.deepEqual(seen(['api_key', 'i.key', 'ab.c'], []), ['11 i.key', '23 api_key', '35 api_key', '57 ab.c']);
    assert.deepEqual(seen(['ab_c', 'ab.c'], [false, true]), ['52 ab_c', '52 ab.c', '57 ab.c']);
  });

  test('loses nothing when more literals end than its lists have room for', () => {
    const text = Buffer.alloc(300_000, 'a');
    const literals = ['aaa', 'aaaa', 'aaaaa'];
    assert.equal(hitsOf(literals, text).length, 300_000 * 3 - 2 - 3 - 4);
  });

  test('sees literals that begin before the stretch it is asked for, and each only once', () => {
    const text = Buffer.from('xx password yy password');
    assert.deepEqual(hitsOf(['password'], text, 7), ['11 password', '23 password']);
    assert.deepEqual(hitsOf(['password'], text, 11), ['23 password']);
  });

  test('finds stretches of base64 and hex that hide text, and passes over digests, pictures and paths', () => {
    const matcher = openMatcher(['xyz']);
    const area = matcher.area(0);
    const runsIn = (text: string) => {
      area.bytes.set(Buffer.from(text));
      return matcher
        .runs(area, 0, text.length, text.length)
        .map(({ start, end, encoding }) => `${encoding} ${text.slice(start, end)}`);
    };
    const hidden = Buffer.from('the key under the third stone of the path');
    for (const lead of ['', ' ', 'a: "', 'twelve bytes ', 'x'.repeat(15) + ' ']) {
      assert.deepEqual(runsIn(`${lead}${hidden.toString('base64url')}"`), [`base64 ${hidden.toString('base64url')}`]);
      assert.deepEqual(runsIn(`${lead}${hidden.toString('hex')}`), [`hex ${hidden.toString('hex')}`]);
    }
    assert.deepEqual(
      runsIn('sha512-8TNJHQBnIbYnFOXyHBYTvHVbBYXZ5kBDSXUlvKpGVHnCqZPxEDpYPPfqQV8tpEYGVPzm0B5FqOdFyBPmJzBwGg=='),
      [],
    );
    assert.deepEqual(runsIn('/usr/local/share/documentation/standards/section/of/the/registry/of/names'), []);
    assert.deepEqual(runsIn('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'), []);
  });

  test('counts lines and UTF-16 units as JavaScript does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const matcher = openMatcher(['xyz']);
        const area = matcher.area(0);
        const bytes = Buffer.from(`${text}\n`.toWellFormed());
        area.bytes.set(bytes);
        assert.equal(matcher.utf16Units(area, 0, bytes.length), text.length + 1);
        assert.equal(matcher.countLines(area, 0, bytes.length), text.split('\n').length);
      }),
      { numRuns: 60 },
    );
  });
});
