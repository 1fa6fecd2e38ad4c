import type { Clock, Secret } from '#kernel';
import { type Deeds, type PendingEvent, pend, takePending } from '#deeds';
import type { Caller } from '#identity';
import type { Seal } from '#http';
import { INSTALLATION } from '#inventory';
import type { Deed } from '#deeds';
import { type PreparedRoot, type SealProvider, type Sealing, passphraseProvider, sealingError } from '#sealing';
import { refingerprint } from '#secrets';
import type { Engine } from '#storage';

export type SealControlPorts = {
  readonly engine: Engine;
  readonly sealing: Sealing;
  readonly deeds: Deeds;
  readonly clock: Clock;
  /** The configured provider; undefined where a person brings the passphrase. */
  readonly provider: SealProvider | undefined;
};

/** Locks and unlocks, and sees to it that each leaves an entry: at once, or with the first act of unlocking. */
export const openSealControl = ({ engine, sealing, deeds, clock, provider }: SealControlPorts): Seal => {
  const kept = (event: Omit<PendingEvent, 'at'>): Promise<void> =>
    deeds.housekeep((tx) => pend(tx, { at: clock.now(), ...event }));

  const providerFor = (passphrase: Secret | undefined): SealProvider => {
    if (provider !== undefined) return provider;
    if (passphrase === undefined) throw sealingError('wrong_key', 'A passphrase is needed.', { provider: 'passphrase' });
    return passphraseProvider(passphrase);
  };

  return {
    state: () => sealing.state(),
    provider: () => provider?.id ?? 'passphrase',

    async unlock(passphrase, address) {
      if (sealing.state() === 'unlocked') return;
      try {
        await sealing.unlock(engine, providerFor(passphrase));
      } catch (error) {
        await kept({ action: 'installation.unlock', outcome: 'denied', address });
        throw error;
      }
      await kept({ action: 'installation.unlock', outcome: 'allowed', address });
      await deeds.refresh();
      // What waited becomes entries before anything else happens.
      await deeds.record(takePending);
    },

    async lock(caller) {
      await deeds.perform(lockDeed, caller, {});
      sealing.lock();
    },

    async rekey(caller: Caller, passphrase) {
      const prepared = await sealing.prepareRekey(providerFor(passphrase));
      const { output } = await deeds.perform(rekeyDeed(sealing), caller, prepared);
      await sealing.adoptRekey(engine, prepared);
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
  facts: async () => ({ resource: INSTALLATION }),
  async apply(tx, prepared, _facts, { now }) {
    const { rewrapped, fingerprint } = await sealing.storeRekey(tx, prepared, now);
    await refingerprint(tx, fingerprint);
    return rewrapped;
  },
  summary: (_prepared, rewrapped) => ({ note: `${rewrapped} keys wrapped anew` }),
});
