import { treeError } from './errors.ts';

/** Levels of the tree that one tile spans, and hashes in a full tile (C2SP tlog-tiles fixes both). */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 256;
/** Longest entry in bytes: bundles carry a 16-bit length. */
export const MAX_ENTRY_BYTES = 65_535;

/**
 * A tile, or a bundle of entries, of a log: `width` consecutive hashes (or entries) from `index * 256` on.
 * Hash `i` of tile (`level`, `index`) is the root over entries [(index · 256 + i) · 256^level, … + 256^level).
 */
export type Tile = {
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256; below 256 the tile is partial and its path ends in `.p/<width>`. */
  readonly width: number;
};

/** `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits: 1234067 is `x001/x234/067`. */
export const tilePath = ({ level, index, width }: Tile): string => {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!;
  const place = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${place}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
};

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Reads a tile's path, refusing every spelling but the one that `tilePath` makes. */
export const parseTilePath = (path: string): Tile => {
  const match = PATH.exec(path);
  const [, level = '', place = '', width] = match ?? [];
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(place.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (match === null || !Number.isSafeInteger(tile.index) || tilePath(tile) !== path || tile.width > TILE_WIDTH)
    throw treeError('tile_malformed', `"${path.slice(0, 80)}" is not the path of a tile.`);
  if (tile.level !== 'entries' && tile.level > 63)
    throw treeError('tile_malformed', `Tiles have levels 0 to 63, not ${tile.level}.`);
  return tile;
};

/** How many hashes tile (`level`, `index`) has in a tree of `size` entries: 0 (not there) to 256 (complete). */
export const tileWidth = (level: number | 'entries', index: number, size: number): number => {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return Math.min(TILE_WIDTH, Math.max(0, hashes - index * TILE_WIDTH));
};

/** Every tile of a tree of `size` entries, level by level from the left, the partial one of each level last. */
export const tilesOfSize = function* (size: number): Generator<Tile & { readonly level: number }> {
  for (let level = 0; TILE_WIDTH ** level <= size; level++)
    for (let index = 0; ; index++) {
      const width = tileWidth(level, index, size);
      if (width === 0) break;
      yield { level, index, width };
      if (width < TILE_WIDTH) break;
    }
};

/** A bundle: each entry after its length in two bytes, big-endian. */
export const encodeBundle = (entries: readonly Uint8Array[]): Uint8Array => {
  const bundle = new Uint8Array(entries.reduce((length, entry) => length + 2 + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let offset = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES)
      throw treeError('entry_too_long', `An entry of ${entry.length} bytes does not fit into a bundle.`);
    view.setUint16(offset, entry.length);
    bundle.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bundle;
};

/** The entries of a bundle, which must hold between 1 and 256 and end where the last one ends. */
export const decodeBundle = (bundle: Uint8Array): readonly Uint8Array[] => {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  for (let offset = 0; offset < bundle.length;) {
    const end = offset + 2 <= bundle.length ? offset + 2 + view.getUint16(offset) : Infinity;
    if (end > bundle.length) throw treeError('tile_malformed', `The bundle ends inside its entry ${entries.length}.`);
    entries.push(bundle.slice(offset + 2, end));
    offset = end;
  }
  if (entries.length === 0 || entries.length > TILE_WIDTH)
    throw treeError('tile_malformed', `A bundle holds 1 to 256 entries, not ${entries.length}.`);
  return entries;
};
