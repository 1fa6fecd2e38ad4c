import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Random } from '#kernel';
import { readInstallation } from '#inventory';
import type { AnchorPlace, VerifierKey } from '#ledger';
import { type SealProvider, openSealing } from '#sealing';
import { DATABASE_FILE, openSqlite } from '#storage';
import { serverError } from '../errors.ts';
import { type Check, doctor } from './doctor.ts';

export type OfflineInput = {
  readonly folder: string;
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
 * `storage.folder_in_use`, and what unlocking throws.
 */
export const doctorOffline = async (input: OfflineInput): Promise<readonly Check[]> => {
  const { folder, clock, random, provider, key, anchor, keyFile, backups } = input;
  if (!existsSync(join(folder, DATABASE_FILE)))
    throw serverError('no_folder', `There is no installation in ${folder}.`, { place: folder });
  const engine = openSqlite({ folder });
  const sealing = openSealing(random);
  try {
    const origin = await engine.read(readInstallation).then(
      (installation) => installation?.origin,
      // Without a schema of ours; the doctor says so.
      () => undefined,
    );
    if (origin !== undefined) await engine.read((tx) => sealing.look(tx));
    if (origin !== undefined && provider !== undefined) await sealing.unlock(engine, provider);
    return await doctor({ engine, clock, sealing, key, anchor, around: { folder, origin, keyFile, backups } });
  } finally {
    sealing.lock();
    await engine.close();
  }
};
