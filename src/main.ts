import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDINGS, type Operations, type Started, handleSignals, main, nodeTerminal, quietOnClosedPipe } from '#cli';
import { systemClock, systemRandom } from '#kernel/node';
import type { Up } from '#server';

const root = join(import.meta.dirname, '..');

/** The server's rooms are loaded by those commands only that start one, or work on its folder. */
const operations = async (): Promise<Operations> => {
  const { demo, offlineOperations, up } = await import('#server');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    ...offlineOperations(process.env, version),
    example: join(root, 'examples', 'porch'),
    up: async (flags, environment, attendant) => startedOf(await up(flags, environment, version, attendant)),
    demo: async (flags, environment) => startedOf(await demo(flags, environment, version)),
  };
};

const startedOf = (started: Up): Started => ({
  ...started,
  isLocked: started.house.seal.state() !== 'unlocked',
  whyLocked:
    started.whyLocked === null ? null : { message: started.whyLocked.message, hint: started.whyLocked.hint ?? null },
});

quietOnClosedPipe(process);
// What nobody caught may quote what it was working on: only its kind is said.
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => {
    const kind = error instanceof Error ? ('code' in error ? String(error.code) : error.name) : typeof error;
    process.stderr.write(`chatelaine: something went wrong inside the program (${kind}).\n`);
    process.exit(ENDINGS.fault);
  });

process.exitCode = await main(process.argv.slice(2), {
  environment: process.env,
  directory: process.cwd(),
  clock: systemClock,
  random: systemRandom,
  signal: handleSignals(process),
  terminal: (options) => nodeTerminal(process, process.env, { ...options, monotonic: () => systemClock.monotonic() }),
  operations,
});
