import assert from 'node:assert/strict';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { filesLike, isThere, readText, tableRows } from './repository.ts';

const pages = filesLike('*.md', 'docs/**/*.md');
const sources = filesLike('src/**/*.ts', 'scripts/*.mjs', 'packaging/*', 'chatelaine', '.ci/run');

/** Paths of this repository that a text names in full; not patterns, and not what is cut off by a placeholder. */
const namedPaths = (text: string): string[] =>
  [...text.matchAll(/(?<![\w./-])((?:src|test|docs|scripts|packaging|examples|bench)\/[\w./-]*[\w/])(?![\w*<{…-])/g)]
    .map(([, path]) => path!)
    .filter((path) => /\.\w+$|\/$/.test(path));

const linkedPaths = (page: string, text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) =>
    normalize(join(dirname(page), target!)),
  );

describe('documents', () => {
  test('are there', () => assert.ok(pages.length > 20));

  for (const page of pages)
    test(`${page} names and links files that are there`, () => {
      const text = readText(page);
      assert.deepEqual(
        [...namedPaths(text), ...linkedPaths(page, text)].filter((path) => !isThere(path)),
        [],
      );
    });

  test('that the code points to are there', () => {
    const missing = sources.flatMap((path) =>
      [...readText(path).matchAll(/(?<![\w/.-])docs\/[\w/-]+\.md\b/g)].flatMap(([page]) =>
        isThere(page) ? [] : [`${path}: ${page}`],
      ),
    );
    assert.deepEqual(missing, []);
  });

  test('are recognised when they are not (so these tests can fail)', () => {
    assert.deepEqual(namedPaths('`src/nowhere/a.ts`, src/*/b.ts, docs/x/ and a src/c…'), [
      'src/nowhere/a.ts',
      'docs/x/',
    ]);
    assert.deepEqual(linkedPaths('docs/a.md', '[b](b.md#c) [d](https://e) [f](../g/)'), ['docs/b.md', 'g/']);
  });
});

describe('docs/architecture.md', () => {
  test('names functions that are exported where it says', () => {
    const rows = tableRows(readText('docs/architecture.md')).filter((cells) => cells.at(-1)!.startsWith('`src/'));
    assert.ok(rows.length > 15);
    for (const cells of rows) {
      const [functions, files] = [cells.at(-2)!, cells.at(-1)!].map((cell) =>
        [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
      );
      const code = files!.map(readText).join('\n');
      for (const name of functions!)
        assert.match(code, new RegExp(`^export const ${name}\\b`, 'm'), `${name} in ${files!.join(', ')}`);
    }
  });
});

describe('decisions', () => {
  const names = filesLike('docs/decisions/*').map((path) => path.split('/').at(-1)!);

  test('are numbered through from 001, each number once', () => {
    assert.deepEqual(
      names.map((name) => name.slice(0, 4)),
      names.map((_name, i) => `${String(i + 1).padStart(3, '0')}-`),
    );
    for (const name of names) assert.match(name, /^\d{3}-[a-z0-9-]+\.md$/);
  });

  for (const name of names)
    test(`${name} has a title and says what was rejected`, () => {
      const text = readText(`docs/decisions/${name}`);
      assert.match(text, /^# \S/);
      assert.match(text, /^(?:## Rejected|\*\*Rejected\.\*\*)/m);
    });
});
