import type { Source, Yield } from '../../unit.ts';
import { gap, interrupted, printable, skipped } from '../gap.ts';
import { lfsPointer } from './lfs.ts';
import { readObjects } from './read-objects.ts';
import { type GitTools, openGit, refusal } from './run-git.ts';
import { unitsOfObject } from './units-of-object.ts';

export type StagedOptions = { readonly folder: string; readonly tools: GitTools };

type Entry = { readonly id: string; readonly path: string };

/**
 * What is staged for the next commit: each added or changed file, whole, as the index has it and not as it lies in the
 * working tree. Errors as for history.
 */
export const stagedSource = ({ folder, tools }: StagedOptions): Source =>
  async function* (signal) {
    const git = openGit(folder, tools);
    const diff = await git.text(
      [
        'diff',
        '--cached',
        '--raw',
        '-z',
        '--no-abbrev',
        '--no-renames',
        '--ignore-submodules=dirty',
        '--no-ext-diff',
        '--no-textconv',
        '--no-color',
      ],
      { signal },
    );
    if (signal.aborted) {
      yield interrupted(folder);
      return;
    }
    if (diff.code !== 0) {
      // Outside a repository `git diff` compares files, and complains of that.
      const facts = await git.text(['rev-parse', '--git-dir']);
      throw refusal(folder, facts.code === 0 ? diff : facts);
    }
    const { entries, others } = readEntries(diff.text);
    yield* others;
    const asked = async function* (): AsyncGenerator<readonly Entry[]> {
      if (entries.length > 0) yield entries;
    };
    for await (const object of readObjects(git, asked(), signal)) {
      const path = printable(object.asked.path);
      const origin = { type: 'staged', id: object.asked.id } as const;
      if (object.state === 'missing' || object.state === 'damaged')
        yield gap(
          path,
          object.state === 'missing' ? 'missing_object' : 'broken',
          'Its staged content cannot be read; stage it again (git add).',
        );
      else if (object.state === 'whole' && lfsPointer(object.bytes) !== null)
        yield skipped(path, 'is a pointer of Git LFS: its content goes to another store; scan the working tree for it');
      else yield* unitsOfObject(object, path, origin, signal);
    }
    if (signal.aborted) yield interrupted(folder);
  };

/** `:100644 100644 <old> <new> M\0path\0`, repeated. */
const readEntries = (text: string): { entries: readonly Entry[]; others: readonly Yield[] } => {
  const parts = text.split('\0');
  const entries: Entry[] = [];
  const others: Yield[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, mode, , id, status] = parts[at]!.split(' ');
    const path = parts[at + 1]!;
    if (status === 'U') others.push(gap(path, 'broken', 'It has an unresolved conflict; resolve it and stage it.'));
    else if (mode === '160000') others.push(skipped(path, 'is a submodule, a repository of its own: scan it there'));
    else if (id !== undefined && status !== 'D') entries.push({ id, path });
  }
  return { entries, others };
};
