import { type ReadTx, type RowInspection, pagesOf } from '#storage';
import { identitiesAfter, isTrueIdentity, isTrueToken, tokensAfter } from './tables.ts';

/** Every identity and token that is not as it was written last. As sentences. */
export const checkIdentities = async (tx: ReadTx, inspection: RowInspection): Promise<readonly string[]> => {
  const identities = pagesOf(
    (after, count) => tx.all(identitiesAfter, { after, count }),
    ({ name_key }) => name_key,
  );
  const tokens = pagesOf(
    (after, count) => tx.all(tokensAfter, { after, count }),
    ({ accessor }) => accessor,
  );
  return [
    ...(await inspection.inspect('identity', identities, ({ id }) => id, isTrueIdentity)),
    ...(await inspection.inspect('token', tokens, ({ accessor }) => accessor, isTrueToken)),
  ];
};
