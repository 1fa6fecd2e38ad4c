import type { ReadTx } from '#storage';
import { countGrants } from './tables.ts';

/** Whether anybody was ever given anything; a grant that was taken away counts. */
export const hasGrants = async (tx: ReadTx): Promise<boolean> => (await tx.one(countGrants, {}))?.count !== 0;
