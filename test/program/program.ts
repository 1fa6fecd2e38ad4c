import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Duration } from '#kernel';

const ROOT = join(import.meta.dirname, '../..');
export const PROGRAM = join(ROOT, 'chatelaine');
/** How long a start may take on a busy machine. */
const LONGEST_START = Duration.of(60, 's');

export type Said = { readonly exit: number; readonly out: string; readonly err: string };
export type Environment = Readonly<Record<string, string>>;
export type CallOptions = { readonly input?: string; readonly cwd?: string; readonly env?: Environment };

/** Folders and environment in which the real program reaches nothing of this machine's user. */
export type Place = {
  readonly root: string;
  readonly data: string;
  readonly backups: string;
  readonly keyFile: string;
  readonly anchorFile: string;
  readonly temporary: string;
  readonly port: number;
  readonly env: Environment;
};

export type Server = {
  readonly pid: number;
  /** Everything it wrote to both outputs so far. */
  output(): string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** Made for one test, and gone after it. */
export const makePlace = async (t: Pick<TestContext, 'after'>, more: Environment = {}): Promise<Place> => {
  const root = mkdtempSync(join(tmpdir(), 'chatelaine-program-'));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const port = await freePort();
  const at = (name: string) => join(root, name);
  for (const folder of ['home', 'temporary', 'keys']) mkdirSync(at(folder), { mode: 0o700 });
  const place = {
    root,
    port,
    data: at('data'),
    backups: at('backups'),
    keyFile: at('keys/root.key'),
    anchorFile: at('anchor/anchor'),
    temporary: at('temporary'),
  };
  return {
    ...place,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: at('home'),
      TMPDIR: place.temporary,
      CHATELAINE_DATA: place.data,
      CHATELAINE_KEY_FILE: place.keyFile,
      CHATELAINE_ANCHOR_FILE: place.anchorFile,
      CHATELAINE_BACKUP_FOLDER: place.backups,
      CHATELAINE_LISTEN: `127.0.0.1:${port}`,
      CHATELAINE_LOG_LEVEL: 'debug',
      ...more,
    },
  };
};

/** Starts `./chatelaine up` and waits until it serves. A start that fails is an error with what was said. */
export const startServer = async (
  t: Pick<TestContext, 'after'>,
  { env, root }: Place,
  args: readonly string[] = [],
  wrapper: readonly string[] = [],
): Promise<Server> => {
  const [command, ...rest] = [...wrapper, PROGRAM, 'up', ...args];
  const child = spawn(command!, rest, { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  const serving = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The server does not start: ${said}`)), LONGEST_START.ms);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('Stop it with')) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`The server ended with ${code ?? signal}: ${said}`)));
  });
  await serving;
  return {
    pid: child.pid!,
    output: () => said,
    stop: (signal = 'SIGTERM') => end(child, signal),
  };
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close') as Promise<[number | null]>;
  child.kill(signal);
  return (await closed)[0];
};

/** One command, to its end. */
export const call = (
  { env, root }: Place,
  args: readonly string[],
  { input = '', cwd, env: more = {} }: CallOptions = {},
  wrapper: readonly string[] = [],
): Promise<Said> => runToEnd([...wrapper, PROGRAM, ...args], { ...env, ...more }, cwd ?? root, input);

/** A command that asks a person: with a terminal of its own, on which `typed` is typed. Needs script(1). */
export const callAtTerminal = (place: Place, args: readonly string[], typed: string): Promise<Said> =>
  runToEnd(
    ['script', '--quiet', '--return', '--command', [PROGRAM, ...args].map(quoted).join(' '), '/dev/null'],
    place.env,
    place.root,
    typed,
  );

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

export const runToEnd = (
  [command, ...args]: readonly string[],
  env: Environment,
  cwd: string,
  input: string,
): Promise<Said> =>
  new Promise((resolve, reject) => {
    const child = spawn(command!, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'], timeout: LONGEST_START.ms });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ exit: code ?? -1, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });

export const keyOf = ({ keyFile }: Place): string => readFileSync(keyFile, 'utf8').trim();

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port on loopback.');
  return address.port;
};
