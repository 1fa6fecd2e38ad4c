import { realpathSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Occurrence } from '#scanner';
import type { Context } from '../context.ts';
import { type Repository, openRepository } from '../git.ts';
import type { ScanWish } from './choose-source.ts';

/** What was looked through, named so that a later scan of the same thing is known to be one. */
export type NamedSource = {
  readonly name: string;
  /** `tree`: files that are there or not. `history`: all of it. `other`: nothing follows from what is not found. */
  readonly covers: 'tree' | 'history' | 'other';
  /** A place as it is called in the source. */
  readonly fileOf: (place: Pick<Occurrence, 'path'>) => string;
  /** Where a file of the tree lies on this disk. */
  readonly onDisk: (file: string) => string;
};

/** Longest name and file that the store takes, in characters. */
const LONGEST = { name: 256, file: 1_024 } as const;

/** Null for what is not there yet: staged or about to be pushed. */
export const nameSource = async (context: Context, wish: ScanWish): Promise<NamedSource | null> => {
  if (wish.staged || wish.pushed !== undefined) return null;
  if (wish.stdin) return other(`standard input on ${hostname()}`);
  if (wish.archive !== undefined) return other(`archive ${basename(wish.archive)} on ${hostname()}`);
  if (wish.image !== undefined) return other(`image ${basename(wish.image)} on ${hostname()}`);
  if (wish.url !== undefined) return other(addressOf(wish.url));
  if (wish.github !== undefined) return { ...other(`history of github.com/${wish.github}`), covers: 'history' };
  return ofFolder(context, wish);
};

const ofFolder = async (context: Context, { git, places }: ScanWish): Promise<NamedSource> => {
  const here = realpathSync(context.directory);
  const named = folderOf(resolve(here, places.find((place) => isThere(resolve(here, place))) ?? '.'));
  const repository = await openRepository(named, context.environment);
  const base = repository?.top ?? named;
  const name = (repository === undefined ? null : await remoteOf(repository)) ?? `${hostname()}:${base}`;
  const onDisk = (file: string): string => resolve(base, file);
  if (git) {
    const isWhole = places.every((place) => isThere(resolve(here, place)));
    return { name: cut(`history of ${name}`), covers: isWhole ? 'history' : 'other', fileOf: asIs, onDisk };
  }
  const branch = repository === undefined ? '' : await branchOf(repository);
  return {
    name: cut(`${name}${branch}`),
    covers: 'tree',
    fileOf: ({ path }) => relative(base, isAbsolute(path) ? path : resolve(here, path)).slice(0, LONGEST.file) || '.',
    onDisk,
  };
};

const asIs: NamedSource['fileOf'] = ({ path }) => path.slice(0, LONGEST.file);

const other = (name: string): NamedSource => ({
  name: cut(name),
  covers: 'other',
  fileOf: asIs,
  onDisk: (file) => file,
});

/** The end tells more than the beginning. */
const cut = (name: string): string => name.slice(-LONGEST.name);

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

const folderOf = (path: string): string => {
  const real = realpathSync(path);
  return statSync(real).isDirectory() ? real : dirname(real);
};

/** `github.com/ada/porch`, whatever way it is fetched; never what somebody wrote into the address to sign in. */
const remoteOf = async ({ git }: Repository): Promise<string | null> => {
  const remote = (await git(['config', '--get', 'remote.origin.url'], { fails: true })).trim();
  const parts = /^(?:[a-z][\w+.-]*:\/\/)?(?:[^@/]*@)?([\w.-]+\.[a-z]+)(?::\d+)?[:/](.+?)(?:\.git)?\/?$/i.exec(remote);
  return parts === null ? null : `${parts[1]!.toLowerCase()}/${parts[2]!.replace(/^\/+/, '')}`;
};

const branchOf = async ({ git }: Repository): Promise<string> => {
  const branch = (await git(['symbolic-ref', '--quiet', '--short', 'HEAD'], { fails: true })).trim();
  return branch === '' ? '' : ` (${branch})`;
};

/** Without what may be a secret: user, query and fragment. */
const addressOf = (url: string): string => {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
};
