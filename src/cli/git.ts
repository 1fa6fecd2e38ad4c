import { hasCode, utf8, utf8Text } from '#kernel';
import { type Git, type GitOptions, NO_GIT, firstComplaint, openWorkingTree } from '#scanner/sources';
import { cliError } from './errors.ts';

export type Repository = {
  /** Absolute path of the working tree. */
  readonly top: string;
  /** The surveyed folder as git sees it: empty, or ending in `/`. */
  readonly prefix: string;
  /** What git prints; with `fails`, nothing where it ends with another code than 0. */
  readonly git: (
    args: readonly string[],
    options?: Pick<GitOptions, 'input' | 'index'> & { readonly fails?: boolean },
  ) => Promise<string>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The repository that a folder lies in; undefined where there is none that git opens, or no git. A folder that was
 * merely looked at is a stranger's: nothing that its configuration names is run.
 */
export const openRepository = async (folder: string, environment: Environment): Promise<Repository | undefined> => {
  const opened = await openTree(folder, environment);
  if (opened === undefined) return undefined;
  const git: Repository['git'] = async (args, { fails, ...options } = {}) => {
    const result = await opened.bytes(args, options);
    if (result.code === NO_GIT) throw cliError('command_not_found', 'git is not installed.', { program: 'git' });
    if (result.code !== 0 && fails !== true)
      throw cliError('program_failed', `git ${args[0]} failed (exit code ${result.code ?? 'none'}).`, {
        instead: firstComplaint(result),
      });
    return result.code === 0 ? utf8Text(result.bytes) : '';
  };
  const [top = '', prefix = ''] = (await git(['rev-parse', '--show-toplevel', '--show-prefix'], { fails: true })).split(
    '\n',
  );
  return top === '' ? undefined : { top, prefix, git };
};

const NOT_HERE = ['scanner.git_none', 'scanner.git_missing', 'scanner.git_owner'];

const openTree = async (folder: string, environment: Environment): Promise<Git | undefined> => {
  try {
    return await openWorkingTree(folder, { environment });
  } catch (error) {
    if (NOT_HERE.some((code) => hasCode(error, code))) return undefined;
    throw error;
  }
};

/** Tracked files with changes that are in no commit. */
export const dirtyFiles = async ({ git }: Repository): Promise<readonly string[]> =>
  (
    await git([
      'status',
      '--porcelain=v1',
      '-z',
      '--untracked-files=no',
      '--no-renames',
      // A repository of its own, with a configuration of its own.
      '--ignore-submodules=all',
      '--',
      '.',
    ])
  )
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.slice(3));

/** Which of these files (relative to the folder) git keeps, and so keeps in its history. */
export const trackedAmong = async (
  { git, prefix }: Repository,
  paths: readonly string[],
): Promise<readonly string[]> => {
  if (paths.length === 0) return [];
  const tracked = new Set((await git(['ls-files', '-z', '--full-name', '.'])).split('\0'));
  return paths.filter((path) => tracked.has(prefix + path));
};

/** A place inside git's own folder, which no commit holds. */
export const privatePath = async ({ git }: Repository, name: string): Promise<string> =>
  (await git(['rev-parse', '--path-format=absolute', '--git-path', name])).trim();

export type BranchChange = {
  /** Relative to the folder. */
  readonly changed: readonly { readonly path: string; readonly content: Uint8Array }[];
  /** Leave the tree; files on the disk stay until somebody checks the branch out. */
  readonly removed: readonly string[];
  readonly message: string;
};

/** Makes a branch with one commit on top of HEAD. The working tree, the index and the current branch stay as they are. */
export const makeBranch = async (
  repository: Repository,
  name: string,
  index: string,
  { changed, removed, message }: BranchChange,
): Promise<void> => {
  const { git, prefix } = repository;
  await git(['check-ref-format', '--branch', name]);
  if ((await git(['rev-parse', '--verify', '--quiet', `refs/heads/${name}`], { fails: true })) !== '')
    throw cliError('changed_meanwhile', `There is a branch ${name} already.`);
  const head = (await git(['rev-parse', '--verify', 'HEAD'])).trim();
  await git(['read-tree', head], { index });
  const modes = new Map(
    (await git(['ls-files', '-s', '-z', '--full-name', '.']))
      .split('\0')
      .flatMap((line) => (line === '' ? [] : [[line.slice(line.indexOf('\t') + 1), line.slice(0, 6)] as const])),
  );
  for (const { path, content } of changed) {
    const blob = (await git(['hash-object', '-w', '--stdin'], { input: content })).trim();
    await git(['update-index', '--add', '-z', '--index-info'], {
      index,
      input: utf8(`${modes.get(prefix + path) ?? '100644'} ${blob}\t${prefix}${path}\0`),
    });
  }
  for (const path of removed)
    await git(['update-index', '-z', '--index-info'], {
      index,
      input: utf8(`0 ${'0'.repeat(head.length)}\t${prefix}${path}\0`),
    });
  const tree = (await git(['write-tree'], { index })).trim();
  const commit = (
    await git([...(await nobody(repository)), 'commit-tree', tree, '-p', head], { input: utf8(message) })
  ).trim();
  await git(['update-ref', `refs/heads/${name}`, commit, '']);
};

/** Who commits, where nobody told git. */
const nobody = async ({ git }: Repository): Promise<readonly string[]> =>
  (await git(['var', 'GIT_COMMITTER_IDENT'], { fails: true })) === ''
    ? ['-c', 'user.name=Chatelaine', '-c', 'user.email=chatelaine@localhost']
    : [];
