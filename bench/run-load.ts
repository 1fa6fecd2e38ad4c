import { fork } from 'node:child_process';
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

/** Starts the yardstick; `stop` ends it. */
export const startBare = async (): Promise<{ port: number; stop(): void }> => {
  const child = fork(here('bare-server.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { port: number }));
    child.once('exit', () => reject(new Error('The yardstick did not start.')));
  });
  return { port, stop: () => child.disconnect() };
};
