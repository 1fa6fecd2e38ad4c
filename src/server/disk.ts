import { existsSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Kept free by being taken: deleting it gives room to lock, record and stop in order when the disk is full. */
const BALLAST_BYTES = 8 * 1_048_576;
const BALLAST_FILE = 'ballast';

/** Free space below which people are warned, and below which the ballast goes overboard. */
const WARN_BYTES = 512 * 1_048_576;
const FULL_BYTES = 32 * 1_048_576;

export type DiskState = { readonly freeBytes: number; readonly level: 'good' | 'low' | 'full' };

export const diskState = async (folder: string): Promise<DiskState> => {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  return { freeBytes, level: freeBytes < FULL_BYTES ? 'full' : freeBytes < WARN_BYTES ? 'low' : 'good' };
};

/** Makes the ballast when there is room for it. */
export const keepBallast = async (folder: string): Promise<void> => {
  const file = join(folder, BALLAST_FILE);
  if (existsSync(file) || (await diskState(folder)).freeBytes < WARN_BYTES) return;
  const handle = await open(file, 'wx', 0o600);
  try {
    // Written, not truncated to size: a sparse file would keep nothing free.
    for (let written = 0; written < BALLAST_BYTES; written += 65_536) await handle.write(new Uint8Array(65_536));
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Throws the ballast overboard: the last writes still fit. */
export const dropBallast = (folder: string): Promise<void> => rm(join(folder, BALLAST_FILE), { force: true });

/**
 * Looks at the disk at each call: tells when its level changes, throws the ballast overboard when it is full, and takes
 * it up again when there is room.
 */
export const watchDisk = (folder: string, tell: (state: DiskState) => void): (() => Promise<void>) => {
  let level: DiskState['level'] = 'good';
  return async () => {
    const state = await diskState(folder);
    if (state.level === level) return;
    level = state.level;
    tell(state);
    if (level === 'full') await dropBallast(folder);
    if (level === 'good') await keepBallast(folder);
  };
};
