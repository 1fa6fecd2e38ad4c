import { hasCode, utf8, utf8Text } from '#kernel';
import { cliError } from './errors.ts';
import { runHelper } from './started.ts';

export type Repository = {
  /** Absolute path of the working tree. */
  readonly top: string;
  /** The surveyed folder as git sees it: empty, or ending in `/`. */
  readonly prefix: string;
  readonly git: (
    args: readonly string[],
    options?: { readonly input?: Uint8Array; readonly index?: string; readonly fails?: boolean },
  ) => Promise<string>;
};

/**
 * Settings of a repository can name programs that git starts (fsmonitor, hooks, filters for signing): nothing of a
 * folder that was merely looked at is run.
 */
const SAFE = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'commit.gpgSign=false',
  '-c',
  'core.quotePath=false',
];

type Environment = Readonly<Record<string, string | undefined>>;

/** The repository that a folder lies in; undefined where there is none, or no git. */
export const openRepository = async (folder: string, environment: Environment): Promise<Repository | undefined> => {
  const git: Repository['git'] = async (args, { input, index, fails } = {}) => {
    const result = await runHelper('git', [...SAFE, ...args], {
      cwd: folder,
      ...(input === undefined ? {} : { input }),
      environment: {
        ...withoutGit(environment),
        GIT_OPTIONAL_LOCKS: '0',
        ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
      },
    });
    if (result.exit !== 0 && fails !== true)
      throw cliError('program_failed', `git ${args[0]} failed (exit code ${result.exit}).`, {
        instead: result.stderr.trim().split('\n').at(-1) ?? '',
      });
    return result.exit === 0 ? utf8Text(result.stdout) : '';
  };
  try {
    const [top = '', prefix = ''] = (
      await git(['rev-parse', '--show-toplevel', '--show-prefix'], { fails: true })
    ).split('\n');
    return top === '' ? undefined : { top, prefix, git };
  } catch (error) {
    if (hasCode(error, 'cli.command_not_found')) return undefined;
    throw error;
  }
};

/** Variables by which a caller's repository would be taken for this one. */
const withoutGit = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !/^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_DIRECTORY|CONFIG.*)$/.test(name),
    ),
  );

/** Tracked files with changes that are in no commit. */
export const dirtyFiles = async ({ git }: Repository): Promise<readonly string[]> =>
  (await git(['status', '--porcelain=v1', '-z', '--untracked-files=no', '--', '.']))
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
