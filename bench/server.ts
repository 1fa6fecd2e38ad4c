import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../chatelaine', import.meta.url));
/** Longest wait for a server to be healthy, in milliseconds. */
const PATIENCE_MS = 60_000;

export type Server = {
  readonly port: number;
  readonly folder: string;
  /** Operator token of the owner. */
  readonly token: string;
  /** Milliseconds from spawning the launcher to the first healthy answer. */
  readonly startedInMs: number;
  readonly residentBytes: () => number;
  readonly databaseBytes: () => number;
  /** Bytes the process asked the system to write so far (Linux). */
  readonly writtenBytes: () => number;
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: string }>;
  stop(): Promise<void>;
  remove(): void;
};

/** The real program on a folder of its own, through its launcher. */
export const startServer = async (port: number, existing?: string, databaseUrl?: string): Promise<Server> => {
  const folder = existing ?? mkdtempSync(join(tmpdir(), 'chatelaine-bench-'));
  const token = join(folder, 'token');
  const began = performance.now();
  const child = spawn(LAUNCHER, ['up', ...flags(folder, port, token)], {
    env: { ...process.env, ...(databaseUrl === undefined ? {} : { CHATELAINE_DATABASE_URL: databaseUrl }) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const startedInMs = await untilHealthy(child, port, began);
  // Written once it serves, so a moment later.
  while (!existsSync(token)) await new Promise((resolve) => setTimeout(resolve, 10));
  const pid = (): number => listenerPid(child);
  return {
    port,
    folder,
    token: readFileSync(token, 'utf8').trim(),
    startedInMs,
    residentBytes: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid()}/status`, 'utf8'))?.[1] ?? 0) * 1_024,
    databaseBytes: () =>
      sizeOf(join(folder, 'data', 'chatelaine.db')) + sizeOf(join(folder, 'data', 'chatelaine.db-wal')),
    writtenBytes: () => Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid()}/io`, 'utf8'))?.[1] ?? 0),
    call: (method, path, body) => call(port, readFileSync(token, 'utf8').trim(), method, path, body),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const flags = (folder: string, port: number, token: string): string[] => [
  `--data=${join(folder, 'data')}`,
  `--key-file=${join(folder, 'root.key')}`,
  `--anchor-file=${join(folder, 'anchor')}`,
  `--listen=127.0.0.1:${port}`,
  `--operator-token-file=${token}`,
  '--log-level=error',
];

const untilHealthy = async (child: ChildProcess, port: number, began: number): Promise<number> => {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    if (performance.now() - began > PATIENCE_MS) throw new Error('The server did not become healthy.');
    const healthy = await call(port, '', 'GET', '/v1/sys/health').then(
      ({ status }) => status === 200,
      () => false,
    );
    if (healthy) return performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Where the launcher could not replace itself the server is its child. */
const listenerPid = (child: ChildProcess): number => {
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
  return children === '' ? child.pid! : Number(children.split(' ')[0]);
};

const call = (
  port: number,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const headers = { ...(token === '' ? {} : { 'x-vault-token': token }), 'content-type': 'application/json' };
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
    });
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
