import { type Survey, readFile } from '#formats';
import { utf8 } from '#kernel';
import { cliError } from '../errors.ts';
import { isWorthReading } from '../folder.ts';
import { type Repository, openRepository } from '../git.ts';
import { codeUses, isCode } from './code-uses.ts';
import type { Use } from './use.ts';

export type Change = {
  /** Relative to the checked root: what differs from the base, files that git does not know yet included. */
  readonly files: ReadonlySet<string>;
  /** Whether a file asked for this name before. */
  readonly isNew: (use: Use) => boolean;
};

/**
 * What changed since a branch left its base, in commits and in the working tree.
 *
 * Errors: `cli.not_a_repository`, `cli.wrong_use` when there is no such commit here.
 */
export const changeSince = async (
  root: string,
  base: string,
  around: Survey['around'],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Change> => {
  const repository = await openRepository(root, environment);
  if (repository === undefined) throw cliError('not_a_repository', `${root} lies in no git repository.`);
  const from = await forkOf(repository, base);
  const { git, prefix } = repository;
  const split = (text: string) => text.split('\0').filter((path) => path !== '');
  const changed = split(
    await git(['diff', '--name-only', '--no-renames', '--relative', ...PLAIN_DIFF, '-z', from, '--', '.']),
  );
  const unknown = split(await git(['ls-files', '--others', '--exclude-standard', '-z', '--', '.']));
  const before = new Set(split(await git(['ls-tree', '-r', '--name-only', '-z', from, '--', '.'])));
  const asked = new Set<string>();
  for (const path of changed) {
    if (!before.has(path) || !(isWorthReading(path) || isCode(path))) continue;
    const old = await textAt(repository, `${from}:${prefix}${path}`);
    if (old === null) continue;
    const file = { path, bytes: utf8(old) };
    const { format, references } = readFile(file, around);
    for (const { name } of format === null && isCode(path) ? (codeUses(file) ?? []) : references)
      asked.add(`${path}\0${name}`);
  }
  const files = new Set([...changed, ...unknown]);
  return { files, isNew: ({ file, name }) => files.has(file) && !asked.has(`${file}\0${name}`) };
};

/** No programs of the repository, and no other repository inside it. */
const PLAIN_DIFF = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=all'];

/** A file of a commit; null when it is no text, and so asked for nothing. */
const textAt = async ({ git }: Repository, object: string): Promise<string | null> => {
  try {
    return await git(['cat-file', 'blob', object]);
  } catch (error) {
    // What the decoder throws (WHATWG Encoding, section 7.2).
    if (error instanceof TypeError) return null;
    throw error;
  }
};

/** Where the branch left the base, as code hosts compare; the base itself where they share no history. */
const forkOf = async ({ git }: Repository, base: string): Promise<string> => {
  const commit = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`], {
    fails: true,
  });
  if (commit === '')
    throw cliError(
      'wrong_use',
      `There is no commit called ${base} here. Where only a part of the history was fetched, fetch it first.`,
      { command: 'check' },
    );
  const fork = await git(['merge-base', commit.trim(), 'HEAD'], { fails: true });
  return (fork === '' ? commit : fork).trim();
};
