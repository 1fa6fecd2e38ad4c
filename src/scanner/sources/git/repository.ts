import { resolve } from 'node:path';
import { existsSync, readdirSync } from 'node:fs';
import { type Git, type GitTools, openGit, refusal } from './run-git.ts';

/** A repository that git opens, and what is known about its wholeness. */
export type Repository = {
  readonly git: Git;
  /** As given. */
  readonly folder: string;
  /** Where its objects and references are; shared by all its worktrees. */
  readonly commonFolder: string;
  readonly bare: boolean;
  readonly shallow: boolean;
  /** Objects may be missing because they were never fetched. */
  readonly partial: boolean;
  /** Hex digits of an object's id: 40 (SHA-1) or 64 (SHA-256). */
  readonly idLength: 40 | 64;
};

/** Errors: `scanner.git_missing`, `scanner.git_none`, `scanner.git_owner`, `scanner.git_broken`. */
export const openRepository = async (folder: string, tools: GitTools): Promise<Repository> => {
  const git = openGit(folder, tools);
  const facts = await git.text([
    'rev-parse',
    '--git-common-dir',
    '--is-bare-repository',
    '--is-shallow-repository',
    '--show-object-format',
  ]);
  if (facts.code !== 0) throw refusal(folder, facts);
  const [common = '', bare, shallow, format] = facts.text.split('\n');
  const commonFolder = resolve(folder, common);
  return {
    git,
    folder,
    commonFolder,
    bare: bare === 'true',
    shallow: shallow === 'true',
    partial: hasPromisorPack(commonFolder) || (await hasPromisorRemote(git)),
    idLength: format === 'sha256' ? 64 : 40,
  };
};

const hasPromisorPack = (commonFolder: string): boolean => {
  const packs = resolve(commonFolder, 'objects/pack');
  return existsSync(packs) && readdirSync(packs).some((name) => name.endsWith('.promisor'));
};

const hasPromisorRemote = async (git: Git): Promise<boolean> => {
  const { code, text } = await git.text([
    'config',
    '--get-regexp',
    String.raw`^(remote\..*\.promisor|extensions\.partialclone)$`,
  ]);
  return code === 0 && text.trim() !== '';
};
