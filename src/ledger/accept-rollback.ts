import type { DeedOf } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import { ledgerError } from './errors.ts';
import { ledgerFacts } from './list-entries.ts';

export type AcceptRollback = {
  /** Why an older copy is in use, for everyone who ever checks this ledger. No names of people: entries are public. */
  readonly reason: string;
  /** Entries that the anchor remembers, and that are not here; null when it cannot be read. */
  readonly anchored: number | null;
};

const LONGEST_REASON = 200;

/** Records that the ledger goes on from an older copy. What was lost stays lost; that it was lost is now on record. */
export const acceptRollback: DeedOf<ReadTx, WriteTx, AcceptRollback, { readonly reason: string }> = {
  name: 'ledger/accept-rollback',
  action: 'ledger.accept-rollback',
  effect: 'change',
  facts: async () => ledgerFacts(null, null, null),
  apply: async (_tx, { reason }) => ({ reason: checkReason(reason) }),
  summary: ({ anchored }, { reason }) => ({ note: `the anchor remembers ${anchored ?? 'no'} entries; ${reason}` }),
};

const checkReason = (reason: string): string => {
  const trimmed = reason.trim();
  if (trimmed === '' || trimmed.length > LONGEST_REASON || /[\p{Cc}\p{Cs}]/u.test(trimmed))
    throw ledgerError('bad_reason', `A reason has 1 to ${LONGEST_REASON} characters on one line.`);
  return trimmed;
};
