import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { cliError } from './errors.ts';
import type { ExitCode } from './exit.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const;
/** What a terminal sends to the whole foreground group by itself; sent again, it would arrive twice. */
const FROM_TERMINAL: ReadonlySet<string> = new Set(['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGWINCH']);

/**
 * Starts a command in our place: same input and output, our signals passed on, its exit code ours (128 + n when a signal
 * ended it). Values come in the environment only; nothing is added to the arguments.
 */
export const startCommand = (
  command: readonly string[],
  environment: Environment,
  options: {
    readonly directory: string;
    readonly isTerminal: boolean;
    /** What the command prints goes through these instead of straight to where ours goes. */
    readonly through?: { readonly stdout: Filter; readonly stderr: Filter };
  },
): Promise<ExitCode> =>
  new Promise((resolve, reject) => {
    const [program = '', ...args] = command;
    const { through } = options;
    const child = spawn(program, args, {
      cwd: options.directory,
      env: environment,
      stdio: through === undefined ? 'inherit' : ['inherit', 'pipe', 'pipe'],
    });
    const filtered =
      through === undefined
        ? Promise.resolve([])
        : Promise.all([
            pass(child.stdout!, process.stdout, through.stdout),
            pass(child.stderr!, process.stderr, through.stderr),
          ]);
    const listeners = FORWARDED.filter(
      (signal) => process.platform !== 'win32' || ['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal),
    ).map((signal) => {
      const passOn = (): void => {
        if (!(options.isTerminal && FROM_TERMINAL.has(signal))) child.kill(signal);
      };
      process.on(signal, passOn);
      return [signal, passOn] as const;
    });
    const done = (): void => {
      for (const [signal, passOn] of listeners) process.off(signal, passOn);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      done();
      reject(startFailure(program, error));
    });
    child.on('exit', (code, signal) => {
      done();
      // A child of the command may hold the pipe longer than the command lives: what came until now is shown.
      void filtered.then(() => resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]));
    });
  });

/** Changes bytes on their way; `end` gives what was kept back. */
export type Filter = { write(chunk: Uint8Array): Uint8Array; flush(): Uint8Array; end(): Uint8Array };

const pass = async (from: NodeJS.ReadableStream, to: NodeJS.WritableStream, filter: Filter): Promise<void> => {
  const write = (bytes: Uint8Array) =>
    bytes.length === 0 || to.write(bytes) ? undefined : new Promise<void>((resolve) => void to.once('drain', resolve));
  for await (const chunk of from) {
    await write(filter.write(chunk as Buffer));
    await write(filter.flush());
  }
  await write(filter.end());
};

const startFailure = (program: string, error: NodeJS.ErrnoException): Error => {
  if (error.code === 'ENOENT')
    return cliError('command_not_found', `There is no command ${program}.`, { program }, error);
  if (error.code === 'EACCES')
    return cliError(
      'program_failed',
      `${program} may not be started.`,
      { instead: 'Is it a program, and may you run it?' },
      error,
    );
  if (error.code === 'E2BIG')
    return cliError(
      'program_failed',
      'The values are too large for an environment.',
      { instead: 'Name the credentials it needs with --only, or render a file.' },
      error,
    );
  return error;
};

/** What the launcher kept away from us is the command's again, and what it set for us is not. */
export const environmentFor = (ours: Environment, variables: Readonly<Record<string, string>>): Environment => {
  const { CHTL_WITHHELD_ENV: withheld, NODE_COMPILE_CACHE: _cache, CHATELAINE_TOKEN_FILE: _token, ...rest } = ours;
  return { ...rest, ...readWithheld(withheld), ...variables };
};

const readWithheld = (text: string | undefined): Environment => {
  try {
    const read: unknown = JSON.parse(text ?? '{}');
    return typeof read === 'object' && read !== null
      ? Object.fromEntries(Object.entries(read).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
      : {};
  } catch {
    return {};
  }
};
