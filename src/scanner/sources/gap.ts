import type { Gap, Yield } from '../unit.ts';

/** Thrown inside a source where something cannot be read on; becomes a gap at the nearest path. */
export class Unread extends Error {
  readonly code: Gap['code'];

  constructor(code: Gap['code'], message: string) {
    super(message);
    this.name = 'Unread';
    this.code = code;
  }
}

/** A limit of a whole archive: nothing more is read from it, however deep the place where it was reached. */
export class Exhausted extends Unread {}

export const gap = (path: string, code: Gap['code'], message: string): Yield => ({
  type: 'gap',
  gap: { path: printable(path), code, message },
});

export const skipped = (path: string, why: string): Yield => ({
  type: 'skipped',
  skipped: { path: printable(path), why },
});

export const interrupted = (path: string): Yield =>
  gap(path, 'interrupted', 'The scan was stopped here; what comes after was not looked through.');

/** What the system or a reader said, as a gap. Never quotes content. */
export const gapOf = (path: string, error: unknown): Yield => {
  if (error instanceof Unread) return gap(path, error.code, error.message);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (SYSTEM.has(code)) return gap(path, 'unreadable', `It could not be read: ${SYSTEM.get(code)} (${code}).`);
  if (OF_DECODERS.test(code))
    return gap(path, 'broken', 'Its compressed data is damaged or cut off; what stood before the damage was read.');
  return gap(path, 'failed', `It could not be read${code === '' ? '' : ` (${code})`}.`);
};

/** How zlib, Zstandard and Brotli name damage. */
const OF_DECODERS = /^(?:Z_|ZSTD_|ERR_ZSTD|ERR__ERROR_|ERR_BROTLI)/;

/** What is compressed by a program that is not here. */
export const closed = (path: string): Yield =>
  gap(
    path,
    'unreadable',
    'It is compressed in a way that is not opened here (xz, bzip2, 7z, rar, lz4): unpack it and scan that, or leave it out (--exclude).',
  );

const SYSTEM = new Map([
  ['EACCES', 'permission denied; run as somebody who may read it'],
  ['EPERM', 'the system does not permit it; run as somebody who may read it'],
  ['ENOENT', 'there is nothing of this name (any more)'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['EISDIR', 'it is a folder'],
  ['ELOOP', 'it is a symbolic link, or the links go round in a circle'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open on this machine'],
  ['EIO', 'the disk reports an error'],
  ['EBUSY', 'it is in use'],
  ['ESTALE', 'the network file system has lost it'],
  ['ENXIO', 'the device behind it is not there'],
]);

/** Names come from strangers: control characters would speak to the terminal (CWE-150). */
export const printable = (path: string): string =>
  path.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}');

export const basename = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);
