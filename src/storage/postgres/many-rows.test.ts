import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { manyRows } from './many-rows.ts';

const INSERT = 'insert into "t" ("a", "b") values ($1, $2)';

test('rows are numbered through', () => {
  assert.deepEqual(manyRows(INSERT, 2, 3), [
    { rows: 2, sql: 'insert into "t" ("a", "b") values ($1, $2), ($3, $4)' },
    { rows: 1, sql: INSERT },
  ]);
});

test('what follows the values stays behind the last row', () => {
  const [two] = manyRows(`${INSERT} on conflict ("a") do nothing`, 2, 2)!;
  assert.equal(two!.sql, 'insert into "t" ("a", "b") values ($1, $2), ($3, $4) on conflict ("a") do nothing');
});

test('a statement with parameters elsewhere is left alone', () => {
  for (const sql of [
    `${INSERT} on conflict ("a") do update set "b" = $3`,
    'update "t" set "a" = $1 where "b" = $2',
    'insert into "t" ("a", "b") values ($1, lower($2))',
    'insert into "t" ("a", "b") select $1, $2',
  ])
    assert.equal(manyRows(sql, 2, 5), undefined, sql);
});

test('any count is covered exactly, by few texts, each within the protocol’s 65535 parameters', () => {
  const texts = new Map<number, Set<string>>();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.constantFrom(1, 2, 17, 1_600), (count, columns) => {
      const names = Array.from({ length: columns }, (_, i) => `"c${i}"`).join(', ');
      const values = Array.from({ length: columns }, (_, i) => `$${i + 1}`).join(', ');
      const parts = manyRows(`insert into "t" (${names}) values (${values})`, columns, count)!;
      assert.equal(
        parts.reduce((rows, part) => rows + part.rows, 0),
        count,
      );
      const seen = texts.get(columns) ?? texts.set(columns, new Set()).get(columns)!;
      for (const part of parts) {
        assert.ok(part.rows * columns <= 65_535);
        seen.add(part.sql);
      }
      assert.ok(seen.size <= 8);
    }),
    { numRuns: 60 },
  );
});
