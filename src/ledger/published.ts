import { ledgerError } from './errors.ts';
import { HASH_BYTES } from './tree/merkle.ts';
import { type TileSource, frontierAt } from './tree/tile-source.ts';
import { TILE_WIDTH, type Tile, decodeBundle, tilePath, tileWidth } from './tree/tiles.ts';
import { type VerifierKey, parseVerifierKey } from './tree/verifier-key.ts';
import { type LogReport, verifyLog } from './tree/verify.ts';
import { parseCheckpoint } from './tree/checkpoint.ts';
import { parseNote } from './tree/note.ts';

/**
 * Where a published log lies: gives the bytes at a path such as `checkpoint` or `tile/0/000.p/7`, undefined where
 * nothing is. A folder, an archive, a server's address.
 */
export type PublishedFiles = (path: string) => Promise<Uint8Array | undefined>;

/** Larger files are not of a log: a full bundle of entries of 33 bytes has 8,960. */
const LARGEST_FILE = 16_777_216;

export type VerifyPublished = {
  readonly files: PublishedFiles;
  readonly key: VerifierKey;
  /** A checkpoint pinned earlier, as a signed note. */
  readonly pinned?: string;
  /** First entry that is still published; older ones were archived. A multiple of 256. */
  readonly minimum?: number;
};

/**
 * Verifies a published log with its public key alone: fetches the checkpoint, every bundle and the tiles, and rebuilds
 * the tree. Errors: `ledger.absent` when there is no checkpoint; whatever else is wrong is in the report.
 */
export const verifyPublished = async ({ files, key, pinned, minimum = 0 }: VerifyPublished): Promise<LogReport> => {
  const note = await bounded(files, 'checkpoint');
  if (note === undefined) throw ledgerError('absent', 'There is no checkpoint to verify.', { size: 0 });
  const size = claimedSize(note);
  const tiles = publishedTiles(files, size);
  if (minimum % TILE_WIDTH !== 0) throw ledgerError('absent', 'A minimum index is a multiple of 256.', { size });
  return verifyLog({
    checkpointNote: note,
    verifierKey: key,
    entries: publishedBundles(files, size, minimum),
    tiles,
    ...(pinned === undefined ? {} : { previousCheckpoint: pinned }),
    ...(minimum === 0 ? {} : { start: await frontierAt(tiles, minimum) }),
  });
};

/** What the checkpoint says before anyone checked its signature: only how far to fetch. */
const claimedSize = (note: Uint8Array): number => {
  try {
    return parseCheckpoint(parseNote(note).text).size;
  } catch {
    return 0;
  }
};

/** Stops where a bundle is missing or broken: what follows cannot be placed. */
const publishedBundles = async function* (
  files: PublishedFiles,
  size: number,
  from: number,
): AsyncGenerator<Uint8Array> {
  for (let index = from / TILE_WIDTH; index * TILE_WIDTH < size; index++) {
    const width = tileWidth('entries', index, size);
    const bundle = await fetchTile(files, { level: 'entries', index, width });
    if (bundle === undefined) return;
    const entries = entriesOf(bundle);
    yield* entries.slice(0, width);
    if (entries.length < width) return;
  }
};

const entriesOf = (bundle: Uint8Array): readonly Uint8Array[] => {
  try {
    return decodeBundle(bundle);
  } catch {
    return [];
  }
};

/** The log's hashes, for proofs that the caller makes himself. */
export const publishedTiles = (files: PublishedFiles, size: number): TileSource => ({
  async leaf(index, count) {
    const tile = Math.floor(index / TILE_WIDTH);
    const bytes = await fetchTile(files, { level: 0, index: tile, width: tileWidth(0, tile, size) });
    const from = (index % TILE_WIDTH) * HASH_BYTES;
    return bytes?.subarray(from, from + count * HASH_BYTES) ?? new Uint8Array();
  },
  tile: (level, index) => fetchTile(files, { level, index, width: tileWidth(level, index, size) }),
});

/** A log that has grown since may only keep the complete tile. */
const fetchTile = async (files: PublishedFiles, tile: Tile): Promise<Uint8Array | undefined> => {
  if (tile.width === 0) return undefined;
  return (await bounded(files, tilePath(tile))) ?? (await bounded(files, tilePath({ ...tile, width: TILE_WIDTH })));
};

const bounded = async (files: PublishedFiles, path: string): Promise<Uint8Array | undefined> => {
  const bytes = await files(path);
  return bytes !== undefined && bytes.length > LARGEST_FILE ? undefined : bytes;
};

/** The verifier key as a log publishes it, for someone who pins it now. Errors: `ledger.key_malformed`. */
export const publishedKey = (text: string): VerifierKey => parseVerifierKey(text.trim());
