import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'chatelaine');
export const PORCH = join(ROOT, 'examples/porch');

export type Answer = { readonly exit: number; readonly out: string; readonly err: string };
export type CallOptions = {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** The real program with a real server, in a folder of its own that nothing of this machine's user reaches. */
export type LiveHouse = {
  readonly root: string;
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  /** What `up` said. */
  readonly said: () => string;
  run(args: readonly string[], options?: CallOptions): Promise<Answer>;
  /** A fresh copy of the example home. */
  copyPorch(name: string): string;
  /** Ends the server by a signal; its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  start(): Promise<void>;
  close(): Promise<void>;
};

export const openLiveHouse = async (): Promise<LiveHouse> => {
  const root = mkdtempSync(join(tmpdir(), 'chatelaine-cli-'));
  const port = await freePort();
  const data = join(root, 'data');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(root, 'home'),
    TMPDIR: root,
    CHATELAINE_DATA: data,
    CHATELAINE_KEY_FILE: join(root, 'keys/root.key'),
    CHATELAINE_ANCHOR_FILE: join(root, 'keys/anchor'),
    CHATELAINE_BACKUP_FOLDER: join(root, 'backups'),
    CHATELAINE_LISTEN: `127.0.0.1:${port}`,
    CHATELAINE_LOG_LEVEL: 'error',
  };
  mkdirSync(env.HOME);
  let server: ChildProcess | undefined;
  let said = '';

  const start = async (): Promise<void> => {
    said = '';
    const child = spawn(PROGRAM, ['up'], { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    server = child;
    await new Promise<void>((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        said += chunk.toString();
        if (said.includes('serves on')) resolve();
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.on('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
      child.on('error', reject);
    });
  };
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    if (server === undefined || server.exitCode !== null) return server?.exitCode ?? null;
    const ended = once(server, 'exit') as Promise<[number | null]>;
    server.kill(signal);
    return (await ended)[0];
  };
  await start();
  return {
    root,
    data,
    env,
    url: `http://localhost:${port}`,
    said: () => said,
    start,
    stop,
    run: (args, options = {}) => call(args, { ...env, ...options.env }, options.cwd ?? root, options.input),
    copyPorch(name) {
      const folder = join(root, name);
      cpSync(PORCH, folder, { recursive: true });
      return folder;
    },
    async close() {
      await stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
};

/** One call of the program, without any server. */
export const call = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  input = '',
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, [...args], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exit: code ?? -1, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });

const freePort = async (): Promise<number> => {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};
