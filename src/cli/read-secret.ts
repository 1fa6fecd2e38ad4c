import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '#kernel';
import { cliError } from './errors.ts';

/** A file that holds a secret, whole. Errors: `cli.unreadable`, `cli.too_large`. */
export const readSecretFile = (directory: string, file: string, limit: number): Secret => {
  let handle: number | undefined;
  try {
    handle = openSync(resolve(directory, file), 'r');
    const stats = fstatSync(handle);
    if (stats.isDirectory()) throw cliError('unreadable', `${file} is a folder.`, { place: file });
    if (stats.isFile() && stats.size > limit)
      throw cliError('too_large', `${file} has ${stats.size} bytes.`, { limit });
    const bytes = readFileSync(handle);
    if (bytes.length > limit) throw cliError('too_large', `${file} is too large.`, { limit });
    return Secret.fromBytes(bytes);
  } catch (error) {
    if (error instanceof Error && error.name === 'ChatelaineError') throw error;
    throw cliError('unreadable', `${file} cannot be read.`, { place: file }, error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
};
