import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { cliError } from '../errors.ts';

export type Bounds = {
  /** Bytes that are read at most. */
  readonly most: number;
  /** Nobody named the file: it may be a pipe that a stranger left there, and is not waited for. */
  readonly found?: true;
};

/**
 * The text of a file, of a pipe as well where somebody named it (`<(…)` of a shell); never more of it than `most`.
 * Errors: `cli.unreadable`, which says `what` it should have been, and `cli.too_large`.
 */
export const readBounded = (file: string, what: string, { found, most }: Bounds): string => {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | (found === true ? (constants.O_NONBLOCK ?? 0) : 0));
    if (found === true && !fstatSync(handle).isFile()) throw new Error('no regular file');
    const parts: Buffer[] = [];
    for (let size = 0; size <= most;) {
      const part = Buffer.alloc(64 * 1024);
      const count = readSync(handle, part);
      if (count === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(part.subarray(0, count));
      size += count;
    }
  } catch (error) {
    throw cliError('unreadable', `${what} cannot be read.`, { place: file }, error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
  throw cliError('too_large', `${what} (${file}) is too large.`, { limit: most });
};
