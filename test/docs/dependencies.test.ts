import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { filesLike, readText, sectionsOf, tableRows } from './repository.ts';

type Manifest = Readonly<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>>;

const manifest = JSON.parse(readText('package.json')) as Manifest;
const sections = new Map(sectionsOf(readText('docs/dependencies.md'), 2).map(({ title, text }) => [title, text]));

const GROUPS = {
  'At run time': 'dependencies',
  'The runtime itself': 'optionalDependencies',
  'For building and testing': 'devDependencies',
} as const;

describe('docs/dependencies.md', () => {
  for (const [title, group] of Object.entries(GROUPS))
    test(`"${title}" has a row with a reason for each of ${group} in package.json, and no other`, () => {
      const rows = tableRows(sections.get(title) ?? '');
      assert.deepEqual(
        rows.map(([name]) => name?.replaceAll('`', '')),
        Object.keys(manifest[group]).toSorted(),
      );
      for (const [name, why = ''] of rows) assert.ok(why.length > 10, `${name}: say why`);
    });
});

describe('dependencies', () => {
  test('are exact versions', () => {
    for (const group of Object.values(GROUPS))
      for (const [name, version] of Object.entries(manifest[group])) assert.match(version, /^\d+\.\d+\.\d+$/, name);
  });

  test('at run time are fewer than thirty, and each is used', () => {
    const names = Object.keys(manifest.dependencies);
    assert.ok(names.length < 30);
    const sources = filesLike('src/**/*.ts').filter((path) => !path.endsWith('.test.ts'));
    const code = sources.map(readText).join('\n');
    assert.deepEqual(
      names.filter((name) => !code.includes(`'${name}'`) && !code.includes(`'${name}/`)),
      [],
    );
  });
});
