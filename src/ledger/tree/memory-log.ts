import { concat } from '#kernel';
import { EMPTY_FRONTIER, type Frontier, extendFrontier } from './frontier.ts';
import { HASH_BYTES, leafHash } from './merkle.ts';
import type { TileSource } from './tile-source.ts';

/** A log in memory, for tests and for building one to publish. Stores what the database stores: leaves and upper tiles. */
export type MemoryLog = TileSource & {
  readonly frontier: Frontier;
  readonly entries: readonly Uint8Array[];
  append(entries: readonly Uint8Array[]): void;
};

export const memoryLog = (): MemoryLog => {
  const entries: Uint8Array[] = [];
  const leaves: Uint8Array[] = [];
  const tiles = new Map<string, Uint8Array>();
  let frontier = EMPTY_FRONTIER;
  return {
    entries,
    get frontier() {
      return frontier;
    },
    append(added) {
      const hashes = added.map(leafHash);
      const extended = extendFrontier(frontier, hashes);
      frontier = extended.frontier;
      entries.push(...added);
      leaves.push(...hashes);
      for (const { level, index, offset, hash } of extended.completed) {
        const key = `${level}/${index}`;
        const tile = tiles.get(key) ?? new Uint8Array();
        if (tile.length !== offset * HASH_BYTES) throw new Error(`Tile ${key} was completed out of order.`);
        tiles.set(key, concat(tile, hash));
      }
    },
    leaf: (index, count) => concat(...leaves.slice(index, index + count)),
    tile: (level, index) => tiles.get(`${level}/${index}`),
  };
};
