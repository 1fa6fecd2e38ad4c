import { createHash } from 'node:crypto';
import { canonical, timingSafeEqual } from '#kernel';
import type { EntryDraft, Outcome } from '#ledger';
import { type Engine, type ReadTx, type WriteTx, openWriter, statement } from '#storage';
import { claim } from './claim.ts';

/** Most events kept while locked. Later ones of the same kind are counted on the last; the rest is counted as one. */
export const MOST_PENDING = 1_000;

/** Something that happened while there was no key to sign an entry with. */
export type PendingEvent = {
  /** Milliseconds since 1970, when it happened. */
  readonly at: number;
  readonly action: string;
  readonly outcome: Outcome;
  readonly address: string;
};

type PendingRow = {
  readonly n: number;
  readonly at: number;
  readonly action: string;
  readonly outcome: string;
  readonly address: string | null;
  readonly count: number;
  readonly chain: Uint8Array;
};
type Tables = { pending_event: PendingRow };

const allPending = statement<Tables, Record<never, never>, PendingRow>((db) =>
  db.selectFrom('pending_event').selectAll().orderBy('n'),
);
const insertPending = statement<Tables, PendingRow>((db, row) =>
  db.insertInto('pending_event').values({
    n: row.n,
    at: row.at,
    action: row.action,
    outcome: row.outcome,
    address: row.address,
    count: row.count,
    chain: row.chain,
  }),
);
const recount = statement<Tables, { n: number; count: number; chain: Uint8Array }>((db, { n, count, chain }) =>
  db.updateTable('pending_event').set({ count, chain }).where('n', '=', n),
);
const clearPending = statement<Tables>((db) => db.deleteFrom('pending_event'));

/**
 * Keeps an event until it can become an entry. Rows form a hash chain, so that removing or changing one in the
 * database is noticed when they are sequenced; the table is bounded, so that nobody fills the disk by knocking.
 */
export const pend = async (tx: WriteTx, event: PendingEvent): Promise<void> => {
  // Each row continues the one before it: two processes that start together must not both continue the same.
  await claim(tx, [PENDING]);
  const rows = await tx.all(allPending, {});
  const last = rows.at(-1);
  const before = rows.at(-2)?.chain ?? START;
  if (last !== undefined && (isSame(last, event) || rows.length >= MOST_PENDING)) {
    const count = last.count + 1;
    await tx.run(recount, { n: last.n, count, chain: link(before, { ...last, count }) });
    return;
  }
  const row = { n: (last?.n ?? 0) + 1, ...event, count: 1 };
  await tx.run(insertPending, { ...row, chain: link(last?.chain ?? START, row) });
};

/** Keeps an event of a database that nobody serves yet, such as one just restored. */
export const pendUnserved = (engine: Engine, event: PendingEvent): Promise<void> =>
  openWriter(engine).commit((tx) => pend(tx, event));

/** Takes what waited as entries with their original times; the first act of unlocking. */
export const takePending = async (tx: WriteTx): Promise<readonly EntryDraft[]> => {
  await claim(tx, [PENDING]);
  const rows = await tx.all(allPending, {});
  await tx.run(clearPending, {});
  const intact = isChain(rows);
  return rows.map((row) => ({
    at: row.at,
    action: row.action,
    outcome: row.outcome as Outcome,
    rule: intact ? 'while-locked' : 'while-locked, chain broken',
    resource: 'installation',
    note: row.count > 1 ? `${row.count} times` : null,
    head: null,
    caller: 'nobody',
    address: row.address ?? '',
    agent: '',
    path: '',
  }));
};

export const countPending = async (tx: ReadTx): Promise<number> => (await tx.all(allPending, {})).length;

/** Whether no waiting event was changed, or removed from before another. */
export const isPendingIntact = async (tx: ReadTx): Promise<boolean> => isChain(await tx.all(allPending, {}));

/** What `pend` and `takePending` claim. */
const PENDING = 'pending-events';
const START = new Uint8Array(32);

const isSame = (row: PendingRow, event: PendingEvent): boolean =>
  row.action === event.action && row.outcome === event.outcome && row.address === event.address;

const isChain = (rows: readonly PendingRow[]): boolean => {
  let before: Uint8Array = START;
  for (const row of rows) {
    if (!timingSafeEqual(link(before, row), row.chain)) return false;
    before = row.chain;
  }
  return true;
};

const link = (before: Uint8Array, row: Omit<PendingRow, 'chain'>): Uint8Array =>
  createHash('sha256')
    .update(before)
    .update(canonical([row.n, row.at, row.action, row.outcome, row.address, row.count]))
    .digest();
