import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';

export type Answer = {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** MiB that the process had at most (proc(5), VmHWM); null where that cannot be told. */
  readonly peak: number | null;
  /** Seconds. */
  readonly took: number;
};

/** How the program is called: nothing of this machine's user reaches it. */
export type Call = {
  readonly cwd: string;
  /** Made when it is not there. */
  readonly home: string;
  readonly input?: string | Uint8Array;
  /** As another user; only root may. */
  readonly user?: number;
  /** Seconds after which it is taken to hang, and ended. */
  readonly patience?: number;
};

/** Calls the program and waits for its end. Throws when it hangs. */
export const runProgram = (program: string, args: readonly string[], call: Call): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { cwd, home, input = '', patience = 60, user } = call;
    mkdirSync(home, { recursive: true });
    const started = performance.now();
    const child = spawn(program, args, {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: home, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C.UTF-8' },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    let out = '';
    let err = '';
    let peak: number | null = null;
    const looking = setInterval(() => (peak = peakOf(child.pid) ?? peak), 20);
    const hung = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`It hangs: ${args.join(' ')}\n${out}${err}`));
    }, patience * 1000);
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(hung);
      clearInterval(looking);
      resolve({ exit: code ?? -1, out, err, peak, took: (performance.now() - started) / 1000 });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });

const peakOf = (pid: number | undefined): number | null => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024 || null;
  } catch {
    return null;
  }
};
