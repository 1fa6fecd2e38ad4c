import { type Receipt, issueReceipt, timingSafeEqual } from '#kernel';
import type { ReadTx } from '#storage';
import type { AppendResult, Appended } from './append.ts';
import { entryAt } from './tables.ts';

/** The receipt of an entry whose commit is durable. */
export const receiptFor = ({ index, commitment, resource }: Appended): Receipt =>
  issueReceipt({ index, commitment, resource });

/**
 * Whether a commit whose outcome nobody told us went through: its entry is there, or it is not. Ask in a transaction
 * that holds the head row: a server may still be about to carry out a COMMIT whose sender is gone, and holds that row
 * until it has.
 */
export const wasAppended = async (tx: ReadTx, { entries }: AppendResult): Promise<boolean> => {
  const first = entries[0];
  if (first === undefined) return false;
  const row = await tx.one(entryAt, { idx: first.index });
  return row !== undefined && timingSafeEqual(row.commitment, first.commitment);
};
