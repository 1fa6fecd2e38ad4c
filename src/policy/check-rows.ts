import { type ReadTx, type RowInspection, pagesOf } from '#storage';
import { anyGrantsAfter, exceptionSeal, exceptionsAfter, grantSeal, policiesAfter, policySeal } from './tables.ts';

/** Every grant, policy and exception that is not as it was written last. As sentences. */
export const checkRights = async (tx: ReadTx, inspection: RowInspection): Promise<readonly string[]> => {
  const idOf = ({ id }: { readonly id: string }): string => id;
  const grants = pagesOf((after, count) => tx.all(anyGrantsAfter, { after, count }), idOf);
  const policies = pagesOf((after, count) => tx.all(policiesAfter, { after, count }), idOf);
  const exceptions = pagesOf((after, count) => tx.all(exceptionsAfter, { after, count }), idOf);
  return [
    ...(await inspection.inspect('role_grant', grants, idOf, grantSeal.isTrue)),
    ...(await inspection.inspect('policy', policies, idOf, policySeal.isTrue)),
    ...(await inspection.inspect('rule_exception', exceptions, idOf, exceptionSeal.isTrue)),
  ];
};
