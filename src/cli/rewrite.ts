import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type RewritePlan, type Survey } from '#formats';
import { type JsonObject, toBase64 } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import type { FileStand, FolderReading } from './folder.ts';
import { type Repository, dirtyFiles, makeBranch, openRepository, privatePath, trackedAmong } from './git.ts';
import { sha256 } from './hash.ts';
import type { Place } from './memory.ts';
import { patchPlace, writePatch } from './patches.ts';
import { renderPlace } from './render-place.ts';
import { type RewrittenFile, ignoreFile, patchOf, prepareRewrite } from './rewrite-files.ts';
import type { Server } from './session.ts';
import { showRewrite } from './show-rewrite.ts';
import { lookAt, replaceFile } from './write-file.ts';

export type RewriteWish = {
  readonly patch: string | undefined;
  readonly branch: string | undefined;
  readonly 'in-place': boolean;
  readonly 'force-dirty': boolean;
};

export type RewriteDone = {
  readonly way: 'patch' | 'branch' | 'in-place' | 'nothing';
  /** The patch file or the branch. */
  readonly where: string | null;
  readonly changed: readonly string[];
  readonly rendered: readonly string[];
  /** Files that git keeps, whose old values stay in its history. */
  readonly inHistory: readonly string[];
  readonly plan: RewritePlan;
  readonly repository: Repository | undefined;
};

/** What must be so before anything is sent: refused on a tree with changes that are in no commit, unless told. */
export const checkRewrite = async (
  { environment }: Context,
  { root }: FolderReading,
  wish: RewriteWish,
): Promise<Repository | undefined> => {
  const repository = await openRepository(root, environment);
  if (repository === undefined) {
    if (wish.branch !== undefined)
      throw cliError('not_a_repository', 'The folder lies in no git repository, so there can be no branch.');
    return undefined;
  }
  const dirty = wish['force-dirty'] ? [] : await dirtyFiles(repository);
  if (dirty.length > 0)
    throw cliError(
      'dirty_tree',
      `Git has changes here that are in no commit: ${dirty.slice(0, 3).join(', ')}${dirty.length > 3 ? ` and ${dirty.length - 3} more` : ''}.`,
    );
  return repository;
};

type Job = {
  readonly folder: FolderReading;
  readonly survey: Survey;
  readonly place: Place;
  readonly wish: RewriteWish;
  readonly repository: Repository | undefined;
};

/** Seals the originals, then takes the values out of the files in the way that was asked for. */
export const rewrite = async (
  context: Context,
  server: Server,
  job: Job,
): Promise<{ readonly json: JsonObject; readonly show: () => void }> => {
  const { folder, survey, place, wish, repository } = job;
  const { plan, files } = prepareRewrite(survey, folder);
  await keepOriginals(server, place, folder, [
    ...files.map(({ path }) => path),
    ...plan.targets.map(({ path }) => path),
  ]);
  const ignore =
    repository === undefined ? null : ignoreFile(plan.gitignore, readIfThere(join(folder.root, '.gitignore')));
  const all = ignore === null ? files : [...files, ignore];
  const done = await carryOut(context, server, job, plan, all);
  const inHistory =
    repository === undefined
      ? []
      : await trackedAmong(repository, [
          ...new Set([...files.map(({ path }) => path), ...plan.targets.map(({ path }) => path)]),
        ]);
  const report: RewriteDone = { ...done, inHistory, plan, repository };
  return {
    json: {
      way: report.way,
      where: report.where,
      changed: report.changed,
      rendered: report.rendered,
      inHistory,
      kept: plan.kept.map(({ file, line, keyPath, credentials, why }) => ({ file, line, keyPath, credentials, why })),
      outside: plan.outside.map(({ system, name, file }) => ({ system, name, file })),
    },
    show: () => showRewrite(report, folder, context.terminal, wish),
  };
};

const carryOut = async (
  context: Context,
  server: Server,
  { folder, place, wish, repository }: Job,
  plan: RewritePlan,
  files: readonly RewrittenFile[],
): Promise<Pick<RewriteDone, 'way' | 'where' | 'changed' | 'rendered'>> => {
  const changed = files.map(({ path }) => path);
  if (files.length === 0) return { way: 'nothing', where: null, changed, rendered: [] };
  if (wish['in-place']) {
    checkUntouched(folder, files);
    // The files that hold values first: at no moment does a reference lead nowhere.
    const { written } = await renderPlace(context, server, place, folder.root, {
      overwrite: false,
      check: false,
      acceptPlans: false,
    });
    for (const file of files) writeRewritten(folder, file);
    return { way: 'in-place', where: null, changed, rendered: written };
  }
  if (wish.branch !== undefined && repository !== undefined) {
    const tracked = await trackedAmong(
      repository,
      plan.targets.map(({ path }) => path),
    );
    const index = await privatePath(repository, `chatelaine-index-${process.pid}`);
    await makeBranch(repository, wish.branch, index, {
      changed: files.map(({ path, after }) => ({ path, content: after })),
      removed: tracked,
      message: 'Values are referred to, and kept by chatelaine\n',
    });
    return { way: 'branch', where: wish.branch, changed, rendered: [] };
  }
  const where =
    wish.patch === undefined ? await patchPlace(context, place, repository) : resolve(context.directory, wish.patch);
  writePatch(context, place, where, patchOf(files, repository?.prefix ?? ''));
  return { way: 'patch', where, changed, rendered: [] };
};

/** Each file as it was, sealed, before anything is written over it. */
const keepOriginals = async (
  server: Server,
  place: Place,
  { files }: FolderReading,
  paths: readonly string[],
): Promise<void> => {
  for (const path of new Set(paths)) {
    const file = files.find((one) => one.path === path);
    if (file !== undefined)
      await server.call('originals.keep', { params: place, body: { place: path, content: toBase64(file.bytes) } });
  }
};

const readIfThere = (file: string): Uint8Array | null => {
  const stats = lookAt(file);
  if (stats === undefined) return null;
  if (!stats.isFile()) throw cliError('unsafe_file', `${file} is not a plain file.`, { instead: 'Replace it by one.' });
  return readFileSync(file);
};

/** All or nothing, as far as that is possible: a change between reading and writing stops everything before the first write. */
const checkUntouched = (folder: FolderReading, files: readonly RewrittenFile[]): void => {
  for (const { path, before } of files) {
    const now = readIfThere(realOf(folder, path));
    if (
      (now === null) !== (before === null) ||
      (now !== null && before !== null && sha256(now) !== sha256(before.bytes))
    )
      throw cliError('changed_meanwhile', `${path} changed while it was looked at. Nothing was rewritten.`);
    const stand = folder.stands.get(path);
    if (stand !== undefined && stand.links > 1)
      throw cliError(
        'unsafe_file',
        `${path} has ${stand.links} names (hard links), and the others would keep the old text.`,
        { instead: 'Use --patch and apply it by hand.' },
      );
  }
};

const writeRewritten = (folder: FolderReading, { path, before, after }: RewrittenFile): void => {
  const file = realOf(folder, path);
  const stand: FileStand | undefined = folder.stands.get(path);
  const now = readIfThere(file);
  if (before !== null && (now === null || sha256(now) !== sha256(before.bytes)))
    throw cliError('changed_meanwhile', `${path} changed at this very moment, and was not touched.`);
  const stats = lookAt(file);
  replaceFile(file, after, {
    mode: stand?.mode ?? (stats === undefined ? 0o644 : stats.mode & 0o7777),
    ...(stats === undefined ? {} : { owner: { uid: stats.uid, gid: stats.gid } }),
  });
};

const realOf = (folder: FolderReading, path: string): string =>
  folder.stands.get(path)?.real ?? join(folder.root, path);
