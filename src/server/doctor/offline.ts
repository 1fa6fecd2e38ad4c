import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ChatelaineError, type Clock, type Random, type Secret } from '#kernel';
import { readInstallation } from '#inventory';
import type { AnchorPlace, VerifierKey } from '#ledger';
import { type SealProvider, openSealing } from '#sealing';
import { DATABASE_FILE, openPostgres, openSqlite } from '#storage';
import { serverError } from '../errors.ts';
import { type Check, doctor } from './doctor.ts';

export type OfflineInput = {
  readonly folder: string;
  /** Another database than the one in the folder. */
  readonly databaseUrl?: Secret | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Opens the root key; undefined to look without keys. */
  readonly provider?: SealProvider | undefined;
  readonly key?: VerifierKey | undefined;
  readonly anchor?: AnchorPlace | undefined;
  readonly keyFile?: string | undefined;
  readonly backups?: string | undefined;
};

/**
 * Examines a folder that nobody serves, without migrating or changing it. Errors: `server.no_folder`,
 * `storage.folder_in_use`.
 */
export const doctorOffline = async (input: OfflineInput): Promise<readonly Check[]> => {
  const { folder, databaseUrl, clock, random, provider, key, anchor, keyFile, backups } = input;
  if (databaseUrl === undefined && !existsSync(join(folder, DATABASE_FILE)))
    throw serverError('no_folder', `There is no installation in ${folder}.`, { place: folder });
  const engine = databaseUrl === undefined ? openSqlite({ folder }) : await openPostgres({ url: databaseUrl });
  const sealing = openSealing(random);
  try {
    const origin = await engine.read(readInstallation).then(
      (installation) => installation?.origin,
      // Without a schema of ours; the doctor says so.
      () => undefined,
    );
    if (origin !== undefined) await engine.read((tx) => sealing.look(tx));
    if (origin !== undefined && provider !== undefined) await sealing.unlock(engine, provider).catch(goOnWithoutKeys);
    return await doctor({ engine, clock, sealing, key, anchor, around: { folder, origin, keyFile, backups } });
  } finally {
    sealing.lock();
    await engine.close();
  }
};

/** A key that is missing or does not fit is no reason to look at nothing; what needs it says that it was not at hand. */
const goOnWithoutKeys = (error: unknown): void => {
  if (!(error instanceof ChatelaineError) || !error.code.startsWith('sealing.')) throw error;
};
