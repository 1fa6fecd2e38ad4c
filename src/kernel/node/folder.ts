import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing, for their owner alone unless `mode` says otherwise; one that is
 * there stays as it is. Errors: those of mkdir(2) with their path. Node's own `recursive` never returns where a folder
 * takes no children, such as under /proc (nodejs/node: ENOENT of a parent that is there is tried again and again).
 */
export const makeFolder = (folder: string, mode = 0o700): void => {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  // What is there may still be a file; making it again says so.
  for (const each of missing.length === 0 ? [resolve(folder)] : missing) if (!isFolder(each)) makeOne(each, mode);
};

const makeOne = (folder: string, mode: number): void => {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Somebody else was faster.
    if (!isFolder(folder)) throw error;
  }
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
