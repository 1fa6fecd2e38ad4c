import { timingSafeEqual } from '#kernel';
import type { ReadTx } from '#storage';
import { commitmentOf } from './entry.ts';
import { ledgerError } from './errors.ts';
import { type PublicRow, entryBoundTo, headEntry, versionEntry } from './tables.ts';
import { publicPart } from './read-entries.ts';

/**
 * The highest version of a resource that an entry binds, with the hash of its envelope as last bound.
 *
 * An old row put back into the database no longer agrees with it. The entry's columns are checked against its own
 * commitment, so rewriting them as well is noticed here; whoever removes or recommits the entry itself is found by
 * `audit verify`, because the tree no longer has the signed root.
 */
export const headOf = async (tx: ReadTx, resource: string) => readBinding(await tx.one(headEntry, { resource }));

/** The binding of one version, for reads of older ones. */
export const bindingOf = async (tx: ReadTx, resource: string, version: number) =>
  readBinding(await tx.one(versionEntry, { resource, version }));

/** The lowest version, `from` or higher, that was ever bound to this hash, whatever it was bound to later. */
export const bindingTo = async (tx: ReadTx, resource: string, hash: Uint8Array, from: number) =>
  readBinding(await tx.one(entryBoundTo, { resource, hash, from }));

const readBinding = (row: PublicRow | undefined): { version: number; hash: Uint8Array; index: number } | undefined => {
  if (row === undefined) return undefined;
  const part = publicPart(row);
  if (part.head === null || !timingSafeEqual(commitmentOf(part, row.salt, row.personal_hash), row.commitment))
    throw ledgerError('head_mismatch', `Entry ${row.idx} no longer agrees with its commitment.`, { index: row.idx });
  return { ...part.head, index: row.idx };
};
