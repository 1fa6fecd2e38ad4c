import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '#kernel/node';
import { cliError } from './errors.ts';

/** Only the owner reads and writes what holds values. */
export const PRIVATE = 0o600;

/** Writes a file of our own, mode 0600, with the folders above it (0700). */
export const writePrivate = (file: string, content: string | Uint8Array): void => {
  try {
    makeFolder(dirname(file));
  } catch (error) {
    throw cliError('unwritable', `The folder of ${file} cannot be made.`, { place: dirname(file) }, error);
  }
  replaceFile(file, content, { mode: PRIVATE });
};

export type Kept = { readonly mode: number; readonly owner?: { readonly uid: number; readonly gid: number } };

/**
 * Replaces a file whole or not at all: a draft beside it, synced, renamed over it, the folder synced. Its last moment of
 * being half written is before it has its name. Mode and owner are set before the name is given.
 */
export const replaceFile = (file: string, content: string | Uint8Array, { mode, owner }: Kept): void => {
  const folder = dirname(file);
  const draft = join(folder, `.${basename(file)}.${process.pid}.chatelaine-new`);
  let handle: number | undefined;
  try {
    rmSync(draft, { force: true });
    handle = openSync(
      draft,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0),
      PRIVATE,
    );
    writeFileSync(handle, content);
    keepOwner(handle, owner, file);
    fchmodSync(handle, mode);
    fsyncSync(handle);
    closeSync(handle);
    handle = undefined;
    renameSync(draft, file);
    syncFolder(folder);
  } catch (error) {
    if (handle !== undefined) closeSync(handle);
    rmSync(draft, { force: true });
    if (error instanceof Error && error.name === 'ChatelaineError') throw error;
    throw cliError('unwritable', `${file} cannot be written (${codeOf(error)}).`, { place: folder }, error);
  }
};

/** A file that changes hands without its owner's knowledge is worse than one that is not written. */
const keepOwner = (handle: number, owner: Kept['owner'], file: string): void => {
  if (owner === undefined || process.platform === 'win32') return;
  const now = fstatSync(handle);
  if (now.uid === owner.uid && now.gid === owner.gid) return;
  try {
    fchownSync(handle, owner.uid, owner.gid);
  } catch (error) {
    throw cliError(
      'unsafe_file',
      `${file} belongs to another user or group (${owner.uid}:${owner.gid}), which only that user can keep.`,
      { instead: 'Run the command as the owner of the file.' },
      error,
    );
  }
};

const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return; // a folder cannot be opened there
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** What there is at a path, links not followed; undefined for nothing. */
export const lookAt = (file: string): Stats | undefined => lstatSync(file, { throwIfNoEntry: false });

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
