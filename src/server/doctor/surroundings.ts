import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { type Clock, Duration } from '#kernel';
import { DATABASE_FILE } from '#storage';
import { listBackups } from '../backup/schedule.ts';
import { diskState } from '../disk.ts';
import { type Check, fromFaults, good, warning } from './check.ts';

/** The files around a database. */
export type Surroundings = {
  readonly folder: string;
  readonly origin: string | undefined;
  readonly keyFile?: string | undefined;
  readonly backups?: string | undefined;
};

/** Bits of a mode that let anyone but the owner in. */
const OTHERS = 0o077;
/** A daily backup that is late by a day. */
const LATE = Duration.of(2, 'd');

export const checkSurroundings = async (around: Surroundings, clock: Clock): Promise<readonly Check[]> => [
  await checkModes(around),
  await checkDisk(around.folder),
  await checkBackups(around, clock),
];

const checkModes = async ({ folder, keyFile }: Surroundings): Promise<Check> => {
  const faults: string[] = [];
  const folderMode = await modeOf(folder);
  const openFolder = folderMode !== null && (folderMode & OTHERS) !== 0;
  if (openFolder) faults.push(`others may look into ${folder} (mode ${octal(folderMode)})`);
  for (const name of openFolder ? [DATABASE_FILE, `${DATABASE_FILE}-wal`] : []) {
    const mode = await modeOf(join(folder, name));
    if (mode !== null && (mode & OTHERS) !== 0) faults.push(`others may read ${name} (mode ${octal(mode)})`);
  }
  if (keyFile !== undefined) {
    const mode = await modeOf(keyFile);
    if (mode === null) faults.push(`the key file ${keyFile} is not there`);
    else if ((mode & OTHERS) !== 0) faults.push(`others may read the key file ${keyFile} (mode ${octal(mode)})`);
    if (`${resolve(keyFile)}${sep}`.startsWith(`${resolve(folder)}${sep}`))
      faults.push('the key file lies inside the data folder');
  }
  return fromFaults('modes', 'Files', faults, {
    looked: 'folder and key are for their owner alone',
    remedy: `chmod 700 ${folder}${keyFile === undefined ? '' : ` && chmod 600 ${keyFile}`}`,
  });
};

const checkDisk = async (folder: string): Promise<Check> => {
  const { freeBytes, level } = await diskState(folder);
  const free = `${Math.floor(freeBytes / 1_048_576)} MiB free`;
  if (level === 'good') return good('disk', 'Disk', free);
  const remedy = 'Make room on this volume; when it is full, nothing can be changed any more.';
  return { id: 'disk', title: 'Disk', state: level === 'full' ? 'bad' : 'warning', detail: free, remedy };
};

const checkBackups = async ({ backups, origin }: Surroundings, clock: Clock): Promise<Check> => {
  const [id, title] = ['backups', 'Backups'];
  if (backups === undefined || origin === undefined)
    return warning(id, title, 'not looked at', 'Say where they are: --backup-folder FOLDER.');
  const kept = await listBackups(backups, origin);
  const newest = kept[0];
  if (newest === undefined) return warning(id, title, `there is none in ${backups}`, 'Make one: chatelaine backup.');
  const age = clock.now() - newest.at;
  const detail = `${kept.length} kept, the newest of ${new Date(newest.at).toISOString().slice(0, 16)}Z`;
  return age > LATE.ms ? warning(id, title, detail, 'Make one: chatelaine backup.') : good(id, title, detail);
};

const modeOf = async (path: string): Promise<number | null> => {
  if (process.platform === 'win32') return 0o700;
  return stat(path).then(
    ({ mode }) => mode & 0o777,
    () => null,
  );
};

const octal = (mode: number): string => mode.toString(8);
