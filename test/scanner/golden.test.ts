import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filesBelow, folderSource, golden, paragraphOf, scanned } from './golden.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PORCH = join(ROOT, 'examples', 'porch');

describe('what is found is what a careful person would list', () => {
  test('in the example home: every credential, what it is, where, and what is also wrong', async () => {
    const { discoveries, gaps } = await scanned(folderSource(PORCH, filesBelow(PORCH)));
    const text = `${discoveries.map(paragraphOf).join('\n\n')}\n`;
    assert.equal(text, golden('porch.golden.txt', text));
    assert.deepEqual(gaps, []);
  });

  test('in this repository: the tokens of the example home, one test vector, and nothing else', async (context) => {
    if (!existsSync(join(ROOT, '.git'))) return context.skip('this is no clone');
    const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 })
      .split('\0')
      .filter((path) => path !== '' && existsSync(join(ROOT, path)));
    const { discoveries } = await scanned(folderSource(ROOT, tracked));
    const leaks = discoveries.filter(({ confidence }) => confidence !== 'note');
    const text = `${leaks.map(paragraphOf).join('\n\n')}\n`;
    assert.equal(text, golden('repository.golden.txt', text));
    // Notes are what looks like a credential in examples and tests; the same in a stranger's project would be a leak.
    assert.ok(discoveries.length - leaks.length > 30);
  });

  const homes = process.env['CHATELAINE_HOMES'];
  test(
    'in a real home that keeps its secrets out of its repository: one id of a webhook, one key in a stand-in file',
    { skip: homes === undefined ? 'set CHATELAINE_HOMES to a folder of homes' : false },
    async () => {
      const root = join(homes!, 'bear-stone');
      const { discoveries, gaps } = await scanned(folderSource(root, filesBelow(root)));
      const leaks = discoveries.filter(({ confidence }) => confidence !== 'note');
      assert.deepEqual(
        leaks.map(({ kind, occurrences }) => `${kind} ${occurrences.length}`),
        ['api-key 9', 'webhook-id 1'],
      );
      const notes = discoveries.filter(({ confidence }) => confidence === 'note');
      assert.equal(notes.length, 17);
      // Its stand-in for secrets.yaml, published so that a build has one.
      for (const { occurrences } of notes) for (const { path } of occurrences) assert.match(path, /_secrets\.yaml$/);
      assert.deepEqual(gaps, []);
    },
  );
});
