import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasCode } from '#kernel';
import { systemClock } from '#kernel/node';
import {
  type PublishedFiles,
  type VerifierKey,
  checkLedger,
  formatVerifierKey,
  proveEntry,
  publishedKey,
  readBundle,
  readHeadRow,
  readTile,
  redactEntries,
  tilePath,
  tileSource,
  tileWidth,
  verifyProofFile,
  verifyPublished,
} from '#ledger';
import { confirmKit } from '#inventory';
import { type Engine, openSqlite, openWriter, statement } from '#storage';
import { ownKey } from '../src/server/check-start.ts';
import { forEachEngine, temporaryFolder } from './engines.ts';
import { type Rooms, openRooms } from './rooms.ts';

/** Writes what the server publishes under /ledger/, as the files of a folder. */
const publish = (engine: Engine, key: VerifierKey): Promise<Map<string, Uint8Array>> =>
  engine.snapshot(async (tx) => {
    const { size, checkpoint, minimum } = (await readHeadRow(tx))!;
    const files = new Map([
      ['checkpoint', Buffer.from(checkpoint) as Uint8Array],
      ['key', Buffer.from(`${formatVerifierKey(key)}\n`) as Uint8Array],
    ]);
    for (let level = 0; tileWidth(level, 0, size) > 0; level++)
      for (let index = level === 0 ? minimum / 256 : 0; tileWidth(level, index, size) > 0; index++) {
        const width = tileWidth(level, index, size);
        files.set(tilePath({ level, index, width }), await readTile(tileSource(tx), { level, index, width }));
        if (level === 0) files.set(tilePath({ level: 'entries', index, width }), await readBundle(tx, index, width));
      }
    return files;
  });

const reading =
  (files: ReadonlyMap<string, Uint8Array>): PublishedFiles =>
  async (path) =>
    files.get(path);

const grow = async (house: Rooms, entries: number): Promise<void> => {
  await Promise.all(Array.from({ length: entries }, () => house.deeds.perform(confirmKit, house.owner, {})));
};

forEachEngine('what the server publishes verifies offline, with the key alone', async (_t, engine) => {
  const house = await openRooms(engine);
  await grow(house, 600);
  const key = ownKey(house);
  const files = await publish(engine, key);
  const report = await verifyPublished({
    files: reading(files),
    key: publishedKey(Buffer.from(files.get('key')!).toString()),
  });
  assert.deepEqual(report.faults, []);
  assert.equal(report.size, house.deeds.head()!.size);
});

test('any change of a published file is found, or changes nothing that counts (2,000 cases)', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine);
  await grow(house, 300);
  const key = ownKey(house);
  const files = await publish(engine, key);
  const counts = [...files.keys()].filter((path) => path === 'checkpoint' || path.startsWith('tile/entries'));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...counts),
      fc.nat(),
      fc.constantFrom('flip', 'cut', 'remove'),
      async (path, at, how) => {
        const bytes = Uint8Array.from(files.get(path)!);
        const place = at % bytes.length;
        if (how === 'flip') bytes[place]! ^= 1 << (at % 8);
        const changed = new Map(files);
        if (how === 'remove') changed.delete(path);
        else changed.set(path, how === 'cut' ? bytes.subarray(0, place) : bytes);
        const report = await verifyPublished({ files: reading(changed), key }).catch((error: unknown) => {
          assert.ok(hasCode(error, 'ledger.absent') && path === 'checkpoint' && how === 'remove', String(error));
          return { ok: false };
        });
        assert.equal(report.ok, false, `${how} ${path} at ${place}`);
      },
    ),
    { numRuns: Number(process.env['CHATELAINE_FUZZ_RUNS'] ?? 2_000) },
  );
  await engine.close();
});

test('an older copy and a fork are found by a pinned checkpoint', async () => {
  const engine = openSqlite({ folder: temporaryFolder() });
  const house = await openRooms(engine);
  await grow(house, 10);
  const key = ownKey(house);
  const older = await publish(engine, key);
  await grow(house, 10);
  const pinned = house.deeds.head()!.checkpoint;
  assert.deepEqual((await verifyPublished({ files: reading(await publish(engine, key)), key, pinned })).faults, []);
  const report = await verifyPublished({ files: reading(older), key, pinned });
  assert.deepEqual(
    report.faults.map(({ kind }) => kind),
    ['rollback'],
  );
  await engine.close();
});

forEachEngine('entries archived below a boundary leave the rest verifiable', async (_t, engine) => {
  const house = await openRooms(engine);
  await grow(house, 900);
  const key = ownKey(house);
  const archive = statement<{ ledger_entry: { idx: number } }, { below: number }>((db, { below }) =>
    db.deleteFrom('ledger_entry').where('idx', '<', below),
  );
  const raise = statement<{ ledger_head: { minimum: number } }, { minimum: number }>((db, { minimum }) =>
    db.updateTable('ledger_head').set({ minimum }),
  );
  await openWriter(engine).commit(async (tx) => {
    await tx.run(archive, { below: 512 });
    await tx.run(raise, { minimum: 512 });
  });
  const check = await engine.snapshot((tx) => checkLedger(tx, key));
  assert.deepEqual([check.entryFaults, check.treeFaults, check.minimum], [[], [], 512]);
  assert.deepEqual(
    (await verifyPublished({ files: reading(await publish(engine, key)), key, minimum: 512 })).faults,
    [],
  );
  await assert.rejects(verifyPublished({ files: reading(await publish(engine, key)), key, minimum: 500 }), (error) =>
    hasCode(error, 'ledger.absent'),
  );
});

forEachEngine('a proof made before a redaction and one made after it both hold', async (_t, engine) => {
  const house = await openRooms(engine);
  await grow(house, 40);
  const key = ownKey(house);
  const prove = async () => (await house.deeds.perform(proveEntry(null), house.owner, { index: 12 })).output;
  const before = await prove();
  await house.deeds.perform(redactEntries, house.owner, { identity: house.owner.identity, reason: 'asked for' });
  const later = await prove();
  assert.notEqual(before.entry.personal, null);
  assert.equal(later.entry.personal, null);
  const [was, is] = [verifyProofFile(before.proof, key), verifyProofFile(later.proof, key)];
  assert.deepEqual(was.entry, is.entry);
  assert.ok(Buffer.from(was.opening).includes(house.owner.identity));
  assert.equal(Buffer.from(is.opening).includes(house.owner.identity), false);
});

forEachEngine('a check without a key sees everything but the signature', async (_t, engine) => {
  const house = await openRooms(engine);
  await grow(house, 20);
  const check = await engine.snapshot((tx) => checkLedger(tx, null));
  assert.deepEqual([check.entryFaults, check.treeFaults, check.signed], [[], [], false]);
  assert.ok(check.newestAt !== null && check.newestAt <= systemClock.now());
});
