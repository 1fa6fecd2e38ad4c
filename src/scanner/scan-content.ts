import { hasCode } from '#kernel';
import { bytesFeed, fileFeed, streamFeed } from './feed.ts';
import { MAX_WHOLE_FILE } from './detector.ts';
import type { Plan } from './plan.ts';
import { WINDOW } from './matcher/matcher.ts';
import { type UnitFacts, type UnitResult, scanUnit } from './scan-unit.ts';
import { type FileFacts, openRegular, openedFacts, readAt } from './sources/open-file.ts';
import type { Content, Gap } from './unit.ts';

/** What can be handed to another thread. */
export type Handed = {
  readonly path: string;
  readonly size: number | null;
  readonly mode: number | null;
  readonly content: Content;
};

export type Scanned = UnitResult & { readonly gap: Gap | null };

const NOTHING: UnitResult = { found: [], bytes: 0, left: null, packed: false };

/** Looks through one unit, wherever its bytes are. What cannot be read becomes a gap, never an exception. */
export const scanContent = async (plan: Plan, unit: Handed): Promise<Scanned> => {
  try {
    const result = await read(plan, unit);
    return { ...result, gap: result.gap ?? limitGap(unit.path, result) };
  } catch (error) {
    // Not a fault of this unit: no unit can be looked through.
    if (hasCode(error, 'scanner.rules_stale')) throw error;
    return { ...NOTHING, gap: unreadable(unit.path, error) };
  }
};

const read = async (plan: Plan, unit: Handed): Promise<Scanned> => {
  const { content } = unit;
  if (content.type === 'bytes') {
    const { bytes } = content;
    return { ...(await scanUnit(plan, unit, bytesFeed(bytes), () => bytes)), gap: null };
  }
  if (content.type === 'stream') {
    const kept = keeping(content.chunks);
    return { ...(await scanUnit(plan, unit, streamFeed(kept.chunks), kept.whole)), gap: null };
  }
  if (content.type === 'file') {
    const before = openedFacts(content.fd);
    return scanFile(plan, { ...unit, size: unit.size ?? before.size }, content.fd, before);
  }
  const opened = openRegular(content.file);
  if (opened === null)
    return { ...NOTHING, gap: gap(unit.path, 'changed', 'It is no regular file any more. Scan again.') };
  try {
    return await scanFile(plan, { path: unit.path, size: opened.size, mode: opened.mode }, opened.fd, opened);
  } finally {
    opened.close();
  }
};

/** A file of the disk, which somebody may be writing to. */
const scanFile = async (
  plan: Plan,
  unit: UnitFacts & { readonly size: number },
  fd: number,
  before: FileFacts,
): Promise<Scanned> => {
  const { path, size } = unit;
  const result = await scanUnit(plan, unit, fileFeed(fd, size), () => again(fd, size));
  if (result.left !== 'too_many' && result.bytes < size)
    return { ...result, gap: gap(path, 'changed', 'It became shorter while it was read. Scan again.') };
  // What is read at once is whole. A file that grew was read as far as it went when it was opened.
  if (size <= WINDOW) return { ...result, gap: null };
  const now = openedFacts(fd);
  const isRewritten = now.size <= size && now.changed !== before.changed;
  return {
    ...result,
    gap: isRewritten ? gap(path, 'changed', 'It was written to while it was read. Scan again.') : null,
  };
};

/** A stream that can be had once more as a whole, as long as it is no larger than a parser takes. */
const keeping = (chunks: AsyncIterable<Uint8Array>) => {
  let parts: Uint8Array[] | null = [];
  let size = 0;
  return {
    chunks: (async function* () {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > MAX_WHOLE_FILE) parts = null;
        parts?.push(new Uint8Array(chunk));
        yield chunk;
      }
    })(),
    whole: (): Uint8Array | null => (parts === null ? null : Buffer.concat(parts)),
  };
};

/** All bytes of a file from its beginning; null when it changed meanwhile. */
const again = (fd: number, size: number | null): Uint8Array | null => {
  if (size === null) return null;
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const count = readAt(fd, bytes.subarray(filled), filled);
    if (count === 0) return null;
    filled += count;
  }
  return bytes;
};

const gap = (path: string, code: Gap['code'], message: string): Gap => ({ path, code, message });

const limitGap = (path: string, { left }: UnitResult): Gap | null => {
  if (left === 'too_large')
    return gap(path, 'too_large', 'It holds more encoded text than is decoded: 8 MiB in one file, 2 MiB in one piece.');
  if (left === 'too_wide')
    return gap(path, 'too_large', 'It is UTF-16, of which 16 MiB are read; the rest was not. Write it as UTF-8.');
  if (left === 'too_deep')
    return gap(path, 'too_deep', 'It holds text that is encoded more than three times over; decode it and scan that.');
  if (left === 'broken')
    return gap(path, 'broken', 'It holds compressed data (gzip in base64) that is damaged and was not looked through.');
  if (left === 'long_key')
    return gap(
      path,
      'too_large',
      'It holds a private key of more than 30,000 bytes; only its beginning was read as one.',
    );
  if (left === 'lfs_pointer')
    return gap(path, 'lfs_pointer', 'Its content lies in Git LFS and was not fetched: git lfs pull, then scan again.');
  if (left === 'too_many')
    return gap(path, 'too_many', 'It holds more than 2,000 credentials; the rest of it was not read.');
  if (left === 'not_parsed')
    return gap(
      path,
      'too_large',
      'Its bytes were looked through, but it was not parsed as the file of a home that it seems to be: it is too large (1 MiB of YAML or code, 8 MiB of JSON, 16 MiB of others) or nested too deeply. Give it in parts.',
    );
  return null;
};

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'You may not read it. Scan as somebody who may, or leave it out.',
  EPERM: 'You may not read it. Scan as somebody who may, or leave it out.',
  ENOENT: 'It was gone when it was to be read. Scan again.',
  ELOOP: 'It became a symbolic link. Scan again.',
  EIO: 'The disk could not read it.',
  EMFILE: 'Too many files are open. Raise the limit (ulimit -n) and scan again.',
  ENFILE: 'Too many files are open on this machine. Scan again.',
};

const unreadable = (path: string, error: unknown): Gap => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (Object.hasOwn(WORDS, code))
    return gap(path, code === 'ENOENT' || code === 'ELOOP' ? 'changed' : 'unreadable', WORDS[code]!);
  // The message of an unknown error might quote content: only its name is told.
  const name = error instanceof Error ? error.name : 'an error';
  return gap(
    path,
    code === '' ? 'failed' : 'unreadable',
    `It could not be looked through (${code === '' ? name : code}).`,
  );
};
