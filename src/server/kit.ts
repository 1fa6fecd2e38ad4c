import type { Deed } from '#deeds';
import type { House, KitInForce } from '#http';
import { type Caller, type MintedToken, endRecoveryTokens, makeRecoveryToken } from '#identity';
import { INSTALLATION, readInstallation, unconfirmKit } from '#inventory';
import type { Secret } from '#kernel';
import { formatVerifierKey, verifierKey } from '#ledger';
import type { PreparedKit } from '#sealing';
import { serverError } from './errors.ts';

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

/**
 * Makes a recovery kit for an owner and puts it in force; the one before ends, and reminders begin again.
 * Errors: `server.kit_of_another` where another owner's kit would end unsaid.
 */
export const makeKit = async (
  house: House,
  caller: Caller,
  identity: string,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<RecoveryKit> => {
  if (!replace) await refuseOfAnother(house, identity);
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

/** A record that was forged or changed names nobody whose kit could end unsaid. */
const refuseOfAnother = async (house: House, identity: string): Promise<void> => {
  const former = await kitInForce(house).catch(() => null);
  if (former === null || former.owner === null || former.owner.id === identity) return;
  const { name } = former.owner;
  const day = new Date(former.madeAt).toISOString().slice(0, 10);
  throw serverError('kit_of_another', `The kit of ${name}, made on ${day}, is in force, and a new one ends it.`, {
    owner: name,
  });
};

type NewKit = { readonly identity: string; readonly prepared: PreparedKit };

/** One commit: a kit whose token works and whose key does not, or the reverse, would be found out in the worst hour. */
export const kitDeed = ({ identityPorts, sealing }: House): Deed<NewKit, MintedToken> => {
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

/** Ends the kit in force, wherever its page lies: what it signs in with, what it opens, and what backups go to. */
export const revokeKit = ({ identityPorts, sealing }: House): Deed<Record<never, never>, void> => ({
  name: 'revoke-kit',
  action: 'installation.revoke-kit',
  effect: 'change',
  facts: async () => ({ resource: INSTALLATION }),
  async apply(tx, _input, _facts, { now }) {
    const hadTokens = (await endRecoveryTokens(tx, identityPorts.keys, now)) > 0;
    const hadKit = await sealing.endKit(tx);
    if (!hadKit && !hadTokens) throw serverError('no_kit', 'There is no recovery kit.');
    await unconfirmKit(tx);
  },
  summary: () => ({ note: 'recovery kit ended' }),
});

export type KitState = { readonly madeAt: number | null; readonly confirmedAt: number | null };

/** Whether there is a kit, and whether somebody said that it lies in a safe place. Reminders go on until then. */
export const kitState = (house: House): Promise<KitState> =>
  house.engine.read(async (tx) => ({
    madeAt: (await house.sealing.kit(tx))?.madeAt ?? null,
    confirmedAt: (await readInstallation(tx))?.kitConfirmedAt ?? null,
  }));

/** The one kit in force, for people to recognise their page by; null where there is none. */
export const kitInForce = ({ engine, sealing, identity }: House): Promise<KitInForce | null> =>
  engine.read(async (tx) => {
    const kit = await sealing.kit(tx);
    if (kit === undefined) return null;
    const holder = await identity.kitHolder(tx, kit.token);
    return {
      madeAt: kit.madeAt,
      confirmedAt: (await readInstallation(tx))?.kitConfirmedAt ?? null,
      owner: holder === undefined ? null : { id: holder.id, name: holder.name },
      signsIn: holder?.signsIn ?? false,
    };
  });
