import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { scannerError } from '../../errors.ts';
import { printable } from '../gap.ts';

/** How git is started: the caller's environment, of which little is passed on. */
export type GitTools = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `git` of the PATH when absent. */
  readonly program?: string;
  /** Started by git as a hook: which index and which objects to look at come from the environment. */
  readonly asHook?: boolean;
  /** More settings, `name=value`, that win over those of the repository. */
  readonly settings?: readonly string[];
};

/** Ended git: its code, and what it complained about. */
export type GitEnd = { readonly code: number | null; readonly complaint: string };

export type GitRun = {
  readonly stdin: NodeJS.WritableStream;
  readonly out: AsyncIterable<Uint8Array>;
  /** Resolves once it has ended; never rejects. */
  readonly end: Promise<GitEnd>;
  stop(): void;
};

export type Git = {
  /** Starts git in the repository. Nothing in the repository's own configuration is run. */
  start(args: readonly string[], signal?: AbortSignal): GitRun;
  /** All it prints, up to 64 MiB; stopped (`code` is null) when that is too little. `code` is 0 when it went well. */
  bytes(args: readonly string[], options?: GitOptions): Promise<GitEnd & { readonly bytes: Uint8Array }>;
  /** The same as text; what is no UTF-8 is replaced. */
  text(args: readonly string[], options?: GitOptions): Promise<GitEnd & { readonly text: string }>;
};

export type GitOptions = {
  readonly input?: string | Uint8Array;
  /** An index file other than the repository's own. */
  readonly index?: string;
  readonly signal?: AbortSignal;
};

/**
 * A repository is a stranger's, and its configuration can name programs: monitors, hooks, filters, transports. Each way
 * that a reading command has to start one is closed here; values on the command line win over those of the repository.
 * Transports: a partial clone fetches what is missing as soon as it is read, by whatever program its remote names.
 */
const SAFE = [
  '--no-pager',
  '--no-optional-locks',
  '--no-replace-objects',
  '--literal-pathspecs',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'core.pager=cat',
    'core.askPass=',
    'core.alternateRefsCommand=',
    'core.quotePath=false',
    'advice.graftFileDeprecated=false',
    'core.untrackedCache=false',
    // A cache that could leave commits out.
    'core.commitGraph=false',
    'credential.helper=',
    'diff.external=',
    'diff.renames=false',
    'diff.ignoreSubmodules=all',
    'gc.auto=0',
    'log.showSignature=false',
    'log.showRoot=true',
    'log.mailmap=false',
    'maintenance.auto=false',
    'protocol.allow=never',
    'submodule.recurse=false',
    'uploadpack.packObjectsHook=',
  ].flatMap((setting) => ['-c', setting]),
];

const ALWAYS = {
  LC_ALL: 'C',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_CONFIG_NOSYSTEM: '1',
  // Grafts, as replacements, would show another history than there is.
  GIT_GRAFT_FILE: '/dev/null',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_PAGER: 'cat',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_TERMINAL_PROMPT: '0',
};
/** What a program needs to be found, to know the user's own `safe.directory`, and in whose name a commit is made. */
const PASSED = [
  'PATH',
  'Path',
  'HOME',
  'USERPROFILE',
  'XDG_CONFIG_HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'EMAIL',
];
/** What git tells its hooks: a commit of some files only has an index of its own, a push its objects in quarantine. */
const OF_HOOKS = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
];

/** The environment git is started with; `more` wins. */
export const gitEnvironment = (
  { asHook = false, environment }: GitTools,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> => {
  const passed: Record<string, string> = {};
  for (const name of asHook ? [...PASSED, ...OF_HOOKS] : PASSED)
    if (environment[name] !== undefined) passed[name] = environment[name];
  return { ...passed, ...ALWAYS, ...more };
};

const MOST_TEXT = 64 * 1024 * 1024;
const MOST_COMPLAINT = 4096;

/**
 * @param folder any folder of the repository, its working tree or the bare repository itself. Commands that compare the
 * working tree with what git keeps need `openWorkingTree`: they pass files through filters of the repository.
 */
export const openGit = (folder: string, tools: GitTools): Git => {
  const settings = (tools.settings ?? []).flatMap((setting) => ['-c', setting]);
  const open = (args: readonly string[], { index, signal }: GitOptions): GitRun =>
    startGit(
      tools,
      [...SAFE, ...settings, ...args],
      folder,
      gitEnvironment(tools, index === undefined ? {} : { GIT_INDEX_FILE: index }),
      signal,
    );
  const bytes: Git['bytes'] = async (args, options = {}) => {
    const run = open(args, options);
    run.stdin.end(options.input ?? '');
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of run.out) {
      size += part.length;
      if (size > MOST_TEXT) run.stop();
      else parts.push(part);
    }
    return { ...(await run.end), bytes: new Uint8Array(Buffer.concat(parts)) };
  };
  return {
    start: (args, signal) => open(args, signal === undefined ? {} : { signal }),
    bytes,
    text: async (args, options) => {
      const { bytes: printed, ...end } = await bytes(args, options);
      return { ...end, text: Buffer.from(printed).toString('utf8') };
    },
  };
};

/** Starts git, the only place that does, and stops it with the signal; its complaints are kept short. */
export const startGit = (
  { program = 'git' }: GitTools,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  signal?: AbortSignal,
): GitRun => {
  const child = spawn(program, args, { cwd, env, stdio: 'pipe', windowsHide: true });
  let stopped = false;
  // What nobody reads any more must be closed, or the end of the process is never told.
  const stop = (): void => {
    stopped = true;
    child.kill('SIGKILL');
    child.stdin.destroy();
    child.stdout.destroy();
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  // It may end before it has read everything.
  child.stdin.on('error', () => {});
  return {
    stdin: child.stdin,
    out: outputOf(child, () => stopped),
    end: endOf(child, () => signal?.removeEventListener('abort', stop)),
    stop,
  };
};

const outputOf = async function* (
  child: ChildProcessWithoutNullStreams,
  stopped: () => boolean,
): AsyncGenerator<Uint8Array> {
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!stopped()) throw error;
  } finally {
    child.stdout.destroy();
  }
};

const endOf = (child: ChildProcessWithoutNullStreams, done: () => void): Promise<GitEnd> => {
  let complaint = '';
  child.stderr.on('data', (part: Buffer) => {
    if (complaint.length < MOST_COMPLAINT) complaint += part.toString('utf8');
  });
  return new Promise((resolve) => {
    child.on('error', (error) => {
      done();
      resolve({ code: 'code' in error && error.code === 'ENOENT' ? NO_GIT : null, complaint: error.message });
    });
    child.on('close', (code) => {
      done();
      resolve({ code, complaint: complaint.slice(0, MOST_COMPLAINT) });
    });
  });
};

/** Not a code of git: the program or the folder is not there. */
export const NO_GIT = -2;

/** The first line of what git said that names the trouble, without control characters. */
export const firstComplaint = ({ complaint }: GitEnd): string => {
  const lines = complaint.split('\n').map((line) => line.trim());
  const said = lines.find((line) => line !== '' && !line.startsWith('hint:')) ?? 'it gave no reason';
  return printable(said.replace(/^(?:fatal|error|warning): /, '').slice(0, 300));
};

const QUIET = { throwIfNoEntry: false } as const;

/** What is wrong when git will not even open the repository. */
export const refusal = (folder: string, end: GitEnd): Error => {
  const path = printable(folder);
  if (end.code === NO_GIT) return scannerError('git_missing', 'git could not be started.', { path });
  if (/dubious ownership/.test(end.complaint))
    return scannerError('git_owner', `The repository at ${path} belongs to another user, so git does not open it.`, {
      path,
    });
  // Of a folder, git says that; of the one that a worktree points to, which.
  if (/not a git repository: /i.test(end.complaint))
    return scannerError('git_broken', `The repository that ${path} belongs to is not where its .git says.`, { path });
  if (/not a git repository/i.test(end.complaint) && lstatSync(join(folder, '.git'), QUIET) !== undefined)
    return scannerError('git_broken', `git does not take ${path}/.git for a repository: a part of it is missing.`, {
      path,
    });
  if (/not a git repository/i.test(end.complaint))
    return scannerError('git_none', `There is no git repository at ${path}.`, { path });
  return scannerError('git_broken', `git does not open the repository at ${path}: ${firstComplaint(end)}.`, { path });
};
