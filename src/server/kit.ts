import type { Deed } from '#deeds';
import type { House } from '#http';
import { type Caller, type MintedToken, makeRecoveryToken } from '#identity';
import { readInstallation, unconfirmKit } from '#inventory';
import type { Secret } from '#kernel';
import { formatVerifierKey, verifierKey } from '#ledger';
import type { PreparedKit } from '#sealing';

/** What the printed page holds. The secrets exist here and on paper, nowhere else. */
export type RecoveryKit = {
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly demo: boolean;
  /** Breaks the glass: a session for the owner who lost every other way in. */
  readonly recoveryToken: Secret;
  /** Opens the root key without the key file or passphrase. */
  readonly recoveryKey: Secret;
  /** age identity that opens backups. */
  readonly backupIdentity: Secret;
  readonly verifierKey: string;
};

/** Makes a recovery kit for an owner and puts it in force; the one before ends, and reminders begin again. */
export const makeKit = async (house: House, caller: Caller, identity: string): Promise<RecoveryKit> => {
  const { prepared, output } = await house.deeds.withKeys(async () => {
    const made = await house.sealing.prepareKit();
    return { prepared: made, ...(await house.deeds.perform(kitDeed(house), caller, { identity, prepared: made })) };
  });
  const { origin, demo } = house.installation();
  return {
    origin,
    demo,
    madeAt: house.clock.now(),
    recoveryToken: output.token,
    recoveryKey: prepared.recoveryKey,
    backupIdentity: prepared.backupIdentity,
    verifierKey: formatVerifierKey(verifierKey(origin, house.sealing.signer(origin).publicKey)),
  };
};

type NewKit = { readonly identity: string; readonly prepared: PreparedKit };

/** One commit: a kit whose token works and whose key does not, or the reverse, would be found out in the worst hour. */
const kitDeed = ({ identityPorts, sealing }: House): Deed<NewKit, MintedToken> => {
  const mint = makeRecoveryToken(identityPorts);
  if (mint.effect !== 'change') throw new TypeError('Making a recovery token changes something.');
  return {
    name: 'make-kit',
    action: mint.action,
    effect: 'change',
    facts: (tx, { identity }) => mint.facts(tx, { identity }),
    async apply(tx, { identity, prepared }, facts, stamp) {
      const minted = await mint.apply(tx, { identity }, facts, stamp);
      await sealing.storeKit(tx, prepared, minted.accessor, stamp);
      await unconfirmKit(tx);
      return minted;
    },
    summary: (_input, { accessor }) => ({ note: `recovery kit made, ${accessor}` }),
  };
};

export type KitState = { readonly madeAt: number | null; readonly confirmedAt: number | null };

/** Whether there is a kit, and whether somebody said that it lies in a safe place. Reminders go on until then. */
export const kitState = (house: House): Promise<KitState> =>
  house.engine.read(async (tx) => ({
    madeAt: (await house.sealing.kit(tx))?.madeAt ?? null,
    confirmedAt: (await readInstallation(tx))?.kitConfirmedAt ?? null,
  }));
