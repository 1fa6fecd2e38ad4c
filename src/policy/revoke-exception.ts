import type { ReadTx } from '#storage';
import { policyError } from './errors.ts';
import { scopeOf } from './place.ts';
import { absentFacts, placeFacts } from './place-facts.ts';
import type { Deed, GrantPorts, PolicyKeys } from './ports.ts';
import { type ExceptionRecord, exceptionRecord } from './records.ts';
import { type ExceptionRow, deleteException, exceptionById, exceptionSeal } from './tables.ts';

export type RevokeException = { readonly id: string };

/** Where a credential with this id lies; its environment's place. */
export type CredentialPlace = (tx: ReadTx, id: string) => Promise<{ project: string; environment: string } | undefined>;

/** Ends an exception early. Errors: `policy.exception_absent`. */
export const revokeException = ({
  keys,
  places,
  whereIs,
}: GrantPorts & { readonly whereIs: CredentialPlace }): Deed<RevokeException, ExceptionRecord> => ({
  name: 'policy/revoke-exception',
  action: 'exception.revoke',
  effect: 'change',
  async facts(tx, { id }) {
    const row = await trueException(tx, keys, id);
    if (row === undefined) return absentFacts('installation');
    const { resource } = row;
    const credential = resource.includes('_') ? await whereIs(tx, resource) : undefined;
    return placeFacts(tx, places, credential === undefined ? scopeOf(resource) : { ...credential, prefix: null });
  },
  async apply(tx, { id }) {
    const row = await findException(tx, keys, id);
    await tx.run(deleteException, { id });
    return exceptionRecord(row);
  },
});

const trueException = async (tx: ReadTx, keys: PolicyKeys, id: string): Promise<ExceptionRow | undefined> => {
  const row = await tx.one(exceptionById, { id });
  return row !== undefined && exceptionSeal.isTrue(keys.rowMacs(), row) ? row : undefined;
};

const findException = async (tx: ReadTx, keys: PolicyKeys, id: string): Promise<ExceptionRow> => {
  const row = await trueException(tx, keys, id);
  if (row === undefined) throw policyError('exception_absent', 'There is no such exception.');
  return row;
};
