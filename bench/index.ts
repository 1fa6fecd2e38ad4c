/**
 * Measures the program as its users meet it: through its launcher and over HTTP, beside a bare `node:http` answer in the
 * same run. Figures are ratios to that yardstick, because machines differ and ratios travel. A second yardstick syncs a
 * row before each answer: what bounds every durable answer on that machine.
 *
 *     npm run bench                 everything, several minutes
 *     npm run bench -- --quick      short runs, a thousand credentials
 *     BENCH_POSTGRES=postgres://… npm run bench      the same on PostgreSQL too
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { measureProofs } from './proofs.ts';
import { type Row, printTable } from './print.ts';
import type { LoadReport } from './load.ts';
import { type Yardstick, runLoad, startBare, startDurable } from './run-load.ts';
import { type Server, startServer } from './server.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const SECONDS = options.quick ? 1.5 : 6;
const WARM_UP_SECONDS = options.quick ? 1 : 3;
const CONNECTIONS = [1, 8, 64];
const FEW = 1_000;
const MANY = options.quick ? 5_000 : 100_000;
const PROOF_ENTRIES = options.quick ? 50_000 : 1_000_000;
const PORT = 18_200;

const get = (path: string, token: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Vault-Token: ${token}\r\n\r\n`;
const put = (path: string, token: string): string => {
  const body = '{"data":{"password":"value {n} of the bench"}}';
  // `{n}` becomes nine digits.
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nX-Vault-Token: ${token}\r\nContent-Length: ${body.length + 6}\r\n\r\n${body}`;
};
const nameOf = (i: number): string => `/v1/secret/data/bench/home/credential-${i}`;

const fill = async (server: Server, from: number, to: number): Promise<void> => {
  for (let i = from; i < to;) {
    const batch = Array.from({ length: Math.min(256, to - i) }, (_, k) => i + k);
    const answers = await Promise.all(
      batch.map((n) => server.call('POST', nameOf(n), { data: { password: `initial value number ${n}` } })),
    );
    const failed = answers.find(({ status }) => status !== 200);
    if (failed !== undefined) throw new Error(`Filling answered ${failed.status}: ${failed.body}`);
    i += batch.length;
    if (process.stderr.isTTY) process.stderr.write(`\r${i} credentials`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
};

const loads = async (engine: string, server: Server, size: number): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  const reads = Array.from({ length: Math.min(size, 2_000) }, (_, i) =>
    get(nameOf(Math.floor((i * size) / Math.min(size, 2_000))), server.token),
  );
  for (const connections of CONNECTIONS) {
    const yardstick = await measureYardstick(await startBare(), connections);
    const durable = await measureYardstick(await startDurable(), connections);
    await runLoad({ port: server.port, connections, seconds: WARM_UP_SECONDS, requests: reads });
    const written = server.writtenBytes();
    const read = await runLoad({ port: server.port, connections, seconds: SECONDS, requests: reads });
    const perRead = (server.writtenBytes() - written) / read.answers;
    rows.push({
      engine,
      what: `read, ${size} credentials`,
      connections,
      ...read,
      ratio: read.perSecond / yardstick.perSecond,
      note: `${ofDurable(read, durable)}, ${(perRead / 1_024).toFixed(1)} KiB written a read`,
    });
    if (size === FEW) {
      const writes = Array.from({ length: 500 }, (_, i) => put(nameOf(i), server.token));
      const write = await runLoad({ port: server.port, connections, seconds: SECONDS, requests: writes });
      rows.push({
        engine,
        what: 'write',
        connections,
        ...write,
        ratio: write.perSecond / yardstick.perSecond,
        note: ofDurable(write, durable),
      });
      rows.push({
        engine: '-',
        what: 'bare node:http, a synced row each',
        connections,
        ...durable,
        ratio: durable.perSecond / yardstick.perSecond,
        note: '',
      });
      rows.push({ engine: '-', what: 'bare node:http', connections, ...yardstick, ratio: 1, note: '' });
    }
  }
  return rows;
};

const measureYardstick = async ({ port, stop }: Yardstick, connections: number): Promise<LoadReport> => {
  const load = { port, connections, requests: [get('/', 'none')] };
  await runLoad({ ...load, seconds: WARM_UP_SECONDS });
  const report = await runLoad({ ...load, seconds: SECONDS });
  await stop();
  return report;
};

const ofDurable = ({ perSecond }: LoadReport, durable: LoadReport): string =>
  `${(perSecond / durable.perSecond).toFixed(3)} of a synced row`;

const measureEngine = async (engine: string, databaseUrl?: string): Promise<void> => {
  let server = await startServer(PORT, undefined, databaseUrl);
  console.log(`${engine}: healthy ${server.startedInMs.toFixed(0)} ms after the very first start of the launcher`);
  const made = await server.call('POST', '/api/projects', {
    name: 'bench',
    posture: 'home',
    environments: [{ name: 'home', production: false }],
  });
  if (made.status >= 300) throw new Error(`Making the project answered ${made.status}: ${made.body}`);
  await fill(server, 0, FEW);
  const rows = [...(await loads(engine, server, FEW))];
  await fill(server, FEW, MANY);
  rows.push(...(await loads(engine, server, MANY)));
  printTable(rows);
  console.log(`${engine}: ${(server.databaseBytes() / 1_048_576).toFixed(0)} MiB on disk`);
  await server.stop();
  const started: number[] = [];
  for (let i = 0; i < 3; i++) {
    server = await startServer(PORT, server.folder, databaseUrl);
    started.push(server.startedInMs);
    if (i === 2) await idle(engine, server);
    await server.stop();
  }
  console.log(
    `${engine}: healthy ${started.map((ms) => ms.toFixed(0)).join(', ')} ms after a start with ${MANY} credentials`,
  );
  server.remove();
};

/** What an idle process costs: memory, and bytes it writes in a day. */
const idle = async (engine: string, server: Server): Promise<void> => {
  const seconds = options.quick ? 5 : 130;
  const written = server.writtenBytes();
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const perDay = ((server.writtenBytes() - written) / ((performance.now() - began) / 1_000)) * 86_400;
  console.log(
    `${engine}: ${(server.residentBytes() / 1_048_576).toFixed(0)} MiB resident at idle, ${(perDay / 1_048_576).toFixed(1)} MiB written in an idle day`,
  );
};

await measureEngine('SQLite');
const postgres = process.env['BENCH_POSTGRES'];
if (postgres !== undefined) await measureEngine('PostgreSQL', postgres);
await measureProofs(PROOF_ENTRIES);
