import { closeSync, constants, fchmodSync, fstatSync, openSync } from 'node:fs';
import { cliError } from './errors.ts';
import { PRIVATE } from './write-file.ts';

export type FileMode = { readonly mode: number; readonly uid: number; readonly gid: number };
type Person = { readonly getgid?: () => number };

/**
 * The mode of a file that holds values: 0600. Where it lets a group read that is not its owner's own, that group keeps
 * reading it (0640): so does a service under another user, such as a Mosquitto broker, get at its file. Nobody else ever
 * reads it, no group writes it, and a file is never opened wider than it was. A group counts as the owner's own when it
 * has the owner's number, is the one this program runs as, or is root's.
 */
export const modeOfValues = ({ mode, uid, gid }: FileMode, person: Person = process): number => {
  const isOwn = gid === 0 || gid === uid || gid === person.getgid?.();
  return (mode & 0o040) !== 0 && !isOwn ? 0o640 : PRIVATE;
};

/** True when others may do with it what `modeOfValues` would not let them. */
export const isTooWide = (file: FileMode, person: Person = process): boolean =>
  process.platform !== 'win32' && (file.mode & 0o7777 & ~modeOfValues(file, person)) !== 0;

/** Takes rights away from a file and leaves its content alone. Errors: `cli.unsafe_file` for somebody else's. */
export const narrow = (file: string, target: string): void => {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    fchmodSync(handle, modeOfValues(fstatSync(handle)));
  } catch (error) {
    throw cliError(
      'unsafe_file',
      `Others may read ${target}, which holds values and belongs to another user.`,
      { instead: `Run the command as its owner, or there: chmod 600 ${target}` },
      error,
    );
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
};
