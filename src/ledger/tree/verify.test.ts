import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret, concat } from '#kernel';
import { ed25519Signer } from '#kernel/node';
import { signCheckpoint } from './checkpoint.ts';
import { rootOfFrontier } from './frontier.ts';
import { leafHash } from './merkle.ts';
import { sampleEntry, sampleLog } from './naive-tree.fixture.ts';
import { frontierAt, rootAt } from './tile-source.ts';
import { type LogReport, type LogToVerify, verifyLog } from './verify.ts';
import { verifierKey } from './verifier-key.ts';

const SIZE = 1_500;
const signer = ed25519Signer('porch.example/ledger', Secret.fromBytes(new Uint8Array(32).fill(1)));
const key = verifierKey(signer.name, signer.publicKey);
const log = sampleLog(SIZE);
const checkpointNote = signCheckpoint(signer, SIZE, rootOfFrontier(log.frontier));
const older = async (size: number) => signCheckpoint(signer, size, await rootAt(log, size));
const forged = sampleEntry(1_000_000);

/** What a copy of the tiles kept elsewhere says; `log` is that copy. */
const verify = (entries: readonly Uint8Array[], more: Partial<LogToVerify> = {}) =>
  verifyLog({ checkpointNote, verifierKey: key, entries, ...more });

/** The faults without their wording. */
const places = (report: LogReport) =>
  report.faults.map((fault) => Object.fromEntries(Object.entries(fault).filter(([name]) => name !== 'message')));

const kinds = (report: { faults: readonly { kind: string }[] }) => report.faults.map(({ kind }) => kind);

test('an untouched log is right, streamed or not, with tiles, a pinned checkpoint, or from an archive boundary', async () => {
  const streamed = (async function* () {
    yield* log.entries;
  })();
  for (const report of [
    await verify(log.entries),
    await verifyLog({ checkpointNote, verifierKey: key, entries: streamed }),
    await verify(log.entries, { tiles: log }),
    await verify(log.entries, { previousCheckpoint: await older(700), tiles: log }),
    await verify(log.entries, { previousCheckpoint: await older(0) }),
    await verify(log.entries, { previousCheckpoint: checkpointNote }),
    await verify(log.entries.slice(1_111), {
      start: await frontierAt(log, 1_111),
      tiles: log,
      previousCheckpoint: await older(700),
    }),
  ]) {
    assert.deepEqual(report.faults, []);
    assert.ok(report.ok);
    assert.equal(report.size, SIZE);
  }
});

test('property: with tiles at hand, each kind of harm is named with its place', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(SIZE - 2), fc.integer({ min: 1, max: 400 }), async (at, distance) => {
      const { entries } = log;
      const first = async (harmed: readonly Uint8Array[]) => {
        const report = await verify(harmed, { tiles: log });
        assert.ok(!report.ok);
        return places(report).find(({ kind }) => kind !== 'surplus');
      };
      const other = Math.min(SIZE - 1, at + distance);
      assert.deepEqual(await first(entries.with(at, forged)), { kind: 'changed', index: at });
      assert.deepEqual(await first(entries.toSpliced(at, other - at)), {
        kind: 'removed',
        from: at,
        to: other,
      });
      assert.deepEqual(await first(entries.toSpliced(at, 0, forged)), {
        kind: 'inserted',
        from: at,
        to: at + 1,
      });
      assert.deepEqual(await first(entries.with(at, entries[other]!).with(other, entries[at]!)), {
        kind: 'reordered',
        index: at,
        belongs: other,
      });
      assert.deepEqual(await first(entries.slice(0, at)), {
        kind: 'truncated',
        from: at,
        to: SIZE,
      });
    }),
    { numRuns: 25 },
  );
});

test('without tiles a changed, inserted or reordered entry is found, and a pinned checkpoint narrows where', async () => {
  const { entries } = log;
  for (const harmed of [
    entries.with(900, forged),
    entries.with(900, entries[901]!).with(901, entries[900]!),
    entries.toSpliced(900, 1, forged),
  ]) {
    const wide = await verify(harmed);
    assert.deepEqual(places(wide), [{ kind: 'damaged', from: 0, to: SIZE }]);
    const narrow = await verify(harmed, { previousCheckpoint: await older(700) });
    assert.deepEqual(places(narrow), [{ kind: 'damaged', from: 700, to: SIZE }]);
  }
  assert.deepEqual(kinds(await verify(entries.toSpliced(900, 0, forged))), ['surplus', 'damaged']);
  assert.deepEqual(kinds(await verify(entries.toSpliced(900, 1))), ['truncated']);
  assert.deepEqual(kinds(await verify([...entries, forged])), ['surplus']);
  assert.deepEqual(kinds(await verify([])), ['truncated']);
});

test('stored upper tiles alone, with leaves taken from the harmed entries, name the block', async () => {
  const harmed = log.entries.with(300, forged);
  const leaf = (index: number, count: number) => concat(...harmed.slice(index, index + count).map(leafHash));
  const report = await verify(harmed, { tiles: { leaf, tile: log.tile } });
  assert.deepEqual(places(report), [{ kind: 'damaged', from: 256, to: 512 }]);
});

test('tiles that do not belong to the checkpoint are blamed, not the entries', async () => {
  const foreign = sampleLog(SIZE + 1);
  foreign.append([forged]);
  const broken = { leaf: log.leaf, tile: () => new Uint8Array(32 * 256) };
  assert.deepEqual(kinds(await verify(log.entries, { tiles: broken })), []);
  assert.deepEqual(kinds(await verify(log.entries.with(3, forged), { tiles: broken })), ['tiles', 'tiles', 'tiles']);
  assert.deepEqual(
    kinds(
      await verify(log.entries.with(3, forged), {
        tiles: { leaf: () => new Uint8Array(), tile: () => undefined },
      }),
    ),
    ['tiles', 'tiles', 'tiles'],
  );
});

test('a fork, a split view and a rollback are told apart', async () => {
  const other = sampleLog(600);
  other.append(Array.from({ length: SIZE - 600 }, (_, i) => sampleEntry(5_000 + i)));
  const otherNote = signCheckpoint(signer, SIZE, rootOfFrontier(other.frontier));
  const pinned = await older(900);
  const fork = await verifyLog({
    checkpointNote: otherNote,
    verifierKey: key,
    entries: other.entries,
    previousCheckpoint: pinned,
  });
  assert.deepEqual(kinds(fork), ['fork']);
  const harmless = await verifyLog({
    checkpointNote: otherNote,
    verifierKey: key,
    entries: other.entries,
    previousCheckpoint: await older(600),
  });
  assert.ok(harmless.ok);
  assert.deepEqual(kinds(await verify(log.entries, { previousCheckpoint: otherNote })), ['fork']);
  const short = await verifyLog({
    checkpointNote: pinned,
    verifierKey: key,
    entries: log.entries.slice(0, 900),
    previousCheckpoint: checkpointNote,
  });
  assert.deepEqual(kinds(short), ['rollback']);
});

test('a fork is proven by tiles too when entries are missing', async () => {
  const other = sampleLog(600);
  other.append(Array.from({ length: SIZE - 600 }, (_, i) => sampleEntry(5_000 + i)));
  const checkpoint = signCheckpoint(signer, SIZE, rootOfFrontier(other.frontier));
  const report = await verifyLog({
    checkpointNote: checkpoint,
    verifierKey: key,
    entries: other.entries.slice(0, 800),
    previousCheckpoint: await older(900),
    tiles: other,
  });
  assert.deepEqual(kinds(report), ['truncated', 'fork']);
});

test('a checkpoint that cannot be believed is said so, with the code of the error', async () => {
  const stranger = ed25519Signer(key.name, Secret.fromBytes(new Uint8Array(32).fill(2)));
  const root = rootOfFrontier(log.frontier);
  const cases = [
    [checkpointNote.replace('\n1500\n', '\n1501\n'), 'ledger.signature_wrong'],
    [signCheckpoint(stranger, SIZE, root), 'ledger.note_unsigned'],
    [signCheckpoint({ ...signer, name: 'other' }, SIZE, root), 'ledger.note_unsigned'],
    ['nonsense', 'ledger.note_malformed'],
  ] as const;
  for (const [note, code] of cases) {
    const newest = await verify(log.entries, { checkpointNote: note });
    assert.deepEqual(
      newest.faults.map((fault) => fault.kind === 'checkpoint' && fault.code),
      [code],
    );
    const previous = await verify(log.entries, { previousCheckpoint: note });
    assert.deepEqual(
      previous.faults.map((fault) => fault.kind === 'checkpoint' && fault.which),
      ['previous'],
    );
  }
});
