import { existsSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = 'version https://git-lfs.github.com/spec/v1\n';
/** A pointer is smaller than this, in bytes (the specification of git-lfs). */
const LARGEST_POINTER = 1024;

/** The id of the content that a pointer of Git LFS stands for; null for anything else. */
export const lfsPointer = (bytes: Uint8Array): string | null => {
  if (bytes.length >= LARGEST_POINTER || bytes[0] !== 0x76) return null;
  const text = Buffer.from(bytes).toString('latin1');
  return text.startsWith(VERSION) ? (/^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1] ?? null) : null;
};

/** Where the content lies, when it was fetched. */
export const lfsFile = (commonFolder: string, oid: string): string | null => {
  const file = join(commonFolder, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
  return existsSync(file) ? file : null;
};
