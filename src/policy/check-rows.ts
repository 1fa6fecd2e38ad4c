import type { Mac } from '#kernel';
import type { ReadTx, Statement } from '#storage';
import { anyGrantsAfter, exceptionSeal, exceptionsAfter, grantSeal, policiesAfter, policySeal } from './tables.ts';

const PAGE = 1_000;

/** Every grant, policy and exception whose code is not true: forged or edited in the database. As sentences. */
export const checkRights = async (tx: ReadTx, macs: readonly Mac[]): Promise<readonly string[]> => [
  ...(await untrue(tx, 'grant', anyGrantsAfter, (row) => grantSeal.isTrue(macs, row))),
  ...(await untrue(tx, 'policy', policiesAfter, (row) => policySeal.isTrue(macs, row))),
  ...(await untrue(tx, 'exception', exceptionsAfter, (row) => exceptionSeal.isTrue(macs, row))),
];

const untrue = async <Row extends { readonly id: string }>(
  tx: ReadTx,
  noun: string,
  page: Statement<{ after: string; count: number }, Row>,
  isTrue: (row: Row) => boolean,
): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (let after = ''; ;) {
    const rows = await tx.all(page, { after, count: PAGE });
    for (const row of rows) if (!isTrue(row)) faults.push(`the ${noun} ${row.id} was forged or edited`);
    if (rows.length < PAGE) return faults;
    after = rows.at(-1)!.id;
  }
};
