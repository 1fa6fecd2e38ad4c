import type { DeedOf } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import { ledgerFacts } from './list-entries.ts';
import { entriesNaming, redactEntry } from './tables.ts';

export type RedactEntries = { readonly identity: string; readonly reason: string };

/**
 * Deletes who, from where, with what and on which path in every entry of an identity, with the salt that opens it. What
 * happened stays, and every proof stays valid: the tree holds commitments only. Backups hold the rest until they age out.
 */
export const redactEntries: DeedOf<ReadTx, WriteTx, RedactEntries, { readonly redacted: number }> = {
  name: 'ledger/redact-entries',
  action: 'ledger.redact',
  effect: 'change',
  facts: async () => ledgerFacts(null, null, null),
  async apply(tx, { identity }) {
    const named = await tx.all(entriesNaming, { caller: identity });
    for (const { idx } of named) await tx.run(redactEntry, { idx });
    return { redacted: named.length };
  },
  // The reason may name somebody; the note says only how many.
  summary: (_input, { redacted }) => ({ note: `${redacted} entries redacted` }),
};
