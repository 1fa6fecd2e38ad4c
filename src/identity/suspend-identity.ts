import type { Deed, IdentityPorts } from './ports.ts';
import { type IdentityRecord, findIdentity, namedIdentityFacts, identityRecord } from './records.ts';
import { sealIdentity, updateIdentity } from './tables.ts';

export type SuspendIdentity = { readonly identity: string };

/**
 * From the next commit on nothing of this identity is valid, in any process; its tokens stay, and wake up with it. The
 * last owner who can act stays, whoever asks: he himself too. Errors: `identity.absent`, `policy.last_owner`.
 */
export const suspendIdentity = ({
  keys,
  requireOwnerWithout,
}: IdentityPorts): Deed<SuspendIdentity, IdentityRecord> => ({
  name: 'identity/suspend-identity',
  action: 'identity.suspend',
  effect: 'change',
  async facts(tx, { identity }) {
    return namedIdentityFacts(tx, keys, identity);
  },
  async apply(tx, { identity }, _facts, { now }) {
    const found = await findIdentity(tx, keys, identity);
    await requireOwnerWithout(tx, identity, now);
    const row = sealIdentity(keys.rowMac(), { ...found, state: 'suspended' });
    await tx.run(updateIdentity, row);
    return identityRecord(row);
  },
});
