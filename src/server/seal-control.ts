import type { Clock, Secret } from '#kernel';
import { type Deeds, type PendingEvent, pend, takePending } from '#deeds';
import type { Caller } from '#identity';
import type { Seal } from '#http';
import { INSTALLATION } from '#inventory';
import { headOf } from '#ledger';
import type { Deed } from '#deeds';
import {
  type PreparedRoot,
  type SealProvider,
  type Sealing,
  parseRecoveryKey,
  passphraseProvider,
  recoveryKeyProvider,
  sealingError,
} from '#sealing';
import { refingerprint } from '#secrets';
import { type Engine, isStorageError } from '#storage';
import { endLock, lockAll, lockInForce } from './shared-lock.ts';

export type SealControlPorts = {
  readonly engine: Engine;
  readonly sealing: Sealing;
  readonly deeds: Deeds;
  readonly clock: Clock;
  /** The configured provider; undefined where a person brings the passphrase. */
  readonly provider: SealProvider | undefined;
  /** Looks at the ledger once the keys are there and before anything is written; what it throws locks again. */
  readonly inspect: () => Promise<void>;
};

export type SealControl = Seal & {
  /** True from the moment the keys are there until the ledger was looked at. */
  readonly isOpening: () => boolean;
  /**
   * Unlocks unless somebody locked all processes: for a start with nobody there, and for work beside the server. Only
   * `unlock` and `recover` end a lock that somebody asked for. Errors: `sealing.locked` then, and the provider's own.
   */
  unlockUnlessLocked(passphrase?: Secret): Promise<void>;
  /** Drops the keys where all processes were locked since this one took them up; see `Deeds.catchUp`. */
  followLock(): Promise<void>;
  /** Unlocks again once a person has ended the lock of all processes, where the provider needs nobody. */
  rejoin(): Promise<void>;
};

/** Locks and unlocks, and sees to it that each leaves an entry: at once, or with the first act of unlocking. */
export const openSealControl = ({
  engine,
  sealing,
  deeds,
  clock,
  provider,
  inspect,
}: SealControlPorts): SealControl => {
  const kept = (event: Omit<PendingEvent, 'at'>): Promise<void> =>
    deeds.housekeep((tx) => pend(tx, { at: clock.now(), ...event }));

  /** True while keys are there and the ledger was not looked at yet: nobody else may write meanwhile. */
  let opening = false;
  /** Serial of the lock when this process took up its keys; another serial says that all were locked since. */
  let agreed: number | undefined = 0;
  /** Serial of the lock that keeps this process locked; undefined where something else does. */
  let heldBy: number | undefined;
  /** Ends when the attempt before has ended: two at once would take each other's keys away. */
  let attempt: Promise<void> = Promise.resolve();

  const providerFor = (passphrase: Secret | undefined): SealProvider => {
    if (provider !== undefined) return provider;
    if (passphrase === undefined)
      throw sealingError('wrong_key', 'A passphrase is needed.', { provider: 'passphrase' });
    return passphraseProvider(passphrase);
  };

  const unlockWith = (how: Unlocking): Promise<void> => {
    const own = attempt.then(() => unlockOnce(how));
    attempt = own.catch(() => undefined);
    return own;
  };

  const unlockOnce = async (how: Unlocking): Promise<void> => {
    if (sealing.state() === 'unlocked') return;
    let serial = 0;
    try {
      opening = true;
      agreed = undefined;
      await open(how);
    } finally {
      opening = false;
    }
    try {
      // What waited becomes entries before anything else happens.
      await deeds.record(async (tx, now) => {
        const waited = await takePending(tx);
        if (!how.byPerson) return waited;
        const ended = await endLock(tx, sealing, now);
        serial = ended.serial;
        return [...waited, ...ended.drafts];
      });
      agreed ??= serial;
      await followLock();
    } catch (error) {
      // Keys under a lock that could not be ended.
      if (agreed === undefined) sealing.lock();
      throw error;
    }
  };

  /** Nobody is there who could end a lock. */
  const respectLock = async (): Promise<void> => {
    const { serial, locked } = await engine.read((tx) => lockInForce(tx, sealing));
    if (!locked) {
      agreed = serial;
      return;
    }
    heldBy = serial;
    throw sealingError('locked', 'Somebody locked it; a person has to unlock it.');
  };

  const open = async ({ guard, action, address, byPerson }: Unlocking): Promise<void> => {
    try {
      await sealing.unlock(engine, guard());
    } catch (error) {
      await kept({ action, outcome: 'denied', address });
      throw error;
    }
    try {
      // The next commit moves the anchor on, and with it every trace of an older copy that was put back.
      await inspect();
      if (!byPerson) await respectLock();
    } catch (error) {
      sealing.lock();
      throw error;
    }
    heldBy = undefined;
    await kept({ action, outcome: 'allowed', address });
    await deeds.refresh();
  };

  const unlockUnlessLocked = (passphrase?: Secret): Promise<void> =>
    unlockWith({
      guard: () => providerFor(passphrase),
      action: 'installation.unlock',
      address: 'local',
      byPerson: false,
    });

  const followLock = async (): Promise<void> => {
    if (agreed === undefined || sealing.state() !== 'unlocked') return;
    try {
      const { serial, locked } = await engine.read((tx) => lockInForce(tx, sealing));
      if (!locked && serial === agreed) return;
      heldBy = locked ? serial : NEVER;
      sealing.lock();
    } catch (error) {
      // A database that does not answer says nothing of the lock: no commit goes on without an answer, and the next asks.
      if (!isStorageError(error)) sealing.lock();
      throw error;
    }
  };

  return {
    state: () => (opening ? 'locked' : sealing.state()),
    isOpening: () => opening,
    provider: () => provider?.id ?? 'passphrase',

    unlock: (passphrase, address) =>
      unlockWith({ guard: () => providerFor(passphrase), action: 'installation.unlock', address, byPerson: true }),
    recover: (recoveryKey, address) =>
      unlockWith({
        guard: () => recoveryKeyProvider(parseRecoveryKey(recoveryKey)),
        action: 'installation.recover',
        address,
        byPerson: true,
      }),
    unlockUnlessLocked,

    async lock(caller) {
      const { output } = await deeds.perform(lockAll(sealing), caller, {});
      heldBy = output.serial;
      sealing.lock();
    },
    followLock,
    async rejoin() {
      if (provider?.unattended !== true || heldBy === undefined || sealing.state() !== 'locked') return;
      const bound = (await engine.read((tx) => headOf(tx, INSTALLATION.id)))?.version ?? 0;
      if (bound === heldBy) return;
      await unlockUnlessLocked();
    },

    async rekey(caller: Caller, passphrase) {
      const prepared = await sealing.prepareRekey(providerFor(passphrase));
      const { output } = await deeds.perform(rekeyDeed(sealing), caller, prepared);
      await deeds.catchUp();
      return output;
    },
  };
};

/** One try at unlocking. */
type Unlocking = {
  readonly guard: () => SealProvider;
  readonly action: PendingEvent['action'];
  readonly address: string;
  /** Only a person ends a lock that somebody asked for. */
  readonly byPerson: boolean;
};

/** Below every serial: a lock came and went while this process did not look. */
const NEVER = -1;

export const rekeyDeed = (sealing: Sealing): Deed<PreparedRoot, number> => ({
  name: 'rekey',
  action: 'installation.rekey',
  effect: 'change',
  alone: true,
  facts: async () => ({ resource: INSTALLATION }),
  async apply(tx, prepared, _facts, { now }) {
    const { rewrapped, fingerprint } = await sealing.storeRekey(tx, prepared, now);
    await refingerprint(tx, fingerprint);
    return rewrapped;
  },
  summary: (_prepared, rewrapped) => ({ note: `${rewrapped} keys wrapped anew` }),
});
