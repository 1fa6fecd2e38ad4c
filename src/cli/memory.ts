import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cliError } from './errors.ts';
import { writePrivate } from './write-file.ts';

/** A ledger that this machine knows: its verifier key, and the newest checkpoint it was shown, as a signed note. */
export type PinnedLedger = { readonly key: string; readonly checkpoint: string | null };
export type Place = { readonly project: string; readonly environment: string };

/** What stands in client.json. No secret: the token lies in a file of its own. */
export type Remembered = {
  /** The server signed in to; null for the one on this machine. */
  readonly server: string | null;
  /** Its certificate authority in PEM, where the system's do not do. */
  readonly ca: string | null;
  /** By address of the server. */
  readonly ledgers: Readonly<Record<string, PinnedLedger>>;
  /** Adopted folders, by absolute path. */
  readonly folders: Readonly<Record<string, Place>>;
  /** Patches that hold values and were not destroyed yet, by absolute path. */
  readonly patches: Readonly<Record<string, Place>>;
};

export type Memory = {
  /** Where it lies, for messages. */
  readonly file: string;
  readonly tokenFile: string;
  /** Hashes of what may be rendered where; see `agreed-plans.ts`. */
  readonly plansFile: string;
  read(): Remembered;
  /** Written whole or not at all, mode 0600. */
  update(change: (now: Remembered) => Remembered): void;
};

const EMPTY: Remembered = { server: null, ca: null, ledgers: {}, folders: {}, patches: {} };

type Environment = Readonly<Record<string, string | undefined>>;

/** `~/.config/chatelaine` (XDG), or the platform's own place for a program's settings. */
export const configFolder = (environment: Environment, platform: NodeJS.Platform = process.platform): string => {
  const home = environment['HOME'] ?? homedir();
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Chatelaine');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Chatelaine');
  return join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'chatelaine');
};

export const openMemory = (environment: Environment): Memory => {
  const folder = configFolder(environment);
  const file = join(folder, 'client.json');
  let known: Remembered | undefined;
  const read = (): Remembered => (known ??= readRemembered(file));
  return {
    file,
    tokenFile: join(folder, 'token'),
    plansFile: join(folder, 'plans.json'),
    read,
    update(change) {
      known = change(read());
      writePrivate(file, `${JSON.stringify(known, null, 2)}\n`);
    },
  };
};

const readRemembered = (file: string): Remembered => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return EMPTY;
    throw cliError('unreadable', `What this machine remembers cannot be read.`, { place: file }, error);
  }
  const remembered = parse(text);
  if (remembered === null)
    throw cliError('stuck_data', `${file} is damaged.`, {
      instead: 'Move it away and sign in again: chatelaine login. It holds no secret.',
    });
  return remembered;
};

const parse = (text: string): Remembered | null => {
  try {
    const {
      server,
      ca,
      ledgers,
      folders,
      patches = {},
    } = JSON.parse(text) as Partial<Record<keyof Remembered, unknown>>;
    const isRight =
      (server === null || typeof server === 'string') &&
      (ca === null || typeof ca === 'string') &&
      isTable(
        ledgers,
        (one) =>
          typeof one['key'] === 'string' && (one['checkpoint'] === null || typeof one['checkpoint'] === 'string'),
      ) &&
      isTable(folders, isPlace) &&
      isTable(patches, isPlace);
    return isRight ? ({ server, ca, ledgers, folders, patches } as Remembered) : null;
  } catch {
    return null;
  }
};

const isPlace = (one: Readonly<Record<string, unknown>>): boolean =>
  typeof one['project'] === 'string' && typeof one['environment'] === 'string';

const isTable = (value: unknown, isRow: (row: Readonly<Record<string, unknown>>) => boolean): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((row) => typeof row === 'object' && row !== null && isRow(row as Record<string, unknown>));

/** The adopted folder that a folder is, or lies in. */
export const rememberedFolder = (
  memory: Memory,
  folder: string,
): { readonly folder: string; readonly place: Place } | undefined => {
  const { folders } = memory.read();
  for (let at = resolve(folder); ; at = dirname(at)) {
    const place = Object.hasOwn(folders, at) ? folders[at] : undefined;
    if (place !== undefined) return { folder: at, place };
    if (at === dirname(at)) return undefined;
  }
};
