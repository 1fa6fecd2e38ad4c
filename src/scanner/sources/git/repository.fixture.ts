import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Collected, run, temporaryFolder } from '../collect.fixture.ts';
import type { GitTools } from './run-git.ts';

export type Workshop = {
  readonly path: string;
  readonly tools: GitTools;
  readonly remove: () => void;
  readonly create: (name: string, ...options: string[]) => string;
};

/** A folder for repositories, and git as the sources start it. */
export const openWorkshop = (): Workshop => {
  const { path, remove } = temporaryFolder();
  return {
    path,
    remove,
    tools: { environment: { PATH: process.env['PATH'], HOME: path } },
    create: (name, ...options) => {
      const folder = join(path, name);
      run('git', ['init', '-q', '-b', 'main', ...options, folder]);
      return folder;
    },
  };
};

export const git = (folder: string, ...args: string[]): string => run('git', args, folder).trim();

export const put = (folder: string, files: Readonly<Record<string, string | Uint8Array>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
};

/** Commits everything in the folder; the id of the commit. */
export const commit = (
  folder: string,
  message: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): string => {
  put(folder, files);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
  return git(folder, 'rev-parse', 'HEAD');
};

export const texts = ({ units }: Collected): string[] => units.map(({ text }) => text).toSorted();
