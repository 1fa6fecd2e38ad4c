import type { Deed } from '#deeds';
import type { Care, House } from '#http';
import { INSTALLATION } from '#inventory';
import type { AnchorPlace } from '#ledger';
import { backupReport, makeBackup } from './backup/make-backup.ts';
import { doctor, examinationOf } from './doctor/doctor.ts';
import type { Surroundings } from './doctor/surroundings.ts';
import { serverError } from './errors.ts';
import { kitHtml, kitText } from './kit-page.ts';
import { kitInForce, makeKit, revokeKit } from './kit.ts';

export type CarePlaces = {
  readonly anchor: AnchorPlace | undefined;
  /** Where backups go; undefined where this process makes none. */
  readonly backups: string | undefined;
  readonly around: Omit<Surroundings, 'origin'> | undefined;
};

/** Looking after a house while it is served: kit, backup, examination. */
export const openCare = (house: () => House, { anchor, backups, around }: CarePlaces): Care => ({
  async makeKit(caller, options) {
    const kit = await makeKit(house(), caller, caller.identity, options);
    return { text: kitText(kit), html: kitHtml(kit) };
  },
  async showKit(caller) {
    await house().deeds.perform(examination, caller, {});
    return kitInForce(house());
  },
  async revokeKit(caller) {
    await house().deeds.perform(revokeKit(house()), caller, {});
  },
  async backUp(caller) {
    if (backups === undefined)
      throw serverError('no_folder', 'This process has no folder for backups.', { place: 'backups' });
    return backupReport(await makeBackup(house(), caller, { folder: backups }));
  },
  async examine(caller) {
    const { engine, clock, sealing, deeds, installation } = house();
    await deeds.perform(examination, caller, {});
    const surroundings = around === undefined ? undefined : { ...around, origin: installation().origin };
    return examinationOf(await doctor({ engine, clock, sealing, anchor, around: surroundings }));
  },
});

/** What is wrong with an installation tells an attacker where it is weak, so looking is a deed. */
const examination: Deed<Record<never, never>, void> = {
  name: 'examine',
  action: 'installation.status',
  effect: 'reveal',
  facts: async () => ({ resource: INSTALLATION }),
  find: async () => {},
};
