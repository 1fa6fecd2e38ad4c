import type { ReadTx } from '#storage';
import { encodeEntry } from './entry.ts';
import { ledgerError } from './errors.ts';
import { commitmentsFrom } from './tables.ts';
import { TILE_WIDTH, encodeBundle } from './tree/tiles.ts';

/** A bundle of published entries (C2SP tlog-tiles): what the leaves are hashes of, 33 bytes each. */
export const readBundle = async (tx: ReadTx, index: number, width: number): Promise<Uint8Array> => {
  const from = index * TILE_WIDTH;
  const rows = await tx.all(commitmentsFrom, { from, to: from + width });
  if (rows.length !== width)
    throw ledgerError('damaged', `Entries ${from} to ${from + width - 1} are not all there.`, { index: from });
  return encodeBundle(rows.map(({ commitment }) => encodeEntry(commitment)));
};
