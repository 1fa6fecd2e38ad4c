import type { ReadTx } from '#storage';
import { policyError } from './errors.ts';
import { keepAnOwner } from './keep-owner.ts';
import { absentFacts, placeFacts } from './place-facts.ts';
import type { Deed, GrantPorts, PolicyKeys } from './ports.ts';
import { type GrantRecord, grantRecord } from './records.ts';
import type { Role } from './roles.ts';
import { type GrantRow, grantById, grantSeal, updateGrant } from './tables.ts';

export type RevokeGrant = { readonly id: string };

/** Takes a grant away; from the next commit on nobody acts by it. Errors: `policy.grant_absent`, `policy.last_owner`. */
export const revokeGrant = ({ keys, places, isActive }: GrantPorts): Deed<RevokeGrant, GrantRecord> => ({
  name: 'policy/revoke-grant',
  action: 'grant.revoke',
  effect: 'change',
  async facts(tx, { id }) {
    const row = await grantInForce(tx, keys, id);
    return row === undefined ? absentFacts('grant', { role: LEAST }) : placeFacts(tx, places, row, { role: row.role });
  },
  async apply(tx, { id }, _facts, { now }) {
    const row = await findGrant(tx, keys, id);
    await keepAnOwner(tx, { keys, isActive }, { grant: id }, now);
    const revoked = grantSeal.seal(keys.rowMac(), { ...row, revoked_at: now });
    await tx.run(updateGrant, revoked);
    return grantRecord(revoked);
  },
  summary: (_input, { id, role }) => ({ note: `took ${role} ${id}` }),
});

/** What a grant that is not there would give: whoever may take anything away at all may take this. */
const LEAST: Role = 'device';

const grantInForce = async (tx: ReadTx, keys: PolicyKeys, id: string): Promise<GrantRow | undefined> => {
  const row = await tx.one(grantById, { id });
  return row !== undefined && row.revoked_at === null && grantSeal.isTrue(keys.rowMacs(), row) ? row : undefined;
};

const findGrant = async (tx: ReadTx, keys: PolicyKeys, id: string): Promise<GrantRow> => {
  const row = await grantInForce(tx, keys, id);
  if (row === undefined) throw policyError('grant_absent', 'There is no such grant in force.');
  return row;
};
