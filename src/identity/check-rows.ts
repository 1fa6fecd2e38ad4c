import type { Mac } from '#kernel';
import type { ReadTx } from '#storage';
import { identitiesAfter, isTrueIdentity, isTrueToken, tokensAfter } from './tables.ts';

const PAGE = 1_000;

/** Every row of identities and tokens whose code is not true: forged or edited in the database. As sentences. */
export const checkIdentities = async (tx: ReadTx, macs: readonly Mac[]): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (let after = ''; ;) {
    const rows = await tx.all(identitiesAfter, { after, count: PAGE });
    for (const row of rows) if (!isTrueIdentity(macs, row)) faults.push(`the identity ${row.id} was forged or edited`);
    if (rows.length < PAGE) break;
    after = rows.at(-1)!.name_key;
  }
  for (let after = ''; ;) {
    const rows = await tx.all(tokensAfter, { after, count: PAGE });
    for (const row of rows) if (!isTrueToken(macs, row)) faults.push(`the token ${row.accessor} was forged or edited`);
    if (rows.length < PAGE) return faults;
    after = rows.at(-1)!.accessor;
  }
};
