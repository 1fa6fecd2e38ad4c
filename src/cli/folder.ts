import {
  type Dirent,
  type Stats,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { MAX_FILE_BYTES, type SourceFile } from '#formats';
import { cliError } from './errors.ts';
import type { Progress } from './terminal.ts';

/** How deep, how many and how much is read of one folder: a whole disk given by mistake ends here. */
export const FOLDER_LIMITS = { depth: 32, entries: 200_000, bytes: 512 * 1_048_576 } as const;

/** Why something was not read, in a person's words. */
export type Skipped = { readonly path: string; readonly why: string };

/** How a file lies on the disk, for writing it again. */
export type FileStand = {
  readonly path: string;
  readonly real: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
};

export type FolderReading = {
  /** Absolute, links resolved. */
  readonly root: string;
  readonly files: readonly SourceFile[];
  readonly stands: ReadonlyMap<string, FileStand>;
  readonly skipped: readonly Skipped[];
  /** Files of a kind that holds no configuration, such as pictures and databases. */
  readonly passedOver: number;
  /** Folders that programs make and fill: dependencies, builds, version control. */
  readonly leftOut: readonly string[];
};

/** Folders that programs make and fill; what stands in them comes from elsewhere. */
const LEFT_OUT = new Set([
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.esphome',
  '.pio',
  '.pioenvs',
  '.piolibdeps',
  '.platformio',
  'deps',
  'dist',
  'build',
  '.cache',
  '.npm',
  '.tox',
  '.aws-sam',
  '.serverless',
  'tts',
  '.trash',
  'lost+found',
]);

const WORTH_READING =
  /\.(?:ya?ml|json|js|ino|hp?p?|c|cc|cpp|py|conf|ini|env)$|^\.env(?:\.|$)|^environment$|^(?:passwd|pwfile|password_?file|passwords?)(?:\.txt)?$/i;

/** What the readers of `#formats` may know what to do with, by name alone. */
export const isWorthReading = (path: string): boolean =>
  /(?:^|\/)\.storage\//.test(path) || WORTH_READING.test(path.slice(path.lastIndexOf('/') + 1));

/**
 * Reads a folder of configuration in a fixed order. Never leaves it: a link is followed only to a file that lies inside.
 * What cannot or should not be read is said and passed over; only a folder that cannot be read at all is an error.
 */
export const readFolder = (
  folder: string,
  progress: Progress,
  signal: AbortSignal,
  isWanted: (path: string) => boolean = isWorthReading,
): FolderReading => {
  const root = openRoot(folder);
  const walk = new Walk(root, progress, signal, isWanted);
  walk.folder('', 0);
  return {
    root,
    files: walk.files,
    stands: walk.stands,
    skipped: walk.skipped,
    passedOver: walk.passedOver,
    leftOut: walk.leftOut,
  };
};

const openRoot = (folder: string): string => {
  try {
    const root = realpathSync(folder);
    if (!statSync(root).isDirectory()) throw cliError('unreadable', `${folder} is not a folder.`, { place: folder });
    readdirSync(root);
    return root;
  } catch (error) {
    if (error instanceof Error && error.name === 'ChatelaineError') throw error;
    throw cliError('unreadable', `The folder ${folder} cannot be read (${codeOf(error)}).`, { place: folder }, error);
  }
};

class Walk {
  readonly files: SourceFile[] = [];
  readonly stands = new Map<string, FileStand>();
  readonly skipped: Skipped[] = [];
  readonly leftOut: string[] = [];
  passedOver = 0;
  readonly #root: string;
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  readonly #isWanted: (path: string) => boolean;
  #entries = 0;
  #bytes = 0;

  constructor(root: string, progress: Progress, signal: AbortSignal, isWanted: (path: string) => boolean) {
    this.#root = root;
    this.#isWanted = isWanted;
    this.#progress = progress;
    this.#signal = signal;
  }

  folder(path: string, depth: number): void {
    if (depth > FOLDER_LIMITS.depth) return this.#skip(path, `deeper than ${FOLDER_LIMITS.depth} folders`);
    let entries: Dirent[];
    try {
      entries = readdirSync(join(this.#root, path), { withFileTypes: true });
    } catch (error) {
      return this.#skip(`${path}/`, whyOf(error));
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      this.#signal.throwIfAborted();
      if (++this.#entries > FOLDER_LIMITS.entries)
        throw cliError('stuck_data', `The folder holds more than ${FOLDER_LIMITS.entries} files and folders.`, {
          instead: 'Name the folder of the configuration itself.',
        });
      this.#progress.at(this.#entries);
      this.#entry(entry, path === '' ? entry.name : `${path}/${entry.name}`, depth);
    }
  }

  #entry(entry: Dirent, path: string, depth: number): void {
    if (entry.name.includes('\uFFFD')) return this.#skip(path, 'its name is not UTF-8');
    if (entry.isDirectory()) {
      if (LEFT_OUT.has(entry.name)) this.leftOut.push(path);
      else this.folder(path, depth + 1);
    } else if (!this.#isWanted(path)) this.passedOver++;
    else if (entry.isSymbolicLink()) this.#link(path);
    else if (entry.isFile()) this.#file(path, join(this.#root, path));
    else this.#skip(path, 'it is not a file: a device, a socket or a pipe');
  }

  #link(path: string): void {
    try {
      const real = realpathSync(join(this.#root, path));
      if (!isInside(this.#root, real)) return this.#skip(path, 'a link that leads out of the folder');
      // The files of a linked folder are met where they really lie.
      if (statSync(real).isFile()) this.#file(path, real);
    } catch (error) {
      this.#skip(path, isCode(error, 'ENOENT') ? 'a link that leads nowhere' : whyOf(error));
    }
  }

  #file(path: string, real: string): void {
    let handle: number | undefined;
    try {
      handle = openSync(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      const stats = fstatSync(handle);
      if (!stats.isFile()) return this.#skip(path, 'it is not a file any more');
      if (stats.size > MAX_FILE_BYTES)
        return this.#skip(
          path,
          `it has ${Math.round(stats.size / 1_048_576)} MiB; ${MAX_FILE_BYTES / 1_048_576} are the most that is read`,
        );
      if (this.#bytes + stats.size > FOLDER_LIMITS.bytes)
        throw cliError('stuck_data', 'The folder holds more configuration than any home.', {
          instead: 'Name the folder of the configuration itself.',
        });
      const bytes = readWhole(handle, stats);
      this.#bytes += bytes.length;
      this.files.push({ path, bytes });
      this.stands.set(path, {
        path,
        real,
        mode: stats.mode & 0o7777,
        uid: stats.uid,
        gid: stats.gid,
        links: stats.nlink,
      });
    } catch (error) {
      if (error instanceof Error && error.name === 'ChatelaineError') throw error;
      this.#skip(path, whyOf(error));
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }

  #skip(path: string, why: string): void {
    this.skipped.push({ path, why });
  }
}

/** As many bytes as there were when it was opened, or fewer: a file that grows does not keep us for ever. */
const readWhole = (handle: number, { size }: Stats): Uint8Array => {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const read = readSync(handle, bytes, at, size - at, at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
};

export const isInside = (root: string, path: string): boolean => {
  const away = relative(root, path);
  return away !== '' && away !== '..' && !away.startsWith(`..${sep}`) && !/^(?:[A-Za-z]:|[\\/])/.test(away);
};

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const whyOf = (error: unknown): string => {
  if (isCode(error, 'EACCES') || isCode(error, 'EPERM')) return 'you may not read it';
  if (isCode(error, 'ELOOP')) return 'a link that leads in circles';
  return isCode(error, 'ENOENT') ? 'it vanished while it was looked at' : `it cannot be read (${codeOf(error)})`;
};
