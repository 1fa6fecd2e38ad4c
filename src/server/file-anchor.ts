import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '#kernel/node';
import type { AnchorPlace } from '#ledger';
import { serverError } from './errors.ts';

export type FileAnchor = AnchorPlace & {
  /** Whether it can be written, before anything is made. Errors: `server.unreadable_file`. */
  probe(): Promise<void>;
};

/**
 * Remembers the newest checkpoint in a file on another path, best on another volume. Not synced: after a power cut it
 * may be older than the log, which is the harmless direction.
 */
export const fileAnchor = (file: string): FileAnchor => ({
  async probe() {
    try {
      makeFolder(dirname(file));
      await (await open(`${file}.new`, 'a', 0o600)).close();
      if (await stat(file).then((there) => !there.isFile(), isOther)) throw new Error('It is no file.');
    } catch (error) {
      // A full disk says so by itself, and may have room again before the next entry.
      if (hasSystemCode(error, 'ENOSPC')) return;
      throw serverError('unreadable_file', `The anchor ${file} cannot be written.`, { place: file }, error);
    }
  },
  async read() {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw serverError('unreadable_file', `The anchor ${file} cannot be read.`, { place: file }, error);
    }
  },
  async write(checkpoint) {
    const draft = `${file}.new`;
    try {
      await writeFile(draft, checkpoint, { mode: 0o600 });
    } catch (error) {
      if (!isAbsent(error)) throw error;
      makeFolder(dirname(file));
      await writeFile(draft, checkpoint, { mode: 0o600 });
    }
    await rename(draft, file);
  },
});

const hasSystemCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const isAbsent = (error: unknown): boolean => hasSystemCode(error, 'ENOENT');

const isOther = (error: unknown): boolean => !isAbsent(error);
