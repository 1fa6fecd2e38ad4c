import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planDiff } from './plan-diff.ts';

const hashLine = (line: string) => `#${line}`;
const diff = (before: readonly string[], after: readonly string[], known = before) =>
  planDiff({
    before: before.map(hashLine),
    after,
    hashLine,
    textOf: (hash) => known.find((line) => hashLine(line) === hash),
  });

test('a change is shown with the lines around it, and what is far away is left out', () => {
  const before = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  const after = before.with(10, 'evil').toSpliced(15, 1);
  assert.deepEqual(
    diff(before, after).map(({ sign, text }) => `${sign} ${text ?? ''}`),
    [
      '… ',
      '  line 7',
      '  line 8',
      '  line 9',
      '- line 10',
      '+ evil',
      '  line 11',
      '  line 12',
      '  line 13',
      '  line 14',
      '- line 15',
      '  line 16',
      '  line 17',
      '  line 18',
      '… ',
    ],
  );
});

test('a line that is gone and that nobody knows any more is told without its text', () => {
  assert.deepEqual(diff(['a', 'secret'], ['a'], ['a']), [
    { sign: ' ', text: 'a' },
    { sign: '-', text: null },
  ]);
});

test('no line that is put in is ever left out', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const shown = diff(before, after);
      const put = shown.filter(({ sign }) => sign === '+').map(({ text }) => text);
      const gone = shown.filter(({ sign }) => sign === '-').length;
      assert.equal(put.length - gone, after.length - before.length);
      for (const line of after) if (!before.includes(line)) assert.ok(put.includes(line));
      if (!shown.some(({ sign }) => sign === '…'))
        assert.deepEqual(
          shown.filter(({ sign }) => sign !== '-').map(({ text }) => text),
          after,
        );
      assert.equal(
        shown.some(({ sign }) => sign === '+' || sign === '-'),
        before.join() !== after.join(),
      );
    }),
  );
});

test('a file of many lines that all changed is shown without comparing each with each', () => {
  const before = Array.from({ length: 4_000 }, (_, i) => `a${i}`);
  const after = Array.from({ length: 4_000 }, (_, i) => `b${i}`);
  assert.equal(diff(before, after).length, 8_000);
});
