import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { parse } from 'yaml';
import { RUNS, hostileText } from '../../test/hostile.ts';
import { readDotenv } from './dotenv.ts';
import { readJson } from './json.ts';
import type { Style } from './reading.ts';
import { spell } from './spelling.ts';
import { tokenise } from './tokens.ts';

const spelt = (style: Style, text: string): string | null => spell({ style, layer: 'none', indent: '    ' }, text);

const anyText = fc.oneof(
  hostileText,
  fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
  fc.string(),
);

const YAML_STRINGS: readonly Style[] = [
  'yaml-plain',
  'yaml-flow-plain',
  'yaml-single',
  'yaml-double',
  'yaml-literal',
  'yaml-folded',
];

for (const style of YAML_STRINGS)
  test(`a text written as ${style} is read back the same, as a string, under YAML 1.1 and 1.2`, () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const yaml =
          style === 'yaml-flow-plain'
            ? `a: {b: ${spelt(style, text)}, c: d}`
            : `a:\n  b: ${spelt(style, text)}\n  c: d\n`;
        for (const version of ['1.1', '1.2'] as const)
          assert.deepEqual(parse(yaml, { version }), { a: { b: text, c: 'd' } });
      }),
      { numRuns: RUNS },
    );
  });

test('a number written in the place of a number stays a number, and any other text becomes a string', () => {
  for (const number of ['12', '0123', '1e3', '0x1F', '1:30', 'true', '~', '2024-01-01', '.5'])
    assert.equal(spelt('yaml-typed', number), number);
  fc.assert(
    fc.property(anyText, (text) =>
      assert.equal(String(parse(`a: ${spelt('yaml-typed', text)}`, { schema: 'failsafe' }).a), text),
    ),
    { numRuns: RUNS },
  );
});

test('a list of numbers is written as a list', () => {
  assert.equal(spelt('yaml-list', '[1,2,255]'), '[1, 2, 255]');
  assert.equal(spelt('yaml-list', 'GENERATE'), '"GENERATE"');
});

test('a compose value is read back the same once compose has halved its dollars', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const written = spell({ style: 'yaml-double', layer: 'compose', indent: '' }, text)!;
      const seen = parse(`a: ${written}`).a as string;
      assert.doesNotMatch(seen.replaceAll('$$', ''), /\$/);
      assert.equal(seen.replaceAll('$$', '$'), text);
    }),
    { numRuns: RUNS },
  );
});

test('a text written as JSON, JavaScript, Python or C is one literal with the same value', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(JSON.parse(spelt('json-string', text)!), text);
      assert.deepEqual(
        readJson(`{"a":${spelt('json-string', text)}}`).scalars.map((one) => one.text),
        text === '' ? [] : [text],
      );
      for (const [style, language] of [
        ['js-string', 'js'],
        ['python-string', 'python'],
        ['code-single', 'js'],
        ['code-single', 'python'],
        ['c-string', 'c'],
      ] as const) {
        const written = spelt(style, text);
        if (text.includes('\0') && style === 'c-string') assert.equal(written, null);
        else {
          const tokens = tokenise(written!, language);
          assert.equal(tokens.length, 1);
          assert.equal(tokens[0]!.text, text);
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test('JavaScript itself reads back what is written as JavaScript', () => {
  fc.assert(
    fc.property(anyText, (text) =>
      assert.equal(
        runInNewContext(`${spelt('js-string', text)} === ${spelt('code-single', text)} && ${spelt('js-string', text)}`),
        text,
      ),
    ),
    { numRuns: RUNS },
  );
});

test('a C literal cannot be closed, continued or turned into a trigraph by its value', () => {
  assert.equal(spelt('c-string', 'a"b\\c\n??=1\u0001'), '"a\\"b\\\\c\\n\\?\\?=1\\001"');
});

test('what .env can hold is read back the same, and what it cannot is refused', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const written = spelt('dotenv', text);
      if (written === null) assert.match(text, /[\0\r]|'[^]*[$`]|[$`][^]*'|\\$/);
      else {
        const { scalars, faults } = readDotenv(`A=${written}\nB=1\n`);
        assert.deepEqual(faults, []);
        assert.deepEqual(
          scalars.map((one) => one.text),
          text === '' ? ['1'] : [text, '1'],
        );
      }
    }),
    { numRuns: RUNS },
  );
});
