import { policyError } from './errors.ts';
import { absentFacts, placeFacts } from './place-facts.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { type PolicyRecord, policyRecord } from './records.ts';
import { deletePolicy, policyById } from './tables.ts';

export type RemovePolicy = { readonly id: string };

/** Removes a project's own policy; one whose row is not true as well, since it stops the project. */
export const removePolicy = ({ places }: GrantPorts): Deed<RemovePolicy, PolicyRecord> => ({
  name: 'policy/remove-policy',
  action: 'policy.write',
  effect: 'change',
  async facts(tx, { id }) {
    const row = await tx.one(policyById, { id });
    if (row === undefined) return absentFacts('installation');
    const { project } = row;
    return placeFacts(tx, places, { project, environment: null, prefix: null });
  },
  async apply(tx, { id }) {
    const row = await tx.one(policyById, { id });
    if (row === undefined) throw policyError('policy_absent', 'There is no such policy.');
    await tx.run(deletePolicy, { id });
    return policyRecord(row);
  },
});
