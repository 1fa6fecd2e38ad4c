import type { ReadTx } from '../engine.ts';
import { checkedReads } from '../guard/checked-reads.ts';
import type { RowGuard } from '../guard/row-guard.ts';
import type { Connection } from './connection.ts';
import { readTx } from './transaction.ts';

/** Reads that see the newest commit, at the price of one lock for all reads of a turn. */
export type SharedReads = {
  readonly tx: ReadTx;
  /** Ends what is shared now, so that the next read sees what was just committed. */
  readonly end: () => void;
  /** The same, after a commit that changed more than the ledger's end. */
  readonly endChanged: () => void;
};

/**
 * Every SELECT outside a transaction takes and drops a lock on the write-ahead log, which costs more than most of our
 * queries. So the reads of one turn of the event loop share a transaction. It ends with the turn, or at once after a
 * commit of this process, the only one that writes: no read ever misses a commit that was acknowledged before it.
 */
export const openSharedReads = (connection: Connection, guard: RowGuard): SharedReads => {
  let isOpen = false;
  let state: object = {};
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    connection.prepared('COMMIT').run();
  };
  const begin = (): void => {
    if (isOpen) return;
    connection.prepared('BEGIN').run();
    isOpen = true;
    setImmediate(end);
  };
  const endChanged = (): void => {
    end();
    state = {};
  };
  return {
    tx: checkedReads(
      readTx(connection, begin, () => state),
      guard,
    ),
    end,
    endChanged,
  };
};
