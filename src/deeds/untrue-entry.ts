import type { ChatelaineError } from '#kernel';
import type { Caller } from '#identity';
import type { EntryDraft } from '#ledger';

/** A deed that came upon a row which is not as it was written last; see `storage/guard`. */
export const untrueEntry = (
  action: string,
  caller: Caller,
  { code, details }: ChatelaineError,
  now: number,
): EntryDraft => ({
  at: now,
  action,
  outcome: 'failed',
  rule: 'row-untrue',
  resource: String(details['id'] ?? 'installation'),
  note: code,
  head: null,
  caller: caller.identity,
  address: caller.from.address,
  agent: caller.from.agent,
  path: '',
});
