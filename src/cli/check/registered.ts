import type { CallOf, Routes } from '#contract';
import type { Context } from '../context.ts';
import type { Place } from '../memory.ts';
import { allPages } from '../server-place.ts';
import type { Server } from '../session.ts';
import { variableName } from '../variables.ts';
import { sameName } from './use.ts';

export type Registered = Awaited<ReturnType<typeof oneOf>>;

/** Questions under way at once: a check is no reason to keep others waiting. */
const AT_ONCE = 8;

const oneOf = (server: Server, path: string) => server.call('credentials.show', { path });

/** Every credential of an environment that the caller may see, with what uses it. Values are not read. */
export const registeredIn = async (
  context: Context,
  server: Server,
  { project, environment }: Place,
): Promise<readonly Registered[]> => {
  const listed = await allPages((after) =>
    server.call('credentials.list', {
      query: { project, environment, limit: '500', ...(after === null ? {} : { after }) },
    }),
  );
  const progress = context.terminal.progress('credentials looked at');
  const all: Registered[] = [];
  for (let at = 0; at < listed.length; at += AT_ONCE) {
    context.signal.throwIfAborted();
    all.push(...(await Promise.all(listed.slice(at, at + AT_ONCE).map(({ path }) => oneOf(server, path)))));
    progress.at(all.length, listed.length);
  }
  progress.end();
  return all;
};

/** Whether people mean this credential by a name in code: as it was first written, or as `run` hands it out. */
export const isCalled = (
  { path, originalName }: { readonly path: string; readonly originalName: string | null },
  name: string,
): boolean =>
  originalName === name ||
  sameName(variableName({ name: path.split('/').slice(2).join('/'), originalName: null })) === sameName(name);

export type Consumers = CallOf<Routes['consumers.declare']>['body']['consumers'];
