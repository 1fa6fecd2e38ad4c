import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '#kernel/node';
import type { AnchorPlace } from '#ledger';

/**
 * Remembers the newest checkpoint in a file on another path, best on another volume. Not synced: after a power cut it
 * may be older than the log, which is the harmless direction.
 */
export const fileAnchor = (file: string): AnchorPlace => ({
  async read() {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
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

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
