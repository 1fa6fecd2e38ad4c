import type { Deed, IdentityPorts } from './ports.ts';
import { type IdentityRecord, findIdentity, namedIdentityFacts, identityRecord } from './records.ts';
import { sealIdentity, updateIdentity } from './tables.ts';

export type ResumeIdentity = { readonly identity: string };

/** Makes a suspended identity valid again, with the tokens it still has. */
export const resumeIdentity = ({ keys }: IdentityPorts): Deed<ResumeIdentity, IdentityRecord> => ({
  name: 'identity/resume-identity',
  action: 'identity.resume',
  effect: 'change',
  async facts(tx, { identity }) {
    return namedIdentityFacts(tx, keys, identity);
  },
  async apply(tx, { identity }) {
    const row = sealIdentity(keys.rowMac(), { ...(await findIdentity(tx, keys, identity)), state: 'active' });
    await tx.run(updateIdentity, row);
    return identityRecord(row);
  },
});
