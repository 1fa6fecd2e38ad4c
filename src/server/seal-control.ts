import type { Clock, Secret } from '#kernel';
import { type Deeds, type PendingEvent, pend, takePending } from '#deeds';
import type { Caller } from '#identity';
import type { Seal } from '#http';
import { INSTALLATION } from '#inventory';
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
import type { Engine } from '#storage';

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
  /** Ends when the attempt before has ended: two at once would take each other's keys away. */
  let attempt: Promise<void> = Promise.resolve();

  const providerFor = (passphrase: Secret | undefined): SealProvider => {
    if (provider !== undefined) return provider;
    if (passphrase === undefined)
      throw sealingError('wrong_key', 'A passphrase is needed.', { provider: 'passphrase' });
    return passphraseProvider(passphrase);
  };

  const unlockWith = (guard: () => SealProvider, action: PendingEvent['action'], address: string): Promise<void> => {
    const own = attempt.then(() => unlockOnce(guard, action, address));
    attempt = own.catch(() => undefined);
    return own;
  };

  const unlockOnce = async (
    guard: () => SealProvider,
    action: PendingEvent['action'],
    address: string,
  ): Promise<void> => {
    if (sealing.state() === 'unlocked') return;
    try {
      opening = true;
      await open(guard, action, address);
    } finally {
      opening = false;
    }
    // What waited becomes entries before anything else happens.
    await deeds.record(takePending);
  };

  const open = async (guard: () => SealProvider, action: PendingEvent['action'], address: string): Promise<void> => {
    try {
      await sealing.unlock(engine, guard());
    } catch (error) {
      await kept({ action, outcome: 'denied', address });
      throw error;
    }
    try {
      // The next commit moves the anchor on, and with it every trace of an older copy that was put back.
      await inspect();
    } catch (error) {
      sealing.lock();
      throw error;
    }
    await kept({ action, outcome: 'allowed', address });
    await deeds.refresh();
  };

  return {
    state: () => (opening ? 'locked' : sealing.state()),
    isOpening: () => opening,
    provider: () => provider?.id ?? 'passphrase',

    unlock: (passphrase, address) => unlockWith(() => providerFor(passphrase), 'installation.unlock', address),
    recover: (recoveryKey, address) =>
      unlockWith(() => recoveryKeyProvider(parseRecoveryKey(recoveryKey)), 'installation.recover', address),

    async lock(caller) {
      await deeds.perform(lockDeed, caller, {});
      sealing.lock();
    },

    async rekey(caller: Caller, passphrase) {
      const prepared = await sealing.prepareRekey(providerFor(passphrase));
      const { output } = await deeds.perform(rekeyDeed(sealing), caller, prepared);
      await sealing.follow(engine, provider);
      return output;
    },
  };
};

const lockDeed: Deed<Record<never, never>, void> = {
  name: 'lock',
  action: 'installation.lock',
  effect: 'change',
  facts: async () => ({ resource: INSTALLATION }),
  apply: async () => {},
};

const rekeyDeed = (sealing: Sealing): Deed<PreparedRoot, number> => ({
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
