import { treeError } from './errors.ts';
import type { Frontier } from './frontier.ts';
import { EMPTY_ROOT, HASH_BYTES, nodeHash, rootOfHashes } from './merkle.ts';
import { TILE_HEIGHT, TILE_WIDTH, type Tile, tileWidth } from './tiles.ts';

type Awaitable<T> = T | Promise<T>;

/**
 * Where stored hashes come from: a table, a folder, another server. Hashes are concatenated, 32 bytes each.
 * What lies beyond the size that is asked about may be there or not; a tile wider than needed is cut.
 */
export type TileSource = {
  /** Leaf hashes of the entries [index, index + count); the range never crosses a multiple of 256. */
  leaf(index: number, count: number): Awaitable<Uint8Array>;
  /** Tile (`level` ≥ 1, `index`) as far as it is filled. */
  tile(level: number, index: number): Awaitable<Uint8Array | undefined>;
};

/** Entries [from, to): the leaves of one subtree. */
export type Span = { readonly from: number; readonly to: number };

/** The bytes of a hash tile at its width; `tile_missing` where the source holds fewer. */
export const readTile = async (source: TileSource, tile: Tile & { readonly level: number }): Promise<Uint8Array> => {
  const { level, index, width } = tile;
  const hashes = level === 0 ? await source.leaf(index * TILE_WIDTH, width) : await source.tile(level, index);
  const found = hashes === undefined ? 0 : hashes.length / HASH_BYTES;
  if (hashes === undefined || found < width || !Number.isInteger(found))
    throw treeError(
      'tile_missing',
      `Tile ${index} of level ${level} should hold ${width} hashes; it holds ${Math.floor(found)}.`,
      { level, index },
    );
  return hashes.subarray(0, width * HASH_BYTES);
};

/**
 * The hash (RFC 9162 MTH) of each span in the tree of `size` entries. A span must start at a multiple of the
 * smallest power of two not below its length, as all subtrees of the tree and of its proofs do.
 * Each tile is read once.
 */
export const hashSpans = async (
  source: TileSource,
  size: number,
  spans: readonly Span[],
): Promise<readonly Uint8Array[]> => {
  const tiles = new Map<string, Uint8Array>();
  const tileAt = async (level: number, index: number): Promise<Uint8Array> => {
    const key = `${level}/${index}`;
    const known = tiles.get(key);
    if (known !== undefined) return known;
    const hashes = await readTile(source, { level, index, width: tileWidth(level, index, size) });
    tiles.set(key, hashes);
    return hashes;
  };
  const hashes: Uint8Array[] = [];
  for (const span of spans) {
    const parts: Uint8Array[] = [];
    for (const subtree of perfectSubtrees(span)) {
      const { level, index, offset, count } = placeInTile(subtree);
      parts.push(rootOfHashes(await tileAt(level, index), offset, count));
    }
    hashes.push(parts.length === 0 ? EMPTY_ROOT : parts.reduceRight((right, left) => nodeHash(left, right)));
  }
  return hashes;
};

/** Root of the tree as it was at `size`. */
export const rootAt = async (source: TileSource, size: number): Promise<Uint8Array> => {
  const [root] = await hashSpans(source, size, [{ from: 0, to: size }]);
  return root!;
};

/** The right edge of the tree at `size`, to go on appending from there. */
export const frontierAt = async (source: TileSource, size: number): Promise<Frontier> => ({
  size,
  edge: await hashSpans(
    source,
    size,
    perfectSubtrees({ from: 0, to: size }).map(({ from, length }) => ({ from, to: from + length })),
  ),
});

type PerfectSubtree = { readonly from: number; readonly length: number };

/** Cuts a span into subtrees of 2^k leaves, largest first. */
const perfectSubtrees = ({ from, to }: Span): readonly PerfectSubtree[] => {
  const subtrees: PerfectSubtree[] = [];
  let length = 1;
  while (length * 2 <= to - from) length *= 2;
  for (let start = from; start < to; length /= 2) {
    if (length > to - start) continue;
    subtrees.push({ from: start, length });
    start += length;
  }
  return subtrees;
};

/** The `count` hashes of one tile whose root is the root of the subtree. */
const placeInTile = ({ from, length }: PerfectSubtree) => {
  let level = 0;
  let unit = 1;
  while (unit * TILE_WIDTH <= length) {
    level++;
    unit *= 2 ** TILE_HEIGHT;
  }
  const first = from / unit;
  return {
    level,
    index: Math.floor(first / TILE_WIDTH),
    offset: first % TILE_WIDTH,
    count: length / unit,
  };
};
