import { type Mac, hasCode } from '#kernel';
import type { ReadTx } from '../engine.ts';
import type { GuardedTable } from './guarded-tables.ts';
import { openRowGuard } from './row-guard.ts';

export type RowStatesCheck = {
  /** What is wrong with the set itself; then nothing below tells anything. */
  readonly faults: readonly string[];
  /** Whether a row bears the newest code that this installation gave it. */
  isNewest(table: GuardedTable, id: string, mac: Uint8Array | null): boolean;
  /** Ids of rows that must be there: they were changed, and not removed. */
  present(table: GuardedTable): readonly string[];
};

/**
 * Reads the newest states of guarded rows and checks the code over them, whatever this process remembers.
 *
 * @param tx of a snapshot, whose reads are not checked on the way
 */
export const checkRowStates = async (tx: ReadTx, macs: readonly Mac[]): Promise<RowStatesCheck> => {
  const guard = openRowGuard();
  guard.useKeys(() => macs);
  try {
    const isThere = await guard.load(tx);
    const faults = isThere ? [] : ['the head of the ledger bears no code over the newest states of rows'];
    return {
      faults,
      isNewest: (table, id, mac) => guard.isNewest(table, id, mac),
      present: (table) => guard.present(table),
    };
  } catch (error) {
    if (!hasCode(error, 'storage.rows_untrue')) throw error;
    return { faults: [error.message], isNewest: () => true, present: () => [] };
  }
};
