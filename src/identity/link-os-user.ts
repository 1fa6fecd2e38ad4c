import { identityError } from './errors.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { type IdentityRecord, findIdentity, namedIdentityFacts, identityRecord } from './records.ts';
import { identityByOsUser, sealIdentity, updateIdentity } from './tables.ts';

export type LinkOsUser = {
  readonly identity: string;
  /** Numeric user id on this machine; null unlinks. */
  readonly uid: number | null;
};

/** Largest uid that is a user: 2^32 - 1 means "no user" (chown(2)). */
const MAX_UID = 4_294_967_294;

/** Signs in whoever runs as this user of the machine, without a token. Errors: `identity.already`. */
export const linkOsUser = ({ keys }: IdentityPorts): Deed<LinkOsUser, IdentityRecord> => ({
  name: 'identity/link-os-user',
  action: 'identity.link',
  effect: 'change',
  async facts(tx, { identity }) {
    return namedIdentityFacts(tx, keys, identity);
  },
  async apply(tx, { identity, uid }) {
    if (uid !== null && (!Number.isSafeInteger(uid) || uid < 0 || uid > MAX_UID))
      throw identityError('malformed', 'A user id is a whole number from 0 to 4294967294.', { field: 'uid' });
    const holder = uid === null ? undefined : await tx.one(identityByOsUser, { os_user: uid });
    if (holder !== undefined && holder.id !== identity)
      throw identityError('already', `User ${uid} of this machine is linked to another identity.`, { uid });
    const row = sealIdentity(keys.rowMac(), { ...(await findIdentity(tx, keys, identity)), os_user: uid });
    await tx.run(updateIdentity, row);
    return identityRecord(row);
  },
});
