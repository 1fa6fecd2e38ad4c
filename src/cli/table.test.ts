import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { NO_PAINT, PAINT, wantsColour } from './paint.ts';
import { progressBar } from './progress.ts';
import { table } from './table.ts';
import { fold, printable, shorten, shortenStart, widthOf } from './text.ts';

type Row = { readonly name: string; readonly place: string };
const columns = [
  { title: 'NAME', of: (row: Row) => row.name },
  { title: 'PLACE', of: (row: Row) => row.place, cut: 'start' as const },
];

suite('a table', () => {
  test('never is wider than the page, for any text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: text, place: text }), { maxLength: 6 }),
        fc.integer({ min: 40, max: 120 }),
        (rows, width) => {
          for (const paint of [NO_PAINT, PAINT])
            for (const line of table(rows, columns, paint, width)) {
              assert.ok(widthOf(line) <= width, `${widthOf(line)} > ${width}: ${line}`);
              assert.ok(!line.includes('\n'));
            }
        },
      ),
    );
  });

  test('leaves out a column that is empty everywhere, and keeps the end of a path', () => {
    assert.deepEqual(table([{ name: 'a', place: '' }], columns, NO_PAINT, 40), ['NAME', 'a']);
    const [, row] = table(
      [{ name: 'abcdefghijklmnopqrst', place: 'some/long/folder/secrets.yaml:12' }],
      columns,
      NO_PAINT,
      40,
    );
    assert.match(row ?? '', /…\S*secrets\.yaml:12$/);
  });

  test('shows what could repaint the terminal as marks', () => {
    assert.equal(printable('a\u001B[2Jb\u202Ec\u0007\n'), 'ab�c��');
    const [, row] = table([{ name: '\u001B]0;evil\u0007x', place: 'y' }], columns, NO_PAINT, 40);
    assert.doesNotMatch(row ?? '', /[\u0000-\u001F\u007F-\u009F]/);
  });
});

suite('text', () => {
  test('is cut to its width, wide characters and emoji included', () => {
    assert.equal(widthOf('家の鍵'), 6);
    assert.equal(widthOf('🔑'), 2);
    assert.equal(widthOf('e\u0301'), 1);
    assert.equal(shorten('abcdef', 4), 'abc…');
    assert.equal(shortenStart('abcdef', 4), '…def');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 30 }),
        (text, width) => widthOf(shorten(text, width)) <= width && widthOf(shortenStart(text, width)) <= width,
      ),
    );
  });

  test('is folded at words', () => {
    assert.deepEqual(fold('one two  three', 7), ['one two', 'three']);
  });
});

test('colours are for terminals, and NO_COLOR and TERM=dumb turn them off', () => {
  assert.equal(wantsColour(true, {}), true);
  assert.equal(wantsColour(false, {}), false);
  assert.equal(wantsColour(true, { NO_COLOR: '1' }), false);
  assert.equal(wantsColour(true, { NO_COLOR: '' }), true);
  assert.equal(wantsColour(true, { TERM: 'dumb' }), false);
});

test('a progress bar waits, redraws seldom, and wipes itself', () => {
  let now = 0;
  const written: string[] = [];
  const bar = progressBar(
    'files',
    (text) => written.push(text),
    60,
    () => now,
  );
  for (let i = 0; i < 100; i++) {
    now += 2;
    bar.at(i, 1_000);
  }
  assert.deepEqual(written, [], 'short work shows nothing');
  for (let i = 100; i < 1_000; i++) {
    now += 2;
    bar.at(i, 1_000);
  }
  assert.ok(written.length > 5 && written.length < 40, String(written.length));
  assert.match(written.at(-1) ?? '', /█.*files \d+\/1000/);
  bar.end();
  assert.equal(written.at(-1), '\r\u001B[K');
});
