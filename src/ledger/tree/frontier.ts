import { treeError } from './errors.ts';
import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './merkle.ts';
import { TILE_HEIGHT, TILE_WIDTH } from './tiles.ts';

/**
 * The right edge of a tree: the roots of the perfect subtrees that `size` divides into, largest first, one for
 * each bit set in `size`. All that appending needs. A value: a commit that fails drops the new one and keeps the old.
 */
export type Frontier = {
  readonly size: number;
  readonly edge: readonly Uint8Array[];
};

/** The root of a tile that became complete: the hash at `offset` of tile (`level` ≥ 1, `index`). */
export type CompletedTile = {
  readonly level: number;
  readonly index: number;
  readonly offset: number;
  readonly hash: Uint8Array;
};

export const EMPTY_FRONTIER: Frontier = { size: 0, edge: [] };

/** Appends leaf hashes; tells, in the order they belong to their tiles, which tile hashes were completed. */
export const extendFrontier = (
  frontier: Frontier,
  leaves: Iterable<Uint8Array>,
): { frontier: Frontier; completed: readonly CompletedTile[] } => {
  const edge = [...frontier.edge];
  const completed: CompletedTile[] = [];
  let size = frontier.size;
  for (const leaf of leaves) {
    let hash = leaf;
    let place = size;
    // Each bit set at the end of `size` is a subtree on the left that this leaf makes twice as large.
    for (let height = 1; place % 2 === 1; height++) {
      hash = nodeHash(edge.pop()!, hash);
      place = (place - 1) / 2;
      if (height % TILE_HEIGHT === 0)
        completed.push({
          level: height / TILE_HEIGHT,
          index: Math.floor(place / TILE_WIDTH),
          offset: place % TILE_WIDTH,
          hash,
        });
    }
    edge.push(hash);
    size++;
  }
  if (size > Number.MAX_SAFE_INTEGER) throw treeError('out_of_range', 'The log is full.');
  return { frontier: { size, edge }, completed };
};

/** RFC 9162 root of the whole tree. */
export const rootOfFrontier = ({ edge }: Frontier): Uint8Array =>
  edge.length === 0 ? EMPTY_ROOT : edge.reduceRight((right, left) => nodeHash(left, right));

/** The edge as bytes, to keep beside the size. */
export const encodeEdge = (frontier: Frontier): Uint8Array => {
  const bytes = new Uint8Array(frontier.edge.length * HASH_BYTES);
  frontier.edge.forEach((hash, i) => bytes.set(hash, i * HASH_BYTES));
  return bytes;
};

/** The reverse of `encodeEdge`; refuses an edge that cannot belong to this size. */
export const decodeFrontier = (size: number, edge: Uint8Array): Frontier => {
  if (!Number.isSafeInteger(size) || size < 0) throw treeError('out_of_range', `${size} is not the size of a log.`);
  if (edge.length !== countBits(size) * HASH_BYTES)
    throw treeError(
      'tile_missing',
      `The right edge of ${size} entries has ${countBits(size) * HASH_BYTES} bytes; ${edge.length} are stored.`,
    );
  return {
    size,
    edge: Array.from({ length: edge.length / HASH_BYTES }, (_, i) => edge.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  };
};

const countBits = (size: number): number => {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
};
