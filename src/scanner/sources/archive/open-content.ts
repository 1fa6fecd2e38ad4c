import type { Secret } from '#kernel';
import type { Origin, Unit, Yield } from '../../unit.ts';
import { Exhausted, Unread, basename, gap, gapOf, skipped } from '../gap.ts';
import { type ByteReader, type Bytes, byteReader } from './byte-reader.ts';
import { decompress } from './decompress.ts';
import { type ArchiveLimits, type Budget, openBudget } from './limits.ts';
import type { SecureTarKey } from './securetar.ts';
import { type Container, sniff } from './sniff.ts';
import { readTar } from './tar.ts';
import { type Seekable, hasZipDirectory, readZip, seekableBytes } from './zip.ts';

/** Content that is handed on in one piece, in bytes; larger content is a stream. */
export const WHOLE = 4 * 1024 * 1024;

export type Opening = {
  readonly budget: Budget;
  /** Of encrypted backups; null when none was given. The cryptography is loaded when the first is met. */
  readonly key: () => Promise<SecureTarKey | null>;
  readonly signal: AbortSignal;
};

export const startOpening = (limits: ArchiveLimits, key: Secret | undefined, signal: AbortSignal): Opening => {
  let opened: Promise<SecureTarKey> | undefined;
  return {
    budget: openBudget(limits),
    key: async () => {
      if (key === undefined) return null;
      opened ??= import('./securetar.ts').then(({ secureTarKey }) => secureTarKey(key));
      return opened;
    },
    signal,
  };
};

/** Content that may be an archive. */
export type Opened = {
  readonly path: string;
  /** What members stand behind, when a compression lies around a tar: `a.tar.gz`, not `a.tar.gz!a.tar`. */
  readonly shown?: string;
  readonly origin: Origin;
  readonly size: number | null;
  readonly mode?: number | undefined;
  readonly reader: ByteReader;
  /** Present when it can be read anywhere, as zip wants it. */
  readonly seekable?: Seekable;
  readonly depth: number;
  /** Lies beside a `backup.json`, as the parts of a Home Assistant backup do. */
  readonly inBackup?: boolean;
};

/**
 * The units in a piece of content: itself, or, when its first bytes say that it is an archive, what lies in it. A
 * member must be scanned before the next unit is asked for. Damage and limits become gaps; what can be read is.
 */
export const openContent = async function* (content: Opened, opening: Opening): AsyncGenerator<Yield> {
  try {
    if (content.depth === 0) opening.budget.from(() => content.seekable?.size ?? content.reader.position());
    const container = sniff(await content.reader.peek(512)) ?? containerByName(content);
    if (container === null) yield* openPlain(content, opening);
    else if (container in UNKNOWN) yield* openUnknown(content, container);
    else if (content.depth >= opening.budget.limits.depth)
      throw new Unread(
        'too_deep',
        `It is an archive more than ${opening.budget.limits.depth} layers deep; it was not opened.`,
      );
    else yield* OPENERS[container as keyof typeof OPENERS](content, opening);
  } catch (error) {
    if (opening.signal.aborted || (content.depth > 0 && error instanceof Exhausted)) throw error;
    yield gapOf(content.path, error);
  }
};

/** What has no first bytes of its own to be told by. */
const containerByName = ({ path, seekable }: Opened): 'brotli' | 'stub' | null => {
  if (/\.br$/i.test(path)) return 'brotli';
  return seekable !== undefined && hasZipDirectory(seekable) ? 'stub' : null;
};

const UNKNOWN: Readonly<Partial<Record<Container, string>>> = {
  xz: 'unxz',
  bzip2: 'bunzip2',
  '7z': '7z x',
  rar: 'unrar x',
  lz4: 'unlz4',
};

const openUnknown = async function* (content: Opened, container: string): AsyncGenerator<Yield> {
  yield gap(
    content.path,
    'unreadable',
    `It is compressed with ${container}, which is not opened here; unpack it (${UNKNOWN[container as Container]}) and scan that.`,
  );
};

const openPlain = async function* (content: Opened, opening: Opening): AsyncGenerator<Yield> {
  if (content.inBackup === true && /\.(tar|tgz|tar\.gz)$/.test(content.path)) {
    const { openSecureTarV1 } = await import('./securetar.ts');
    const key = await opening.key();
    const bytes = key === null ? null : await openSecureTarV1(content.reader, key);
    if (bytes === null)
      throw new Unread(
        'encrypted',
        key === null
          ? 'It is no tar archive though it is named so: it is encrypted; give the key of the backup to look inside.'
          : 'It is no tar archive though it is named so: it is damaged, or encrypted with another key than the one given.',
      );
    yield* inner(content, bytes, opening, ENCRYPTED);
    return;
  }
  yield* leaf(content);
};

const leaf = async function* (content: Opened): AsyncGenerator<Yield> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let failure: Error | undefined;
  const left = content.reader.rest();
  const next = async (): Promise<Uint8Array | null> => {
    try {
      const part = await left.next();
      return part.done === true ? null : part.value;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      return null;
    }
  };
  while (size <= WHOLE) {
    const part = await next();
    if (part === null) break;
    parts.push(new Uint8Array(part));
    size += part.length;
  }
  if (size > WHOLE) {
    yield unit(content, content.size, {
      type: 'stream',
      chunks: (async function* () {
        yield* parts;
        parts.length = 0;
        for (let part = await next(); part !== null; part = await next()) yield part;
      })(),
    });
    while ((await next()) !== null);
  } else if (size > 0 || failure === undefined)
    yield unit(content, size, { type: 'bytes', bytes: joined(parts, size) });
  if (failure !== undefined) throw failure;
};

const joined = (parts: readonly Uint8Array[], size: number): Uint8Array => {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const unit = (content: Opened, size: number | null, bytes: Unit['content']): Yield => ({
  type: 'unit',
  unit: {
    path: content.path,
    origin: content.origin,
    size,
    ...(content.mode === undefined ? {} : { mode: content.mode }),
    ...(content.depth === 0 ? {} : { isMember: true }),
    content: bytes,
  },
});

const PACKED = /\.(gz|tgz|zst|zstd|br)$/i;
const ENCRYPTED = /\.(enc|securetar)$/i;

/** What lies under a compression or encryption: `log.gz!log`; the members of `a.tar.gz` stand behind it directly. */
const inner = (content: Opened, bytes: Bytes, opening: Opening, endings = PACKED): AsyncGenerator<Yield> => {
  const shown = content.shown ?? content.path;
  const name = basename(content.path).replace(endings, (end) => (/tgz/i.test(end) ? '.tar' : ''));
  const next: Opened = {
    path: name === basename(content.path) ? content.path : `${shown}!${name}`,
    shown,
    origin: content.origin,
    size: null,
    mode: content.mode,
    reader: byteReader(bytes),
    depth: content.depth + 1,
  };
  return openContent(next, opening);
};

const openCompressed = (by: 'gzip' | 'zstd' | 'brotli') =>
  async function* (content: Opened, opening: Opening): AsyncGenerator<Yield> {
    const { depth, origin, path, reader } = content;
    let isWhole = false;
    const bytes = (async function* () {
      yield* decompress(reader, by, opening.budget);
      isWhole = true;
    })();
    yield* inner(content, bytes, opening);
    // Programs that unpack pass over what is put behind the end; somebody may have put a file there.
    if (!isWhole || isPadding(await reader.peek(LONGEST_PADDING))) return;
    yield* openContent(
      { path: `${content.shown ?? path}!(behind its end)`, origin, size: null, reader, depth: depth + 1 },
      opening,
    );
  };

/** Blocks of tapes and of ciphers are filled up. */
const LONGEST_PADDING = 16 * 1024;

const isPadding = (rest: Uint8Array): boolean =>
  rest.length < LONGEST_PADDING && rest.every((byte) => byte === rest[0]);

/** A zip archive behind something else, often a program that unpacks it. */
const openStub = async function* (content: Opened, opening: Opening): AsyncGenerator<Yield> {
  yield* leaf(content);
  yield* openZip(content, opening);
};

const openTar = async function* (content: Opened, opening: Opening): AsyncGenerator<Yield> {
  const { budget, signal } = opening;
  const shown = content.shown ?? content.path;
  let inBackup = false;
  for await (const member of readTar(content.reader)) {
    budget.member();
    signal.throwIfAborted();
    const path = yield* place(shown, member.name);
    if (member.type === 'link' || member.type === 'special')
      yield skipped(path, member.type === 'link' ? 'a link in an archive is not followed' : 'a device or pipe');
    if (member.type !== 'file') continue;
    if (/(^|\/)backup\.json$/.test(member.name)) inBackup = true;
    const { mode, size } = member;
    const reader = byteReader(member.bytes);
    yield* openContent(
      { path, origin: content.origin, size, mode, reader, depth: content.depth + 1, inBackup },
      opening,
    );
  }
};

const openZip = async function* (content: Opened, opening: Opening): AsyncGenerator<Yield> {
  const { budget, signal } = opening;
  const shown = content.shown ?? content.path;
  const seekable = content.seekable ?? (await holdAll(content.reader, budget.limits.held));
  for (const member of readZip(seekable, budget)) {
    budget.member();
    signal.throwIfAborted();
    const path = yield* place(shown, member.name);
    if ('unread' in member) yield gapOf(path, member.unread);
    else if (member.type === 'link') yield skipped(path, 'a link in an archive is not followed');
    else if (member.type === 'file') {
      const { mode, size } = member;
      const reader = byteReader(member.bytes);
      yield* openContent({ path, origin: content.origin, size, mode, reader, depth: content.depth + 1 }, opening);
    }
  }
};

const holdAll = async (reader: ByteReader, most: number): Promise<Seekable> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of reader.rest()) {
    parts.push(new Uint8Array(part));
    size += part.length;
    if (size > most)
      throw new Unread(
        'too_large',
        `A zip archive of more than ${most / 1024 / 1024} MiB inside another archive is not opened; unpack the outer one.`,
      );
  }
  return seekableBytes(joined(parts, size));
};

const openEncrypted = async function* (content: Opened, opening: Opening): AsyncGenerator<Yield> {
  const { openSecureTar } = await import('./securetar.ts');
  yield* inner(content, openSecureTar(content.reader, await opening.key()), opening, ENCRYPTED);
};

const OPENERS = {
  gzip: openCompressed('gzip'),
  zstd: openCompressed('zstd'),
  brotli: openCompressed('brotli'),
  stub: openStub,
  tar: openTar,
  zip: openZip,
  securetar: openEncrypted,
};

/** Where a member is shown. One that would climb out is looked through all the same: nothing is unpacked to disk. */
const place = function* (archive: string, name: string): Generator<Yield, string> {
  const parts = name.replaceAll('\\', '/').split('/');
  const climbs = parts.includes('..') || name.startsWith('/') || /^[A-Za-z]:[\\/]/.test(name);
  const path = `${archive}!${parts.filter((part) => part !== '' && part !== '.' && part !== '..').join('/')}`;
  if (climbs)
    yield gap(
      path,
      'climbs_out',
      'Its name in the archive leads out of the folder it is unpacked to. It was looked through, but do not unpack this archive.',
    );
  return path;
};
