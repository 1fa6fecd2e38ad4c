import type { Context } from './context.ts';
import { openMemory } from './memory.ts';
import type { GlobalValues } from './parse.ts';
import type { Server } from './session.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

export const openContext = (
  world: World,
  terminal: Terminal,
  globals: GlobalValues,
  help: Context['help'],
): Context => {
  let server: Promise<Server> | undefined;
  const context: Context = {
    terminal,
    environment: world.environment,
    directory: world.directory,
    clock: world.clock,
    random: world.random,
    json: globals.json,
    signal: world.signal,
    where: { server: globals.server, data: globals.data },
    memory: openMemory(world.environment),
    server: () => (server ??= import('./session.ts').then(({ openServer }) => openServer(context))),
    async release() {
      await server?.then(
        (open) => open.close(),
        () => undefined,
      );
      server = undefined;
    },
    operations: () => world.operations(),
    help,
    answer(value, show) {
      if (globals.json) terminal.print(JSON.stringify(value));
      else show();
    },
  };
  return context;
};
