import type { Clock, DeedOf, Mac, Random } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';

/** What identity needs from the keyring. Each throws `sealing.locked` while locked. */
export type IdentityKeys = {
  /** Every term of the token key, the one in force first. */
  tokenMacs(): readonly Mac[];
  /** The row key in force. */
  rowMac(): Mac;
  /** Every term of the row key. */
  rowMacs(): readonly Mac[];
};

export type IdentityPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: IdentityKeys;
  /** Refuses to lose an identity without whom nobody could give a right any more; the policy's to say. */
  readonly requireOwnerWithout: (tx: ReadTx, identity: string, now: number) => Promise<void>;
};

export type Deed<In, Out> = DeedOf<ReadTx, WriteTx, In, Out>;
