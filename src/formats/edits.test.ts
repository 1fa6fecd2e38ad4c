import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, utf8 } from '#kernel';
import { file } from '../../test/hostile.ts';
import { applyEdits, applyFileEdit } from './edits.ts';
import { sha256 } from './source-file.ts';

test('edits replace their spans and keep everything else', () => {
  assert.equal(
    applyEdits('abcdef', [
      { start: 4, end: 5, replacement: '' },
      { start: 0, end: 1, replacement: 'XY' },
      { start: 6, end: 6, replacement: '!' },
    ]),
    'XYbcdf!',
  );
});

test('edits that touch the same text, or lie outside, are refused', () => {
  for (const edits of [
    [
      { start: 0, end: 3, replacement: '' },
      { start: 2, end: 4, replacement: '' },
    ],
    [{ start: 3, end: 9, replacement: '' }],
    [{ start: 3, end: 2, replacement: '' }],
  ])
    assert.throws(
      () => applyEdits('abcdef', edits),
      (error) => hasCode(error, 'formats.overlapping'),
    );
});

test('a file that changed since it was read is not touched', () => {
  const edit = { path: 'a.yaml', sha256: sha256(utf8('a: 1')), edits: [{ start: 3, end: 4, replacement: '2' }] };
  assert.deepEqual(applyFileEdit(file('a.yaml', 'a: 1'), edit), file('a.yaml', 'a: 2'));
  assert.throws(
    () => applyFileEdit(file('a.yaml', 'a: 3'), edit),
    (error) => hasCode(error, 'formats.changed'),
  );
});
