import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { scannerError } from '../../errors.ts';
import type { Source } from '../../unit.ts';
import { interrupted } from '../gap.ts';
import { type HistoryOptions, historySource } from './git-history.ts';
import { NO_GIT, firstComplaint, gitEnvironment, refusal, startGit } from './run-git.ts';

export type GitHubOptions = Pick<HistoryOptions, 'tools' | 'verdicts'> & {
  /** `OWNER/REPO`. */
  readonly name: string;
  /** A folder for temporary files. */
  readonly temporary: string;
  /** Where names are looked up; a file URL in tests. */
  readonly base?: string;
};

/** Letters, digits and hyphens; a repository also dots and underscores, but is not `.` or `..`. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** Throws `scanner.github_name`. */
export const parseGitHubName = (text: string): string => {
  const name = text.replace(/^https:\/\/github\.com\//, '').replace(/(\.git)?\/?$/, '');
  if (!NAME.test(name)) throw scannerError('github_name', 'That is not the name of a repository on GitHub.', {});
  return name;
};

/**
 * A repository on GitHub with all its branches, tags and pull requests: cloned into a temporary folder, looked through,
 * and removed whatever happens. Errors: `scanner.clone_failed`, and those of a history.
 */
export const gitHubSource = ({ base = 'https://github.com', name, temporary, ...options }: GitHubOptions): Source =>
  async function* (signal) {
    const folder = mkdtempSync(join(temporary, 'chatelaine-clone-'));
    const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    // A second Ctrl-C ends the program without unwinding.
    process.once('exit', remove);
    try {
      const url = `${base}/${name}${base.startsWith('file:') ? '' : '.git'}`;
      await clone(url, folder, options.tools, signal);
      if (signal.aborted) yield interrupted(name);
      else yield* historySource({ ...options, folder })(signal);
    } finally {
      process.off('exit', remove);
      remove();
    }
  };

const clone = async (
  url: string,
  folder: string,
  tools: GitHubOptions['tools'],
  signal: AbortSignal,
): Promise<void> => {
  const protocol = url.startsWith('file:') ? 'file' : 'https';
  const run = startGit(
    tools,
    [
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'http.followRedirects=initial',
      'clone',
      '--mirror',
      '--quiet',
      '--template=',
      '--',
      url,
      folder,
    ],
    folder,
    gitEnvironment({ ...tools, asHook: false }, { GIT_ALLOW_PROTOCOL: protocol }),
    signal,
  );
  run.stdin.end();
  for await (const _ of run.out);
  const end = await run.end;
  if (signal.aborted || end.code === 0) return;
  if (end.code === NO_GIT) throw refusal(folder, end);
  throw scannerError('clone_failed', `git could not clone ${url}: ${firstComplaint(end)}.`, { url });
};
