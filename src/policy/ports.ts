import type { Clock, DeedOf, Mac, Random } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';

export type PolicyKeys = {
  /** The row key in force. Throws `sealing.locked` while locked. */
  rowMac(): Mac;
  /** Every term of the row key. */
  rowMacs(): readonly Mac[];
};

/** A project or an environment, looked up for the deeds of this room by the room that keeps them. */
export type KnownPlace = {
  /** Stable id of the project or environment; `installation` for the whole. */
  readonly id: string;
  readonly posture: string;
  readonly production: boolean;
};

export type Places = {
  /** The installation when both are null; undefined when there is no such place. */
  find(tx: ReadTx, project: string | null, environment: string | null): Promise<KnownPlace | undefined>;
};

export type PolicyPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: PolicyKeys;
};

/** What the deeds need beside. `knows` tells whether an identity is there to be given something, `isActive` whether it can act. */
export type GrantPorts = PolicyPorts & {
  readonly places: Places;
  readonly knows: (tx: ReadTx, identity: string) => Promise<boolean>;
  readonly isActive: (tx: ReadTx, identity: string) => Promise<boolean>;
};

export type Deed<In, Out> = DeedOf<ReadTx, WriteTx, In, Out>;
