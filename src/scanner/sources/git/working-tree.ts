import { scannerError } from '../../errors.ts';
import { printable } from '../gap.ts';
import { type Git, type GitTools, openGit, refusal } from './run-git.ts';

/** More drivers than any repository has; each takes four settings on a command line. */
const MOST_DRIVERS = 200;

/**
 * Git for commands that look at the files of the working tree (`status`, `diff`): these pass what changed through the
 * filters that attributes name, and which filters there are only the configuration knows. So each that is configured,
 * by whomever, is switched off by name, as are hooks of newer versions of git that stand in the configuration
 * (gitattributes, "filter"; git-hook, "CONFIGURATION"). A file kept by a filter, as with Git LFS, may then look changed.
 *
 * Errors: `scanner.git_none`, `scanner.git_owner`, `scanner.git_missing`, `scanner.git_broken`, also for drivers whose
 * names fit no command line.
 */
export const openWorkingTree = async (folder: string, tools: GitTools): Promise<Git> => {
  const git = openGit(folder, tools);
  const opened = await git.text(['rev-parse', '--git-dir']);
  if (opened.code !== 0) throw refusal(folder, opened);
  const named = await git.text(['config', '-z', '--name-only', '--get-regexp', String.raw`^(filter|hook)\.`]);
  // 1: there is none.
  if (named.code !== 0 && named.code !== 1) throw refusal(folder, named);
  const drivers = new Set(
    named.text.split('\0').flatMap((name) => /^((?:filter|hook)\..+)\.[^.]*$/s.exec(name)?.[1] ?? []),
  );
  const odd = [...drivers].find((name) => /[=\n\ufffd]/.test(name));
  if (odd !== undefined || drivers.size > MOST_DRIVERS)
    throw scannerError(
      'git_broken',
      odd === undefined
        ? `The repository at ${printable(folder)} configures ${drivers.size} filters; ${MOST_DRIVERS} are the most.`
        : `The repository at ${printable(folder)} configures a filter that cannot be switched off: ${printable(odd)}.`,
      { path: printable(folder) },
    );
  return openGit(folder, { ...tools, settings: [...(tools.settings ?? []), ...[...drivers].flatMap(switchedOff)] });
};

/** An empty command is none (git, convert.c, apply_filter). */
const switchedOff = (driver: string): readonly string[] =>
  driver.startsWith('hook.')
    ? [`${driver}.enabled=false`]
    : [`${driver}.clean=`, `${driver}.smudge=`, `${driver}.process=`, `${driver}.required=false`];
