import type { ReadTx } from '#storage';
import { policyError } from './errors.ts';
import { placeFacts } from './place-facts.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { type PolicyRecord, policyRecord } from './records.ts';
import { type PolicyRow, deletePolicy, policyById } from './tables.ts';

export type RemovePolicy = { readonly id: string };

/** Removes a project's own policy; one whose row is not true as well, since it stops the project. */
export const removePolicy = ({ places }: GrantPorts): Deed<RemovePolicy, PolicyRecord> => ({
  name: 'policy/remove-policy',
  action: 'policy.write',
  effect: 'change',
  async facts(tx, { id }) {
    const { project } = await find(tx, id);
    return placeFacts(tx, places, { project, environment: null, prefix: null });
  },
  async apply(tx, { id }) {
    const row = await find(tx, id);
    await tx.run(deletePolicy, { id });
    return policyRecord(row);
  },
});

const find = async (tx: ReadTx, id: string): Promise<PolicyRow> => {
  const row = await tx.one(policyById, { id });
  if (row === undefined) throw policyError('policy_absent', 'There is no such policy.');
  return row;
};
