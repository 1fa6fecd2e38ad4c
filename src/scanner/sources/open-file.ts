import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { scannerError } from '../errors.ts';

export type FileFacts = {
  readonly size: number;
  /** When it was last written to, in milliseconds. */
  readonly changed: number;
};

export type OpenFile = FileFacts & {
  readonly fd: number;
  readonly mode: number;
  close(): void;
};

/** Never through a symbolic link, and never waiting for the other end of a pipe. Windows knows neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens a regular file for reading; null when there is none of that kind. Throws what the system says. */
export const openRegular = (file: string | Buffer): OpenFile | null => {
  const fd = openSync(file, FLAGS);
  const facts = fstatSync(fd);
  if (facts.isFile())
    return { fd, size: facts.size, changed: facts.mtimeMs, mode: facts.mode & 0o777, close: () => closeSync(fd) };
  closeSync(fd);
  return null;
};

export const openedFacts = (fd: number): FileFacts => {
  const { mtimeMs, size } = fstatSync(fd);
  return { size, changed: mtimeMs };
};

/** Reads on from where the last read ended, into `into`. 0 at the end of the file. */
export const readOn = (fd: number, into: Uint8Array): number => readSync(fd, into, 0, into.length, null);

/** Reads at a place of the file; for a second look at what was read before. */
export const readAt = (fd: number, into: Uint8Array, position: number): number =>
  readSync(fd, into, 0, into.length, position);

/**
 * A file that comes with this room, named from `src/scanner`: the kernel, the literals of our own rules. Throws
 * `scanner.part_missing` where it cannot be read.
 */
export const readShipped = (name: string): Uint8Array => {
  try {
    return readFileSync(new URL(`../${name}`, import.meta.url));
  } catch (error) {
    throw partMissing(name, error);
  }
};

export const partMissing = (name: string, cause: unknown): Error =>
  scannerError(
    'part_missing',
    `A part of the scanner cannot be read: ${name}.`,
    { file: `src/scanner/${name}` },
    cause,
  );
