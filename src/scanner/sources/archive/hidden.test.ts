import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { brotliCompressSync, crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { collect, measure, temporaryFolder } from '../collect.fixture.ts';
import { treeSource } from '../tree.ts';
import { archiveSource } from './archive.ts';
import { zipOf } from './zip.fixture.ts';

const folder = temporaryFolder();
after(folder.remove);

const write = (name: string, bytes: Uint8Array | string): string => {
  const file = join(folder.path, name);
  writeFileSync(file, bytes);
  return file;
};
const read = async (name: string, bytes: Uint8Array) => {
  const { gaps, units } = await collect(archiveSource({ file: write(name, bytes), path: name }));
  return { gaps, units: units.map(({ path, text }) => `${path} ${text}`) };
};
const MIB = 1024 * 1024;

describe('an archive hides nothing', () => {
  test('behind the end of its compression', async () => {
    for (const packed of [gzipSync('before'), zstdCompressSync('before')])
      assert.deepEqual(await read('tail.gz', Buffer.concat([packed, Buffer.from('and behind')])), {
        gaps: [],
        units: ['tail.gz!tail before', 'tail.gz!(behind its end) and behind'],
      });
    const filled = await read('filled.gz', Buffer.concat([gzipSync('before'), Buffer.alloc(900)]));
    assert.deepEqual(filled, { gaps: [], units: ['filled.gz!filled before'] });
  });

  test('in brotli, which is known by its name', async () => {
    assert.deepEqual(await read('page.js.br', brotliCompressSync('the page')), {
      gaps: [],
      units: ['page.js.br!page.js the page'],
    });
    const { gaps } = await read('page.css.br', Buffer.from('no brotli at all'));
    assert.deepEqual(
      gaps.map((gap) => gap.split(' ')[0]),
      ['broken'],
    );
  });

  test('behind a program that unpacks it', async () => {
    const zip = zipOf([{ name: 'inside', bytes: Buffer.from('content') }]);
    assert.deepEqual(await read('self.jar', Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar "$0"\n'), zip])), {
      gaps: [],
      units: [`self.jar #!/bin/sh\nexec java -jar "$0"\n${zip.toString('latin1')}`, 'self.jar!inside content'],
    });
  });

  test('behind as many members as its directory claims', async () => {
    const members = ['a', 'b', 'c'].map((name) => ({ name, bytes: Buffer.from(name) }));
    const { units } = await read('more.zip', zipOf(members, { entries: 1 }));
    assert.deepEqual(units, ['more.zip!a a', 'more.zip!b b', 'more.zip!c c']);
  });

  test('under a name that is not UTF-8', { skip: process.platform !== 'linux' && 'names are UTF-8 here' }, async () => {
    const tree = join(folder.path, 'odd');
    mkdirSync(tree);
    writeFileSync(
      Buffer.concat([Buffer.from(`${tree}/odd-`), Buffer.from([0xff]), Buffer.from('.gz')]),
      gzipSync('packed'),
    );
    const { units, gaps } = await collect(treeSource({ paths: [tree] }));
    assert.deepEqual([units.map(({ text }) => text), gaps], [['packed'], []]);
  });
});

describe('a zip bomb', () => {
  const zeros = deflateRawSync(Buffer.alloc(32 * MIB));
  const sum = crc32(Buffer.alloc(32 * MIB));

  test('whose members lie on one another is left at once', async () => {
    const bomb = zipOf([{ name: 'f', packed: zeros, size: 32 * MIB, sum }], { again: 60 });
    const started = performance.now();
    const { bytes, gaps, messages } = await measure(archiveSource({ file: write('overlap.zip', bomb), path: 'o' }));
    assert.deepEqual(gaps, ['too_large o']);
    assert.match(messages[0]!, /on one another/);
    assert.ok(bytes <= 300 * MIB && performance.now() - started < 10_000);
  });

  test('of archives in archives stops at what all of it expands to', async () => {
    const layer = zipOf([{ name: '0', packed: zeros, size: 32 * MIB, sum }]);
    const inner = zipOf(Array.from({ length: 16 }, (_, i) => ({ name: `${i}.zip`, bytes: layer })));
    const nested = zipOf(Array.from({ length: 16 }, (_, i) => ({ name: `${i}.zip`, bytes: inner })));
    const file = write('nested.zip', nested);
    const { bytes, gaps, messages } = await measure(archiveSource({ file, path: 'n' }));
    assert.deepEqual(gaps, ['too_large n'], messages.join());
    // 8 GiB would come out of half a MiB.
    assert.ok(bytes < Math.max(256 * MIB, 300 * nested.length) + 4 * MIB, String(bytes));
  });

  test('that holds itself is followed ten layers deep and no further', async () => {
    // What the quine of R. Cox does: each layer is as large as the one around it, so no ratio ever stops it.
    let quine: Buffer = Buffer.from('core');
    for (let depth = 0; depth < 40; depth++) quine = zipOf([{ name: 'r.zip', bytes: quine, stored: true }]);
    const { gaps } = await read('r.zip', quine);
    assert.deepEqual(
      gaps.map((gap) => gap.split(' ')[0]),
      ['too_deep'],
    );
  });
});
