import { placeFacts, requirePlace } from './place-facts.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { type PolicyRecord, policyRecord } from './records.ts';
import { policiesOf, policySeal } from './tables.ts';

export type ListPolicies = { readonly project: string };

/** A project's own policies. `genuine` is false for a row that somebody tampered with; it stops the project. */
export const listPolicies = ({
  keys,
  places,
}: GrantPorts): Deed<ListPolicies, readonly (PolicyRecord & { readonly genuine: boolean })[]> => ({
  name: 'policy/list-policies',
  action: 'policy.read',
  effect: 'reveal',
  async facts(tx, { project }) {
    return placeFacts(tx, places, { project, environment: null, prefix: null });
  },
  async find(tx, { project }, facts) {
    requirePlace(facts);
    const rows = await tx.all(policiesOf, { project });
    return rows.map((row) => ({ ...policyRecord(row), genuine: policySeal.isTrue(keys.rowMacs(), row) }));
  },
});
