import { spawn } from 'node:child_process';
import { cliError } from './errors.ts';

export type Finished = { readonly exit: number; readonly stdout: Uint8Array; readonly stderr: string };

/** Most that is kept of a helper's output, in bytes. */
const MOST_OUTPUT = 64 * 1_048_576;

/**
 * Runs a helper such as git or sops to its end, without a shell. Its input may be secret, its arguments never.
 * Errors: `cli.command_not_found`.
 */
export const runHelper = (
  program: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly input?: Uint8Array;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly signal?: AbortSignal;
  },
): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      env: options.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    let size = 0;
    const keep = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > MOST_OUTPUT) child.kill('SIGKILL');
      else into.push(chunk);
    };
    child.stdout.on('data', keep(out));
    child.stderr.on('data', keep(errors));
    child.on('error', (error) =>
      reject(
        'code' in error && error.code === 'ENOENT'
          ? cliError('command_not_found', `${program} is not installed.`, { program }, error)
          : error,
      ),
    );
    child.on('close', (code) =>
      resolve({
        exit: code ?? 1,
        stdout: new Uint8Array(Buffer.concat(out)),
        stderr: Buffer.concat(errors).toString('utf8'),
      }),
    );
    child.stdin.on('error', () => undefined); // it may close its input before it read all
    child.stdin.end(options.input);
  });
