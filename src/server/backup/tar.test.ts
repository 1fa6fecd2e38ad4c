import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, hasCode } from '#kernel';
import { readTar, writeTar } from './tar.ts';

const one = async function* (bytes: Uint8Array, piece = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
};
const archive = async (files: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> =>
  concat(
    ...(await Array.fromAsync(
      writeTar(
        Object.entries(files).map(([name, bytes]) => ({ name, size: bytes.length, bytes: one(bytes) })),
        1_700_000_000_000,
      ),
    )),
  );
const unpack = async (tar: Uint8Array, piece: number): Promise<Record<string, Uint8Array>> => {
  const files: Record<string, Uint8Array> = {};
  for await (const { name, bytes } of readTar(one(tar, piece))) files[name] = concat(...(await Array.fromAsync(bytes)));
  return files;
};

test('what was written reads back, whole or byte by byte', async () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_./]{0,90}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(name, fc.uint8Array({ maxLength: 2_000 }), { maxKeys: 5, noNullPrototype: true }),
      fc.integer({ min: 1, max: 3_000 }),
      async (files, piece) => {
        assert.deepEqual(await unpack(await archive(files), piece), files);
      },
    ),
  );
});

test(
  'any tar unpacks it',
  { skip: spawnSync('tar', ['--version']).status === 0 ? false : 'there is no tar here' },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chatelaine-tar-'));
    writeFileSync(
      join(folder, 'x.tar'),
      await archive({ 'manifest.note': Buffer.from('hello'), 'tables/a.jsonl': new Uint8Array(1_025).fill(65) }),
    );
    assert.equal(spawnSync('tar', ['xf', 'x.tar'], { cwd: folder }).status, 0);
    assert.deepEqual(readdirSync(folder).toSorted(), ['manifest.note', 'tables', 'x.tar']);
    assert.equal(readFileSync(join(folder, 'tables', 'a.jsonl'), 'utf8'), 'A'.repeat(1_025));
    rmSync(folder, { recursive: true });
  },
);

test('an archive that is cut off or not one at all is refused', async () => {
  const whole = await archive({ a: new Uint8Array(700).fill(1), b: new Uint8Array(3).fill(2) });
  const refused = async (tar: Uint8Array) => {
    await assert.rejects(unpack(tar, 512), (error) => hasCode(error, 'server.malformed_backup'));
  };
  for (const length of [0, 1, 511, 512, 600, 1_024, 1_500, 1_536, 2_050]) await refused(whole.subarray(0, length));
  await refused(whole.with(3, 9));
  await refused(whole.with(156, 0x32));
  const runs = Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 2_000);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (noise) => {
      await unpack(noise, 512).catch((error: unknown) =>
        assert.ok(hasCode(error, 'server.malformed_backup'), String(error)),
      );
    }),
    { numRuns: runs },
  );
});
