/** Entries of one block. Their resources are read again when it is full, in about a millisecond. */
export const BLOCK_WIDTH = 1_024;

const RECORD_BYTES = 6;

/**
 * Where each resource occurs among the entries of a full block, in place of an index of the table: an index grows at
 * another place for each entry, a block is written once, and a million entries have six megabytes of them.
 *
 *     block  = record*, ascending
 *     record = hash of the resource (4 bytes, big-endian) ‖ place in the block (2 bytes, big-endian)
 *
 * Resources may share a hash: a place is where to look, the entry itself tells.
 */
export const encodeBlock = (resources: readonly string[]): Uint8Array => {
  const records = Float64Array.from(resources, (resource, place) => hashOf(resource) * 2 ** 16 + place).toSorted();
  const bytes = new Uint8Array(records.length * RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, record] of records.entries()) {
    view.setUint32(i * RECORD_BYTES, Math.floor(record / 2 ** 16));
    view.setUint16(i * RECORD_BYTES + 4, record % 2 ** 16);
  }
  return bytes;
};

/** Places in the block where the resource may occur, the last one first. */
export const placesOf = (block: Uint8Array, resource: string): readonly number[] => {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const count = Math.floor(block.length / RECORD_BYTES);
  const wanted = hashOf(resource);
  const hashAt = (i: number): number => view.getUint32(i * RECORD_BYTES);
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashAt(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  const places: number[] = [];
  for (let i = low; i < count && hashAt(i) === wanted; i++) places.push(view.getUint16(i * RECORD_BYTES + 4));
  return places.toReversed();
};

/** FNV-1a over UTF-16 units: fast and even; a resource made to collide costs one more look at an entry. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
};
