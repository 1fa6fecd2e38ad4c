import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Secret } from '#kernel';
import { type Collected, collect, run, temporaryFolder } from '../collect.fixture.ts';
import { archiveSource } from './archive.ts';
import { SECURETAR_VECTORS } from './securetar.vectors.ts';

const folder = temporaryFolder();
after(folder.remove);
let count = 0;

const read = (bytes: Uint8Array, password?: string): Promise<Collected> => {
  count += 1;
  const file = join(folder.path, `${count}.tar`);
  writeFileSync(file, bytes);
  const key = password === undefined ? {} : { key: Secret.fromText(password) };
  return collect(archiveSource({ file, path: 'b.tar', ...key }));
};

const vector = (version: 2 | 3): Buffer => gunzipSync(Buffer.from(SECURETAR_VECTORS[version], 'base64'));

/** Version 1 is version 2 without the first 32 bytes of its header. */
const asVersion1 = (archive: Buffer): Buffer => {
  const at = archive.indexOf('SecureTar');
  const size = Number.parseInt(archive.toString('latin1', at - 512 + 124, at - 512 + 135), 8);
  const header = Buffer.from(archive.subarray(at - 512, at));
  header.write((size - 32).toString(8).padStart(11, '0'), 124);
  header.write('        ', 148);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const data = archive.subarray(at + 32, at + size);
  return Buffer.concat([
    archive.subarray(0, at - 512),
    header,
    data,
    Buffer.alloc((512 - (data.length % 512)) % 512),
    Buffer.alloc(1024),
  ]);
};

describe('an encrypted backup of Home Assistant', () => {
  const inside = 'b.tar!homeassistant.tar.gz';
  for (const [version, archive] of [
    [1, asVersion1(vector(2))],
    [2, vector(2)],
    [3, vector(3)],
  ] as const) {
    test(`of SecureTar ${version} opens with its key`, async () => {
      const { gaps, units } = await read(archive, 'the-kit-key');
      assert.deepEqual(
        units.map(({ path, text }) => [path, text]),
        [
          ['b.tar!backup.json', '{"protected": true}'],
          [`${inside}!data/secrets.yaml`, 'wifi: one'],
        ],
      );
      assert.deepEqual(gaps, []);
    });

    test(`of SecureTar ${version} is a gap with another key and without one`, async () => {
      assert.deepEqual((await read(archive, 'another')).gaps, [`encrypted ${inside}`]);
      assert.deepEqual((await read(archive)).gaps, [`encrypted ${inside}`]);
      assert.equal((await read(archive)).units.length, 1);
    });
  }

  test('of SecureTar 3 is told when one bit of it was changed, or it was cut', async () => {
    const archive = vector(3);
    const at = archive.indexOf('SecureTar');
    const size = Number.parseInt(archive.toString('latin1', at - 512 + 124, at - 512 + 135), 8);
    for (const place of [136, 137, 200, size - 1]) {
      const changed = Buffer.from(archive);
      changed[at + place]! ^= 1;
      assert.deepEqual((await read(changed, 'the-kit-key')).gaps, [`broken ${inside}`], String(place));
    }
    const gaps = (await read(archive.subarray(0, at + size - 20), 'the-kit-key')).gaps;
    assert.ok(gaps.includes(`broken ${inside}`), gaps.join());
    for (const place of [40, 60, 90]) {
      const changed = Buffer.from(archive);
      changed[at + place]! ^= 1;
      assert.deepEqual((await read(changed, 'the-kit-key')).gaps, [`encrypted ${inside}`], String(place));
    }
  });
});

const PYTHON = `
import securetar, tarfile, io, sys
from pathlib import Path
archive = securetar.SecureTarArchive(Path(sys.argv[1]), 'w', create_version=int(sys.argv[2]), password='k')
archive.open()
def add(tar, name, data):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))
add(archive.tar, './backup.json', b'{}')
for index, size in enumerate([0, 1, 15, 16, 17, 1048576 - 1536, 1048576, 3145805]):
    with archive.create_tar(f'./part{index}.tar', gzip=False) as tar:
        add(tar, 'data', bytes([65 + index]) * size)
        add(tar, 'last', b'end')
archive.close()
`;

const hasPackage = (): boolean => {
  try {
    run('python3', ['-c', 'import securetar']);
    return true;
  } catch {
    return false;
  }
};

for (const version of [2, 3])
  test(
    `parts of all sizes written by the package itself open, SecureTar ${version}`,
    { skip: !hasPackage() && 'the Python package securetar is not installed: pip install securetar' },
    async () => {
      const file = join(folder.path, `real${version}.tar`);
      run('python3', ['-c', PYTHON, file, String(version)]);
      const { gaps, units } = await collect(archiveSource({ file, path: 'r', key: Secret.fromText('k') }));
      assert.deepEqual(gaps, []);
      const sizes = units.filter(({ path }) => path.endsWith('!data')).map(({ text }) => text.length);
      assert.deepEqual(sizes, [0, 1, 15, 16, 17, 1048576 - 1536, 1048576, 3145805]);
      assert.equal(units.filter(({ path, text }) => path.endsWith('!last') && text === 'end').length, 8);
    },
  );
