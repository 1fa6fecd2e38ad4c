import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChatelaineError, hasCode, toHex } from '#kernel';
import { decodeFrontier, encodeEdge, extendFrontier, rootOfFrontier } from './frontier.ts';
import { leafHash } from './merkle.ts';
import { sampleEntry, sampleLog, sampleTree } from './naive-tree.fixture.ts';
import { frontierAt, rootAt } from './tile-source.ts';
import { decodeBundle, encodeBundle, parseTilePath, tilePath, tileWidth, tilesOfSize } from './tiles.ts';

test('C2SP tlog-tiles: index 1234067 is x001/x234/067', () => {
  assert.equal(tilePath({ level: 0, index: 1_234_067, width: 256 }), 'tile/0/x001/x234/067');
  assert.equal(tilePath({ level: 'entries', index: 67, width: 5 }), 'tile/entries/067.p/5');
  assert.deepEqual(parseTilePath('tile/1/x001/x234/067.p/8'), {
    level: 1,
    index: 1_234_067,
    width: 8,
  });
});

test('C2SP tlog-tiles: the tiles of a log of 70,000 entries and of 256', () => {
  const summary = (size: number) =>
    Object.entries(Object.groupBy(tilesOfSize(size), ({ level }) => level)).map(([level, tiles]) => ({
      level: Number(level),
      full: tiles!.filter(({ width }) => width === 256).length,
      partial: tiles!.filter(({ width }) => width < 256).map(({ width }) => width),
    }));
  assert.deepEqual(summary(70_000), [
    { level: 0, full: 273, partial: [112] },
    { level: 1, full: 1, partial: [17] },
    { level: 2, full: 0, partial: [1] },
  ]);
  assert.deepEqual(summary(256), [
    { level: 0, full: 1, partial: [] },
    { level: 1, full: 0, partial: [1] },
  ]);
  assert.deepEqual(summary(0), []);
  assert.equal(tileWidth('entries', 273, 70_000), 112);
  assert.equal(tileWidth(0, 274, 70_000), 0);
  assert.equal(tileWidth(63, 0, 70_000), 0);
});

test('property: a tile and its path are one', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
      fc.maxSafeInteger().map(Math.abs),
      fc.integer({ min: 1, max: 256 }),
      (level, index, width) =>
        assert.deepEqual(parseTilePath(tilePath({ level, index, width })), { level, index, width }),
    ),
  );
});

test('a path in any other spelling is refused', () => {
  for (const path of [
    '',
    'tile/0/67',
    'tile/00/067',
    'tile/64/067',
    'tile/0/x000/067',
    'tile/0/001/067',
    'tile/0/x001',
    'tile/0/067.p/0',
    'tile/0/067.p/256',
    'tile/0/067.p/007',
    'tile/0/067/',
    '/tile/0/067',
    'tile/0/../067',
    'tile/data/067',
    'tile/-1/067',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/067\n',
    'tile/0/٠٦٧',
    'tile/entries',
  ])
    assert.throws(
      () => parseTilePath(path),
      (error) => hasCode(error, 'ledger.tile_malformed'),
      path,
    );
});

test('property: a bundle gives back its entries, and anything cut off is refused', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 }), (entries) => {
      const bundle = encodeBundle(entries);
      assert.deepEqual(decodeBundle(bundle), entries);
      const cut = bundle.slice(0, -1);
      try {
        assert.notDeepEqual(decodeBundle(cut), entries);
      } catch (error) {
        assert.ok(hasCode(error, 'ledger.tile_malformed'));
      }
    }),
  );
  assert.throws(
    () => encodeBundle([new Uint8Array(65_536)]),
    (error) => hasCode(error, 'ledger.entry_too_long'),
  );
});

test('fuzz: any bytes as a bundle and any text as a path end in our own error or in a canonical reading', () => {
  const parses = (read: () => void) => {
    try {
      read();
    } catch (error) {
      assert.ok(error instanceof ChatelaineError);
    }
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (bytes, text) => {
      parses(() => assert.deepEqual(encodeBundle(decodeBundle(bytes)), bytes));
      parses(() => assert.equal(tilePath(parseTilePath(`tile/${text}`)), `tile/${text}`));
    }),
    { numRuns: 10_000 },
  );
});

test('property: appending in any portions gives the roots of the definition, and the edge survives storing', async () => {
  const tree = sampleTree(2_000);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 4 }), async (portions) => {
      const log = sampleLog(0);
      for (const portion of portions) {
        const size = log.frontier.size;
        if (size + portion > 2_000) break;
        log.append(Array.from({ length: portion }, (_, i) => sampleEntry(size + i)));
      }
      const { size } = log.frontier;
      assert.equal(toHex(rootOfFrontier(log.frontier)), toHex(tree.root(size)));
      assert.equal(toHex(await rootAt(log, size)), toHex(tree.root(size)));
      assert.deepEqual(decodeFrontier(size, encodeEdge(log.frontier)), log.frontier);
      assert.deepEqual(await frontierAt(log, size), log.frontier);
    }),
    { numRuns: 60 },
  );
});

test('a frontier at a size past 32 bits goes on appending', () => {
  const size = 2 ** 40 + 255;
  const edge = new Uint8Array(9 * 32).fill(7);
  const { frontier, completed } = extendFrontier(decodeFrontier(size, edge), [leafHash(sampleEntry(0))]);
  assert.equal(frontier.size, size + 1);
  assert.deepEqual(
    completed.map(({ level, index, offset }) => ({ level, index, offset })),
    [{ level: 1, index: 2 ** 24, offset: 0 }],
  );
});

test('appending leaves the old frontier as it was', () => {
  const { frontier } = extendFrontier(sampleLog(5).frontier, []);
  const before = toHex(rootOfFrontier(frontier));
  extendFrontier(frontier, [leafHash(sampleEntry(5))]);
  assert.equal(toHex(rootOfFrontier(frontier)), before);
});

test('an edge that cannot belong to its size is refused', () => {
  assert.throws(
    () => decodeFrontier(3, new Uint8Array(32)),
    (error) => hasCode(error, 'ledger.tile_missing'),
  );
  assert.throws(
    () => decodeFrontier(-1, new Uint8Array()),
    (error) => hasCode(error, 'ledger.out_of_range'),
  );
});
