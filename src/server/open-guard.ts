import { giveFirstCodes } from '#inventory';
import { type HeadRow, checkLedger, hasEntry, programEntry, readHeadRow } from '#ledger';
import type { House } from '#http';
import { keepEveryRow, storageError } from '#storage';
import { ownKey } from './check-start.ts';

/** Note of the first entry where the guard was there from the start. */
export const GUARDED_FROM_THE_START = 'rows guarded';
const GUARDED_LATER = 'installation.guard-rows';

/**
 * Takes up the newest states of the rows that decide who may do what; call it once the keys are there and before
 * anybody is let in. A database of before there was a guard gets one, once: that it never had one is believed only of
 * a ledger that is whole and does not say otherwise. Errors: `storage.rows_untrue`.
 */
export const openGuard = async (house: House): Promise<void> => {
  const { engine, identity, policy, sealing, installation } = house;
  if (!(await engine.read((tx) => engine.guard.load(tx)))) {
    await requireNeverGuarded(house);
    await house.deeds.guardRows(
      () => sealing.signer(installation().origin),
      async (tx, now) => {
        await keepEveryRow(tx);
        await giveFirstCodes(tx);
        return [programEntry(GUARDED_LATER, now)];
      },
    );
  }
  // Somebody may have been proven by a row that was read before the guard looked at it.
  const revision = (await engine.read(readHeadRow))?.revision ?? 0;
  for (const at of [NEVER, revision]) {
    identity.cache(at);
    policy.current(at);
  }
};

/** No revision: what is remembered at another is forgotten. */
const NEVER: HeadRow['revision'] = -1;

const requireNeverGuarded = async (house: House): Promise<void> => {
  const ledger = await house.engine.snapshot(async (tx) => ({
    ...(await checkLedger(tx, ownKey(house))),
    wasGuarded:
      (await hasEntry(tx, GUARDED_LATER, null)) || (await hasEntry(tx, 'installation.init', GUARDED_FROM_THE_START)),
  }));
  const faults = [...ledger.entryFaults, ...ledger.treeFaults];
  if (ledger.wasGuarded || faults.length > 0 || !ledger.signed)
    throw storageError(
      'rows_untrue',
      ledger.wasGuarded
        ? 'The code over the newest states of rows was removed from the database.'
        : `Rows get their first codes only beside a ledger that is whole: ${faults[0] ?? 'its signature cannot be checked'}.`,
    );
};
