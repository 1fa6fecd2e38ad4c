import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { type JsonObject, Secret } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import type { Caller } from '#identity';
import { openAnchor, parseVerifierKey } from '#ledger';
import { openSealing, parseRecoveryKey, passphraseProvider, recoveryKeyProvider } from '#sealing';
import { DATABASE_FILE, type Engine, openPostgres } from '#storage';
import { backupReport, makeBackup } from './backup/make-backup.ts';
import { type RestoreInput, type Restored, checkBackup, restoreFolder, restoreInto } from './backup/restore.ts';
import { acceptRolledBack } from './check-start.ts';
import { type Composed, compose } from './compose.ts';
import type { Check } from './doctor/doctor.ts';
import { doctorOffline } from './doctor/offline.ts';
import { serverError } from './errors.ts';
import { fileAnchor } from './file-anchor.ts';
import { kitText, readKitText } from './kit-page.ts';
import { makeKit } from './kit.ts';
import { openStore } from './open-store.ts';
import { defaultPlaces } from './places.ts';
import { type Plan, planStart } from './plan.ts';
import { readSettings } from './read-settings.ts';
import type { Attendant, Environment, Flags } from './up.ts';

/** What works on a data folder that no process serves. While one does, each fails with `storage.folder_in_use`. */
export type OfflineOperations = {
  doctor(flags: Flags, attendant: Attendant): Promise<readonly Check[]>;
  /** The page to print. */
  createKit(flags: Flags, attendant: Attendant, options?: { readonly replace: boolean }): Promise<string>;
  backup(file: string | undefined, flags: Flags, attendant?: Attendant): Promise<JsonObject>;
  /** `kit` is the page, or the lines of it that are needed: the backup identity, best with the verifier key. */
  restore(file: string, flags: Flags, kit: Secret, check: boolean): Promise<JsonObject>;
  acceptRollback(reason: string, flags: Flags, attendant: Attendant): Promise<JsonObject>;
};

const NOBODY: Attendant = { askSecret: async () => undefined };

export const offlineOperations = (environment: Environment, version: string): OfflineOperations => {
  const planOf = (flags: Flags): Plan => {
    const places = defaultPlaces(environment);
    const file = environment['CHATELAINE_CONFIG'] ?? (existsSync(places.config) ? places.config : undefined);
    return planStart(readSettings({ flags, environment, file }), places, environment);
  };

  const within = async <T>(
    flags: Flags,
    attendant: Attendant,
    { behindAnchor }: { readonly behindAnchor: boolean },
    work: (house: Composed, caller: Caller, plan: Plan) => Promise<T>,
  ): Promise<T> => {
    const plan = planOf(flags);
    requireInstallation(plan);
    const engine = await openStore({ ...plan, clock: systemClock, onFatal: () => {} });
    const place = fileAnchor(plan.anchorFile);
    const anchor = openAnchor(place);
    const house = compose({
      engine,
      clock: systemClock,
      random: systemRandom,
      provider: plan.provider,
      version,
      anchor: behindAnchor ? undefined : place,
      // An anchor that is ahead is replaced by the deed that accepts it, not by unlocking.
      onCommit: ({ checkpoint }) => (behindAnchor ? undefined : anchor.keep(checkpoint)),
      health: async () => ({}),
    });
    try {
      if ((await house.look()) === undefined)
        throw serverError('no_folder', `There is no installation in ${engine.place}.`, { place: engine.place });
      await house.seal.unlockUnlessLocked(await passphraseFor(plan, attendant));
      const from = { address: 'local', agent: `chatelaine/${version}` };
      const caller = await engine.read((tx) => house.identity.proveOsUser(tx, userInfo().uid, from));
      return await work(house, caller, plan);
    } finally {
      await anchor.idle();
      house.sealing.lock();
      await engine.close();
    }
  };

  return {
    async doctor(flags, attendant) {
      const plan = planOf(flags);
      requireInstallation(plan);
      const passphrase = await passphraseFor(plan, attendant);
      return doctorOffline({
        folder: plan.folder,
        databaseUrl: plan.databaseUrl === undefined ? undefined : Secret.fromText(plan.databaseUrl),
        clock: systemClock,
        random: systemRandom,
        provider: plan.provider ?? (passphrase === undefined ? undefined : passphraseProvider(passphrase)),
        anchor: fileAnchor(plan.anchorFile),
        keyFile: plan.seal === 'key-file' ? plan.keyFile : undefined,
        backups: plan.backups,
      });
    },
    createKit: (flags, attendant, options) =>
      within(flags, attendant, { behindAnchor: false }, async (house, caller) =>
        kitText(await makeKit(house, caller, caller.identity, options)).revealText(),
      ),
    backup: (file, flags, attendant = NOBODY) =>
      within(flags, attendant, { behindAnchor: false }, async (house, caller, { backups }) =>
        backupReport(await makeBackup(house, caller, file === undefined ? { folder: backups } : { file })),
      ),
    async restore(file, flags, kit, check) {
      const { input, recoveryKey } = restoreInput(file, kit);
      if (check) {
        const unlock = recoveryKey === null ? undefined : unlockCopy(recoveryKey);
        const { checks, bad, ...restored } = await checkBackup(input, unlock);
        return { ...restoredJson(restored), bad, checks: checks.map((one) => ({ ...one })) };
      }
      const plan = planOf(flags);
      if (plan.databaseUrl === undefined)
        return { ...restoredJson(await restoreFolder(plan.folder, input)), place: plan.folder };
      const engine = await openPostgres({ url: Secret.fromText(plan.databaseUrl) });
      try {
        return { ...restoredJson(await restoreInto(engine, input)), place: engine.place };
      } finally {
        await engine.close();
      }
    },
    acceptRollback: (reason, flags, attendant) =>
      within(flags, attendant, { behindAnchor: true }, async (house, caller, { anchorFile }) => {
        await acceptRolledBack(house, caller, reason, fileAnchor(anchorFile));
        return { accepted: true, entries: house.deeds.head()?.size ?? 0 };
      }),
  };
};

const requireInstallation = ({ folder, databaseUrl }: Plan): void => {
  if (databaseUrl === undefined && !existsSync(join(folder, DATABASE_FILE)))
    throw serverError('no_folder', `There is no installation in ${folder}.`, { place: folder });
};

const passphraseFor = async ({ provider }: Plan, attendant: Attendant): Promise<Secret | undefined> =>
  provider === undefined ? attendant.askSecret('Passphrase: ') : undefined;

const restoreInput = (
  file: string,
  kit: Secret,
): { readonly input: RestoreInput; readonly recoveryKey: Secret | null } => {
  const { backupIdentity, verifierKey, recoveryKey } = readKitText(kit);
  if (backupIdentity === null)
    throw serverError('no_kit_inside', 'The line that opens backups (AGE-SECRET-KEY-…) is missing.');
  const key = verifierKey === null ? null : parseVerifierKey(verifierKey);
  return { input: { file, identity: backupIdentity, key, clock: systemClock }, recoveryKey };
};

const unlockCopy = (recoveryKey: Secret) => async (engine: Engine) => {
  const sealing = openSealing(systemRandom);
  await engine.read((tx) => sealing.look(tx));
  await sealing.unlock(engine, recoveryKeyProvider(parseRecoveryKey(recoveryKey)));
  return sealing;
};

const restoredJson = ({ manifest, proven, rows }: Restored): JsonObject => ({
  origin: manifest.origin,
  made_at: new Date(manifest.madeAt).toISOString(),
  rows,
  proven,
});
