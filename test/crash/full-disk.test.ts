import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CredentialPath, Secret, hasCode } from '#kernel';
import { readVersion, writeVersion } from '#secrets';
import { foundHouse } from './cast.ts';
import { openPlace } from './place.ts';
import { openWitness } from './witness.ts';

/** A small file system of our own, or why there can be none. */
const mountSmall = (folder: string): string | undefined => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux can mount a small file system';
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `no file system can be mounted here: ${stderr.trim()}`;
};

test('on a full disk deeds are refused by name, nothing is lost, and all goes on when there is room again', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-full-'));
  const why = mountSmall(folder);
  if (why !== undefined) {
    rmSync(folder, { recursive: true });
    return t.skip(why);
  }
  t.after(() => {
    spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const place = { kind: 'sqlite', folder: join(folder, 'data') } as const;
  const fatal: Error[] = [];
  const engine = await openPlace(place, (error) => fatal.push(error));
  const house = await foundHouse(engine);
  const write = (i: number, bytes: number) =>
    writeVersion(house.secrets, house.owner, {
      path: CredentialPath.parse(`porch/home/large/${i}`),
      value: Secret.fromText(JSON.stringify({ password: `${i} `.padEnd(bytes, 'x') })),
      leaves: 'all',
      provenance: { how: 'entered', from: null, scopes: [] },
    });
  const read = (i: number) =>
    readVersion(house.secrets, house.owner, { path: CredentialPath.parse(`porch/home/large/${i}`), version: 0 });
  const isFull = (error: unknown): boolean => hasCode(error, 'storage.full');

  await write(0, 40_000);
  // Somebody else's file takes the rest.
  const { bavail, bsize } = statfsSync(folder);
  const other = join(folder, 'other');
  writeFileSync(other, new Uint8Array(bavail * bsize - 200_000));
  let kept = 0;
  await assert.rejects(async () => {
    for (kept = 1; ; kept++) await write(kept, 40_000);
  }, isFull);
  assert.ok(kept > 0);
  // Many at once are all told the same, however the batch is split.
  const together = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => write(1_000 + i, 40_000)));
  for (const each of together) assert.ok(each.status === 'rejected' && isFull(each.reason), JSON.stringify(each));
  // A read needs room for its entry: it is answered or refused as full, never released without its entry.
  const size = house.deeds.head()!.size;
  const [meanwhile] = await Promise.allSettled([read(0)]);
  assert.ok(meanwhile.status === 'fulfilled' ? house.deeds.head()!.size > size : isFull(meanwhile.reason));
  assert.deepEqual(fatal, [], 'a full disk is no failed disk');

  rmSync(other);
  await write(2_000, 40_000);
  for (let i = 0; i < kept; i++) assert.deepEqual((await read(i)).value, { password: `${i} `.padEnd(40_000, 'x') });
  await openWitness().check(engine, [], true);
  await engine.close();
});
