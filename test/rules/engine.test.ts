import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { searchDigest } from '#scanner';
import { engineDigest, engineFiles } from '../../scripts/engine-digest.ts';

describe('a kept verdict', () => {
  const shipped = new URL('../../src/scanner/matcher/builtin.json', import.meta.url);
  const { engine } = JSON.parse(readFileSync(shipped, 'utf8')) as { engine: string };

  test('belongs to the engine that gave it, down to its last file', () => {
    const files = engineFiles();
    for (const file of [
      'detectors/urls.ts',
      'filters/rarity.ts',
      'home/families/zigbee.ts',
      'decode.ts',
      'look.ts',
      'matcher/kernel.wasm',
    ])
      assert.ok(files.includes(`src/scanner/${file}`), file);
    assert.ok(files.includes('src/formats/yaml.ts'));
    assert.ok(!files.some((file) => file.startsWith('src/scanner/rules/')), 'rules have a digest of their own');
    assert.equal(engine, engineDigest(), 'Regenerate: node scripts/build-rules.mjs');
  });

  test('is of no use under other rules', async () => {
    const own = {
      id: 'porch-key',
      title: 'Porch key',
      vendor: 'Porch',
      kind: 'api-key',
      tier: 'silver',
      rotation: 'api',
      shape: ['porch-live-', { of: 'alnum', min: 24, max: 24 }],
      opens: 'the porch',
      remedy: 'Make another.',
      source: 'https://porch.example/',
      evidence: 'documented',
      examples: [],
      notThese: [],
    } as const;
    const digest = await searchDigest({});
    assert.ok(digest.startsWith(`${engine}-`));
    assert.notEqual(await searchDigest({ rules: [own] }), digest);
  });
});
