import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scanBytes } from '../engine.fixture.ts';
import { seededRandom } from './credentials.fixture.ts';
import { HARMLESS } from './silence.fixture.ts';

const SEED = process.env['TEST_SEED'] ?? process.env['CHATELAINE_SEED'] ?? '20261123';
const ROUNDS = Number(process.env['CHATELAINE_PLANT_ROUNDS'] ?? 1) * 40;

/** One object, so that its plan is opened once. */
const BUILTIN = {};

describe('what looks drawn by chance and opens nothing', () => {
  test('lock files, hashes, ids, pictures, certificates, minified and translated text give no finding', async () => {
    const wrong: string[] = [];
    let bytes = 0;
    for (const make of HARMLESS)
      for (let round = 0; round < ROUNDS; round++) {
        const { path, text } = make(seededRandom(`silence ${SEED} ${round}`));
        bytes += text.length;
        const { found, gap } = await scanBytes(text, path, BUILTIN);
        assert.equal(gap, null, path);
        for (const one of found)
          if (one.confidence !== 'note')
            wrong.push(
              `${path}, line ${one.place.line}, round ${round}: ${one.rule} ${one.value.slice(0, 60)} (${one.why})`,
            );
      }
    assert.ok(bytes > 3_000_000, `${bytes} bytes were looked through`);
    assert.deepEqual(wrong, [], `seed ${SEED}`);
  });

  test('and hide no key that stands among them', async () => {
    for (const make of HARMLESS) {
      const random = seededRandom(`silence ${SEED} key`);
      const { path, text } = make(random);
      const value = `sk-ant-api03-${Buffer.from(random.bytes(70)).toString('base64url').slice(0, 93)}AA`;
      const { found } = await scanBytes(`${text}\n${value}\n`, path, BUILTIN);
      assert.deepEqual(
        found.filter(({ rule }) => rule === 'anthropic-api-key').map((one) => one.value),
        [value],
        path,
      );
    }
  });

  test('and neither does the same without the name of its file', async () => {
    const wrong: string[] = [];
    for (const make of HARMLESS)
      for (let round = 0; round < 5; round++) {
        const { path, text } = make(seededRandom(`silence ${SEED} ${round}`));
        for (const name of ['notes', 'hub.txt', 'work/hub.ts', 'config/hub.yaml']) {
          const { found } = await scanBytes(text, name, BUILTIN);
          for (const one of found)
            if (one.confidence !== 'note')
              wrong.push(`${path} as ${name}, round ${round}: ${one.rule} ${one.value.slice(0, 60)}`);
        }
      }
    assert.deepEqual(wrong, [], `seed ${SEED}`);
  });
});
