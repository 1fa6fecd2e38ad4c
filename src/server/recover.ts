import { pend, takePending } from '#deeds';
import type { House } from '#http';
import type { Secret } from '#kernel';
import { parseRecoveryKey, recoveryKeyProvider } from '#sealing';

/**
 * Unlocks with the key that the recovery kit prints, where the usual guard of the root key is lost. The next step is
 * `rekey`, which puts the root key under a new guard. Errors: `sealing.malformed_key`, `sealing.wrong_key`, `sealing.no_kit`.
 */
export const unlockWithRecoveryKey = async (house: House, typed: Secret, address: string): Promise<void> => {
  const { sealing, deeds, engine, clock } = house;
  if (sealing.state() === 'unlocked') return;
  const keep = (outcome: 'allowed' | 'denied'): Promise<void> =>
    deeds.housekeep((tx) => pend(tx, { at: clock.now(), action: 'installation.unlock-with-recovery-key', outcome, address }));
  try {
    await sealing.unlock(engine, recoveryKeyProvider(parseRecoveryKey(typed)));
  } catch (error) {
    await keep('denied');
    throw error;
  }
  await keep('allowed');
  await deeds.refresh();
  await deeds.record(takePending);
};
