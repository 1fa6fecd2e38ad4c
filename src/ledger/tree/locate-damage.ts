import { ChatelaineError, concat, timingSafeEqual } from '#kernel';
import type { Checkpoint } from './checkpoint.ts';
import { HASH_BYTES, hashAt, rootOfHashes } from './merkle.ts';
import { climb, proveInclusion } from './proof.ts';
import { type TileSource, readTile } from './tile-source.ts';
import { TILE_HEIGHT, TILE_WIDTH, tileWidth } from './tiles.ts';

/** How entries differ from what was signed. Indexes count from 0 in the signed log; ranges are [from, to). */
export type Damage =
  | { readonly kind: 'changed'; readonly index: number; readonly message: string }
  | {
      readonly kind: 'removed' | 'inserted';
      readonly from: number;
      readonly to: number;
      readonly message: string;
    }
  /** What now stands at `index` belongs at `belongs`. */
  | {
      readonly kind: 'reordered';
      readonly index: number;
      readonly belongs: number;
      readonly message: string;
    }
  /** Something in this range; the tiles at hand do not tell what. */
  | {
      readonly kind: 'damaged';
      readonly from: number;
      readonly to: number;
      readonly message: string;
    }
  /** The tiles themselves do not belong to the checkpoint. */
  | {
      readonly kind: 'tiles';
      readonly from: number;
      readonly to: number;
      readonly message: string;
    };

/** Leaf hashes of the entries at hand, the first of which is entry `first`. */
type Leaves = {
  readonly first: number;
  readonly end: number;
  at(index: number): Uint8Array | undefined;
};

/**
 * The first difference between the leaves of the entries (from entry `first` on) and the signed tree.
 * Tiles are asked where, and believed only when their hashes lead up to the checkpoint's root.
 */
export const locateDamage = async (
  tiles: TileSource,
  checkpoint: Checkpoint,
  first: number,
  hashes: readonly Uint8Array[],
): Promise<readonly Damage[]> => {
  const leaves: Leaves = {
    first,
    end: first + hashes.length,
    at: (index) => hashes[index - first],
  };
  const found: Damage[] = [];
  for (
    let block = Math.floor(first / TILE_WIDTH);
    block * TILE_WIDTH < Math.min(leaves.end, checkpoint.size);
    block++
  ) {
    if (await sameBlock(tiles, checkpoint.size, block, leaves)) continue;
    const proven = await provenBlock(tiles, checkpoint, block);
    if (proven !== null) return [...found, await describeBlock(tiles, checkpoint, block, proven, leaves)];
    found.push({
      kind: 'tiles',
      ...rangeOf(block, checkpoint.size),
      message: `The tiles over block ${block} do not belong to the signed checkpoint.`,
    });
    // One broken tile high up spoils all below it; the first few say enough.
    if (found.length === 3) break;
  }
  return found;
};

const sameBlock = async (tiles: TileSource, size: number, block: number, leaves: Leaves): Promise<boolean> => {
  const { from, to } = rangeOf(block, size);
  const start = Math.max(from, leaves.first);
  const end = Math.min(to, leaves.end);
  const ours = concat(...Array.from({ length: end - start }, (_, i) => leaves.at(start + i)!));
  if (ours.length === TILE_WIDTH * HASH_BYTES) {
    const theirs = await blockRoot(tiles, size, block);
    return theirs !== null && timingSafeEqual(rootOfHashes(ours), theirs);
  }
  const theirs = await blockLeaves(tiles, size, block);
  return theirs !== null && timingSafeEqual(ours, theirs.slice((start - from) * HASH_BYTES, (end - from) * HASH_BYTES));
};

/** The signed leaves of a block; its `leaves` are null when only the block's own hash could be proven. */
type ProvenBlock = { readonly leaves: Uint8Array | null };

const provenBlock = async (tiles: TileSource, checkpoint: Checkpoint, block: number): Promise<ProvenBlock | null> => {
  const { size, root } = checkpoint;
  const start = block * TILE_WIDTH;
  const leaves = await blockLeaves(tiles, size, block);
  // A full block is proven by its own hash in the tile above, so its leaves may be wrong or gone.
  const full = tileWidth(0, block, size) === TILE_WIDTH;
  const above: TileSource = {
    leaf: (index, count) => (full && index === start ? new Uint8Array(count * HASH_BYTES) : tiles.leaf(index, count)),
    tile: (level, index) => tiles.tile(level, index),
  };
  const path = await orNull(() => proveInclusion(above, start, size));
  const hash = full ? await blockRoot(tiles, size, block) : leaves && hashAt(leaves, 0);
  if (path === null || hash === null) return null;
  const top = full
    ? climb(hash, block, Math.floor((size - 1) / TILE_WIDTH), path.slice(TILE_HEIGHT))
    : climb(hash, start, size - 1, path);
  if (top === null || !timingSafeEqual(top, root)) return null;
  const sound = !full || (leaves !== null && timingSafeEqual(rootOfHashes(leaves), hash));
  return { leaves: sound ? leaves : null };
};

const describeBlock = async (
  tiles: TileSource,
  checkpoint: Checkpoint,
  block: number,
  proven: ProvenBlock,
  leaves: Leaves,
): Promise<Damage> => {
  const range = rangeOf(block, checkpoint.size);
  const signed = proven.leaves;
  const differs = (index: number): boolean => !timingSafeEqual(leaves.at(index)!, hashAt(signed!, index - range.from));
  let index = Math.max(range.from, leaves.first);
  const end = Math.min(range.to, leaves.end);
  while (signed !== null && index < end && !differs(index)) index++;
  if (signed === null || index === end)
    return {
      kind: 'damaged',
      ...range,
      message: `Something among the entries ${range.from} to ${range.to - 1} was changed; the tiles do not show which.`,
    };
  const belongs = await findSigned(tiles, checkpoint, index + 1, leaves.at(index)!);
  const moved = findLeaf(leaves, index + 1, hashAt(signed, index - range.from));
  if (belongs !== null && moved !== null)
    return {
      kind: 'reordered',
      index,
      belongs,
      message: `Entry ${belongs} stands at ${index}, and entry ${index} at ${moved}: the order was changed.`,
    };
  if (belongs !== null)
    return {
      kind: 'removed',
      from: index,
      to: belongs,
      message: `Entries were removed: ${index} to ${belongs - 1}.`,
    };
  if (moved !== null)
    return {
      kind: 'inserted',
      from: index,
      to: moved,
      message: `Entries that were never signed stand before entry ${index}: ${moved - index} of them.`,
    };
  return { kind: 'changed', index, message: `Entry ${index} was changed.` };
};

const findLeaf = (leaves: Leaves, from: number, hash: Uint8Array): number | null => {
  for (let index = from; index < leaves.end; index++) if (timingSafeEqual(leaves.at(index)!, hash)) return index;
  return null;
};

/** Where a leaf hash stands in the signed log, from entry `from` on. */
const findSigned = async (
  tiles: TileSource,
  checkpoint: Checkpoint,
  from: number,
  hash: Uint8Array,
): Promise<number | null> => {
  for (let block = Math.floor(from / TILE_WIDTH); block * TILE_WIDTH < checkpoint.size; block++) {
    const signed = await blockLeaves(tiles, checkpoint.size, block);
    for (let i = Math.max(0, from - block * TILE_WIDTH); signed !== null && i * HASH_BYTES < signed.length; i++) {
      if (!timingSafeEqual(hashAt(signed, i), hash)) continue;
      const proven = await provenBlock(tiles, checkpoint, block);
      if (proven !== null && proven.leaves !== null) return block * TILE_WIDTH + i;
    }
  }
  return null;
};

const blockLeaves = (tiles: TileSource, size: number, block: number): Promise<Uint8Array | null> =>
  orNull(() => readTile(tiles, { level: 0, index: block, width: tileWidth(0, block, size) }));

const blockRoot = async (tiles: TileSource, size: number, block: number): Promise<Uint8Array | null> => {
  const index = Math.floor(block / TILE_WIDTH);
  const hashes = await orNull(() => readTile(tiles, { level: 1, index, width: tileWidth(1, index, size) }));
  return hashes && hashAt(hashes, block % TILE_WIDTH);
};

/** Tiles that are missing or short prove nothing, and are no error of the one who verifies. */
const orNull = async <T>(read: () => Promise<T>): Promise<T | null> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ChatelaineError) return null;
    throw error;
  }
};

const rangeOf = (block: number, size: number): { from: number; to: number } => ({
  from: block * TILE_WIDTH,
  to: Math.min(size, (block + 1) * TILE_WIDTH),
});
