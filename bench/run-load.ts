import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadReport } from './load.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Runs one load in a process of its own and gives its report. */
export const runLoad = (plan: LoadPlan): Promise<LoadReport> =>
  new Promise((resolve, reject) => {
    const child = fork(here('load.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let report: LoadReport | undefined;
    child.once('message', (message) => (report = message as LoadReport));
    child.once('exit', (code) =>
      report === undefined ? reject(new Error(`The load ended with ${code}.`)) : resolve(report),
    );
    child.send(plan);
  });

export type Yardstick = { readonly port: number; readonly stop: () => Promise<void> };

/** `node:http` alone. */
export const startBare = (): Promise<Yardstick> => startYardstick('bare-server.ts', []);

/** `node:http` and one synced commit for all requests of a turn; see `durable-server.ts`. */
export const startDurable = async (): Promise<Yardstick> => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-bench-'));
  const { port, stop } = await startYardstick('durable-server.ts', [folder]);
  return {
    port,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const startYardstick = async (file: string, args: readonly string[]): Promise<Yardstick> => {
  const child = fork(here(file), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { port: number }));
    child.once('exit', () => reject(new Error(`The yardstick ${file} did not start.`)));
  });
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.disconnect();
      }),
  };
};
