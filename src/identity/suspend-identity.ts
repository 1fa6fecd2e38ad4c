import type { Deed, IdentityPorts } from './ports.ts';
import { type IdentityRecord, findIdentity, namedIdentityFacts, identityRecord } from './records.ts';
import { sealIdentity, updateIdentity } from './tables.ts';

export type SuspendIdentity = { readonly identity: string };

/** From the next commit on nothing of this identity is valid, in any process; its tokens stay, and wake up with it. */
export const suspendIdentity = ({ keys }: IdentityPorts): Deed<SuspendIdentity, IdentityRecord> => ({
  name: 'identity/suspend-identity',
  action: 'identity.suspend',
  effect: 'change',
  async facts(tx, { identity }) {
    return namedIdentityFacts(tx, keys, identity);
  },
  async apply(tx, { identity }) {
    const row = sealIdentity(keys.rowMac(), { ...(await findIdentity(tx, keys, identity)), state: 'suspended' });
    await tx.run(updateIdentity, row);
    return identityRecord(row);
  },
});
