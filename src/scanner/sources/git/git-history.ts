import { availableParallelism } from 'node:os';
import { scannerError } from '../../errors.ts';
import type { Source, Yield } from '../../unit.ts';
import type { Verdicts } from '../../verdicts.ts';
import { isArchiveName } from '../archive/is-archive-name.ts';
import { gap, interrupted, printable, skipped } from '../gap.ts';
import { gapTally } from './gap-tally.ts';
import { lfsFile, lfsPointer } from './lfs.ts';
import { type Listed, type Revisions, listBlobs, revisionArguments } from './list-objects.ts';
import { commitMessages, noteMessages, tagMessages } from './messages.ts';
import { readInParallel } from './read-in-parallel.ts';
import { type Repository, openRepository } from './repository.ts';
import { type GitEnd, type GitTools, firstComplaint } from './run-git.ts';
import { type Present, unitsOfObject } from './units-of-object.ts';

export type HistoryOptions = Revisions & {
  /** Any folder of the repository, or the bare repository. */
  readonly folder: string;
  readonly tools: GitTools;
  /** Asked before a blob is read. Archives are read each time. */
  readonly verdicts?: Pick<Verdicts, 'isClean'>;
  /** Processes of git that unpack at once; two, or fewer on a machine of one core. */
  readonly processes?: number;
};

/** Blobs between two words on how far it is. */
const TOLD_EACH = 2000;

/**
 * The whole history: each blob once however many commits hold it, then messages of commits, notes and tags. Merges
 * need no special care: what a merge alone brought in is a blob like any other. Errors when there is no repository:
 * `scanner.git_missing`, `scanner.git_none`, `scanner.git_owner`, `scanner.git_broken`.
 */
export const historySource = (options: HistoryOptions): Source =>
  async function* (signal) {
    const repository = await openRepository(options.folder, options.tools);
    await checkRevisions(repository, options.revisions ?? []);
    yield* wholeness(repository);
    const broken = (options.revisions ?? []).length === 0 ? await brokenReferences(repository, signal) : [];
    if (broken.length > 0) yield brokenGap(options.folder, broken);
    const revisions = revisionArguments(options, broken);
    const failed = new Set<string>();
    const ended = ({ code, complaint }: GitEnd): void => {
      // Without a code something ended it before it was done.
      if (code !== 0 && !signal.aborted) failed.add(firstComplaint({ code, complaint }));
    };
    yield* blobs(repository, revisions, options, signal, ended);
    if (!signal.aborted) yield* commitMessages(repository.git, revisions, signal, ended);
    if (!signal.aborted && (options.revisions ?? []).length === 0) yield* noteMessages(repository.git, signal, ended);
    if (!signal.aborted) yield* tagMessages(repository.git, revisions, signal, ended);
    if (signal.aborted) yield interrupted(options.folder);
    else
      for (const complaint of failed)
        yield gap(options.folder, 'broken', `git could not read the whole history: ${complaint}.`);
  };

/** A misspelt range is a mistake, not a broken repository. Throws `scanner.git_revision`. */
const checkRevisions = async ({ git }: Repository, revisions: readonly string[]): Promise<void> => {
  if (revisions.length === 0) return;
  const end = await git.text(['rev-parse', '--revs-only', '--quiet', '--end-of-options', ...revisions]);
  const given = revisions.join(' ');
  if (revisions.some((name) => name.startsWith('-')) || end.code !== 0 || end.text.trim() === '')
    throw scannerError('git_revision', `git knows no ${printable(given)} in this repository.`, { given });
};

const wholeness = function* ({ folder, shallow }: Repository): Generator<Yield> {
  if (shallow)
    yield gap(
      folder,
      'shallow_clone',
      'It is a shallow clone: older history is not here. Fetch it (git fetch --unshallow) and scan again.',
    );
};

/** Names whose files are empty or hold nonsense, as crashes leave them: a walk of everything stops at the first. */
const brokenReferences = async ({ git }: Repository, signal: AbortSignal): Promise<readonly string[]> => {
  const { complaint } = await git.text(['for-each-ref', '--format='], { signal });
  return [...complaint.matchAll(/ignoring broken ref (.+)/g)].map(([, name]) => name!);
};

const brokenGap = (folder: string, names: readonly string[]): Yield =>
  gap(
    folder,
    'broken',
    `References are damaged, and where they led is not known: ${names.slice(0, 5).map(printable).join(', ')}${names.length > 5 ? ', …' : ''}. Take them from another clone, or remove them.`,
  );

const blobs = async function* (
  repository: Repository,
  revisions: readonly string[],
  { processes = Math.min(2, availableParallelism()), verdicts }: HistoryOptions,
  signal: AbortSignal,
  ended: (end: GitEnd) => void,
): AsyncGenerator<Yield> {
  const tally = gapTally();
  const absent = repository.partial ? 'partial_clone' : 'missing_object';
  let hasSubmodules = false;
  let known = 0;
  let done = 0;
  let told = 0;
  const listed = listBlobs(repository.git, revisions, signal, ended, repository.partial);
  const wanted = async function* (): AsyncGenerator<readonly Listed[]> {
    for await (const batch of listed) {
      const fresh = batch.filter(({ id, isFolder = false, missing, path }) => {
        if (missing) tally.add(absent, isFolder ? `(folder ${id.slice(0, 12)})` : pathOf(id, path));
        if (path === '.gitmodules') hasSubmodules = true;
        const skip = missing || (verdicts !== undefined && !isArchiveName(path) && verdicts.isClean(id));
        if (skip && !missing) known += 1;
        return !skip;
      });
      if (fresh.length > 0) yield fresh;
    }
  };
  for await (const object of readInParallel(repository.git, wanted(), signal, processes)) {
    done += 1;
    if (done + known - told >= TOLD_EACH) {
      told = done + known;
      yield { type: 'progress', progress: { done: told, total: null, unit: 'blobs' } };
    }
    if (object.state === 'missing')
      tally.add(repository.partial ? 'partial_clone' : 'missing_object', object.asked.path);
    else if (object.state === 'damaged') tally.add('broken', object.asked.path);
    else yield* unitsOf(repository, object.asked, object, tally.add, signal);
  }
  if (known > 0) yield { type: 'known', units: known };
  if (hasSubmodules)
    yield skipped(repository.folder, 'its submodules are repositories of their own: scan each of them with --git');
  yield* tally.gaps();
};

/** git does not name what it misses. */
const pathOf = (id: string, path: string): string => (path === '' ? `(blob ${id.slice(0, 12)})` : printable(path));

const unitsOf = async function* (
  { commonFolder }: Repository,
  asked: Listed,
  object: Present,
  tell: ReturnType<typeof gapTally>['add'],
  signal: AbortSignal,
): AsyncGenerator<Yield> {
  const path = pathOf(asked.id, asked.path);
  const origin = { type: 'blob', id: asked.id } as const;
  const lfs = object.state === 'whole' ? lfsPointer(object.bytes) : null;
  const file = lfs === null ? null : lfsFile(commonFolder, lfs);
  if (lfs === null) yield* unitsOfObject(object, path, origin, signal);
  else if (file === null) tell('lfs_pointer', path);
  else yield { type: 'unit', unit: { path, origin, size: null, content: { type: 'path', file } } };
};
