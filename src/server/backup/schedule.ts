import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Duration } from '#kernel';
import type { House } from '#http';
import { systemCaller } from '#identity';
import { backupTime } from './backup-name.ts';
import { kitState } from '../kit.ts';
import { type BackupMade, makeBackup } from './make-backup.ts';

/** How often, and how many of each are kept. Destroyed values are in backups until the last of these ages out. */
export const EVERY = Duration.of(1, 'd');
export const KEEP = { days: 7, weeks: 4, months: 12 } as const;

export type KeptBackup = { readonly file: string; readonly at: number };

/** Backups of this installation in a folder, newest first; other files are not looked at. */
export const listBackups = async (folder: string, origin: string): Promise<readonly KeptBackup[]> => {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const at = backupTime(origin, name);
      return at === null ? [] : [{ file: join(folder, name), at }];
    })
    .toSorted((a, b) => b.at - a.at);
};

/** Tries no more often than this, however often it is asked: each try leaves an entry. */
const PAUSE = Duration.of(1, 'h');

/**
 * For the server to call every minute or so: backs up when the newest backup is a day old and there is a kit to open it,
 * then removes what is beyond 7 daily, 4 weekly and 12 monthly ones. Gives null when it was not yet time.
 */
export const openSchedule = (house: House, folder: string): (() => Promise<BackupMade | null>) => {
  let notBefore = -Infinity;
  return async () => {
    const elapsed = house.clock.monotonic();
    if (elapsed < notBefore || house.sealing.state() !== 'unlocked') return null;
    if ((await kitState(house)).madeAt === null) return null;
    notBefore = elapsed + PAUSE.ms;
    return backUpIfDue(house, folder);
  };
};

const backUpIfDue = async (house: House, folder: string): Promise<BackupMade | null> => {
  const { origin } = house.installation();
  const newest = (await listBackups(folder, origin))[0];
  const age = newest === undefined ? Infinity : house.clock.now() - newest.at;
  // A backup from the future means that the clock was wrong then, or is now: one too many does no harm.
  if (age >= 0 && age < EVERY.ms) return null;
  const made = await makeBackup(house, systemCaller(), { folder });
  const all = await listBackups(folder, origin);
  const kept = keep(all);
  for (const { file } of all) if (!kept.has(file)) await rm(file, { force: true });
  return made;
};

/** The newest of each of the last 7 days, 4 weeks and 12 months that have one, counted in UTC. */
export const keep = (backups: readonly KeptBackup[]): ReadonlySet<string> => {
  const kept = new Set<string>();
  const newestOfEach = (periodOf: (at: number) => string, most: number): void => {
    const seen = new Set<string>();
    for (const { file, at } of backups.toSorted((a, b) => b.at - a.at)) {
      const period = periodOf(at);
      if (seen.has(period)) continue;
      if (seen.size >= most) return;
      seen.add(period);
      kept.add(file);
    }
  };
  newestOfEach((at) => new Date(at).toISOString().slice(0, 10), KEEP.days);
  // Weeks begin on Monday; 1970-01-01 was a Thursday.
  newestOfEach((at) => String(Math.floor((at / EVERY.ms + 3) / 7)), KEEP.weeks);
  newestOfEach((at) => new Date(at).toISOString().slice(0, 7), KEEP.months);
  return kept;
};
