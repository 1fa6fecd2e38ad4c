/**
 * A closed-loop load generator in a process of its own: each connection sends its next request when the answer to the
 * last one is complete. Reads one plan as JSON from the parent, answers with one report.
 */
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

export type LoadPlan = {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Requests as they go over the wire; `{n}` is replaced by a running number. Each connection goes round. */
  readonly requests: readonly string[];
};

export type LoadReport = {
  readonly perSecond: number;
  readonly answers: number;
  /** Answers whose status is not 2xx. */
  readonly failures: number;
  /** Milliseconds from the first byte sent to the last byte read. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
};

const HEAD_END = Buffer.from('\r\n\r\n');

const runConnection = (plan: LoadPlan, next: () => string, done: (ms: number, ok: boolean) => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: plan.port, noDelay: true });
    let held: Buffer = Buffer.alloc(0);
    let sent = 0;
    const send = (): void => {
      sent = performance.now();
      socket.write(next());
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (chunk: Buffer) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const end = held.indexOf(HEAD_END);
      if (end < 0) return;
      const head = held.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (held.length < end + 4 + length) return;
      held = held.subarray(end + 4 + length);
      const goOn = done(performance.now() - sent, head.startsWith('HTTP/1.1 2'));
      if (goOn) send();
      else socket.end();
    });
  });

const run = async (plan: LoadPlan): Promise<LoadReport> => {
  const times: number[] = [];
  let failures = 0;
  let n = 0;
  const started = performance.now();
  const end = started + plan.seconds * 1_000;
  await Promise.all(
    Array.from({ length: plan.connections }, () =>
      runConnection(
        plan,
        () => {
          const i = n++;
          return plan.requests[i % plan.requests.length]!.replace('{n}', String(i).padStart(9, '0'));
        },
        (ms, ok) => {
          times.push(ms);
          if (!ok) failures++;
          return performance.now() < end;
        },
      ),
    ),
  );
  const elapsed = (performance.now() - started) / 1_000;
  const sorted = Float64Array.from(times).toSorted();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    perSecond: times.length / elapsed,
    answers: times.length,
    failures,
    p50: at(0.5),
    p99: at(0.99),
    worst: at(1),
  };
};

process.once('message', (plan: LoadPlan) => {
  run(plan).then(
    (report) => process.send!(report, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
