import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { creationDiff, unifiedDiff } from './diff.ts';
import { type TextEdit, applyEdits } from './edits.ts';

const git = spawnSync('git', ['--version']).status === 0;

const inFolder = (run: (folder: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'diff-'));
  try {
    spawnSync('git', ['init', '-q', folder]);
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const apply = (folder: string, patch: string) =>
  spawnSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch, encoding: 'utf8' });

const line = fc.constantFrom(
  '',
  'a',
  'key: value',
  '  b',
  '\tc',
  'x\r',
  '+',
  '-',
  '@@',
  '\\ No newline at end of file',
  'é',
);
const text = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
  .map(([lines, end]) => lines.join('\n') + (end && lines.length > 0 ? '\n' : ''));

const edited = text.chain((before) =>
  fc
    .tuple(
      fc.constant(before),
      fc.array(fc.tuple(fc.nat(before.length), fc.nat(12), fc.constantFrom('', 'X', 'one\ntwo', '\n', 'end\n')), {
        maxLength: 6,
      }),
    )
    .map(([content, cuts]) => {
      const edits: TextEdit[] = [];
      let at = 0;
      for (const [start, length, replacement] of cuts.toSorted((a, b) => a[0] - b[0])) {
        if (start < at) continue;
        at = Math.min(content.length, start + length);
        edits.push({ start, end: at, replacement });
      }
      return { before: content, edits };
    }),
);

test('git applies the patch, and the result is the edited file', { skip: git ? false : 'needs git' }, () => {
  inFolder((folder) => {
    fc.assert(
      fc.property(edited, ({ before, edits }) => {
        const after = applyEdits(before, edits);
        const patch = unifiedDiff('f.yaml', before, edits);
        if (patch === '' || after === before) return;
        // A patch that empties a file is a deletion for git unless the file stays; ours never empties one.
        if (after === '' || before === '') return;
        writeFileSync(join(folder, 'f.yaml'), before);
        const { status, stderr } = apply(folder, patch);
        assert.equal(status, 0, `${stderr}\n${patch}`);
        assert.equal(readFileSync(join(folder, 'f.yaml'), 'utf8'), after);
      }),
      { numRuns: 60 },
    );
  });
});

test('names with spaces, quotes and letters beyond ASCII are patched too', { skip: git ? false : 'needs git' }, () => {
  inFolder((folder) => {
    for (const name of ['a b/c d.yaml', 'q"uo\\te.yaml', 'Küche/größe.yaml']) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), 'a: b\n');
      const { status, stderr } = apply(folder, unifiedDiff(name, 'a: b\n', [{ start: 3, end: 4, replacement: 'c' }]));
      assert.equal(status, 0, stderr);
      assert.equal(readFileSync(join(folder, name), 'utf8'), 'a: c\n');
    }
    const { status, stderr } = apply(folder, creationDiff('new/.gitignore', '/secrets.yaml\n'));
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(folder, 'new/.gitignore'), 'utf8'), '/secrets.yaml\n');
  });
});

test('a masked diff shows where, and nothing of what was there', () => {
  const before = 'a: 1\npassword: hunter2x # why\nb: 2\n';
  const diff = unifiedDiff('x.yaml', before, [{ start: 15, end: 23, replacement: '!secret p' }], { mask: '[secret]' });
  assert.match(diff, /^-password: \[secret\] # why$/m);
  assert.match(diff, /^\+password: !secret p # why$/m);
  assert.doesNotMatch(diff, /hunter2x/);
});
