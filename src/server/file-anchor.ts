import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
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
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  },
  async write(checkpoint) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.new`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(checkpoint);
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  },
});
