import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { hostileText } from '../../test/hostile.ts';
import { dotenvValue, readDotenv } from './dotenv.ts';

const read = (text: string) =>
  readDotenv(text).scalars.map(({ keyPath, text: value, span }) => [
    keyPath[0],
    value,
    text.slice(span.start, span.end),
  ]);

test('values in all three quotings are found with their spans', () => {
  const text = `# c\nexport A=bare words # why\nB='lit $x # no'\r\nC="a\\n\\"b\\" \${A}" # c\nD=\nE = spaced\n`;
  assert.deepEqual(read(text), [
    ['A', 'bare words', 'bare words'],
    ['B', 'lit $x # no', `'lit $x # no'`],
    ['C', 'a\n"b" ${A}', '"a\\n\\"b\\" ${A}"'],
    ['E', 'spaced', 'spaced'],
  ]);
});

test('a quoted value may run over several lines', () => {
  assert.deepEqual(
    read(`KEY='-----BEGIN\nabc\n-----END'\nB=2`).map(([, value]) => value),
    ['-----BEGIN\nabc\n-----END', '2'],
  );
});

test('a quote that is never closed and a line that is nothing are problems with a place', () => {
  assert.deepEqual(
    readDotenv(`A='x\nwhat is this\nB=1`).faults.map(({ offset, code }) => [offset, code]),
    [
      [2, 'syntax'],
      [5, 'syntax'],
    ],
  );
});

test('a shell that sources the file has the same values', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dotenv-'));
  try {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 20 }), (texts) => {
        const held = texts.filter((text) => dotenvValue(text) !== null);
        const path = join(folder, 'env');
        writeFileSync(path, held.map((text, index) => `V${index}=${dotenvValue(text)}\n`).join(''));
        const script = `. "$1"; ${held.map((_, index) => `printf '%s\\0' "$V${index}"`).join('; ')}`;
        const { stdout } = spawnSync('/bin/sh', ['-c', script, 'sh', path], { encoding: 'utf8' });
        assert.deepEqual(stdout.split('\0').slice(0, -1), held);
      }),
      { numRuns: 40 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('Node reads the same values wherever double quotes are not needed', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const written = dotenvValue(text);
      if (written !== null && !written.startsWith('"')) assert.equal(parseEnv(`A=${written}`)['A'], text);
    }),
  );
});
