import { realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { hasCode } from '#kernel';
import type { Context } from '../context.ts';
import { type Place, rememberedFolder } from '../memory.ts';
import type { Server } from '../session.ts';
import type { Kept } from './ask-store.ts';
import type { ScanWish } from './choose-source.ts';

/** Whether a value lies in this file because it has to. */
export type Belongs = (path: string, kept: Kept) => boolean;

/**
 * In the folder of an adopted home a value belongs into the files that are rendered from the store and into those that
 * are known to use it: adoption says which of them hold it in clear without need. Everywhere else it is a leak.
 */
export const filesWhereValuesBelong = async (
  context: Context,
  server: Server,
  wish: ScanWish,
  places: readonly Place[],
): Promise<Belongs> => {
  const known = isTree(wish) ? rememberedFolder(context.memory, context.directory) : undefined;
  if (known === undefined || !places.some((place) => isSame(place, known.place))) return () => false;
  const targets = await renderedFiles(server, known.place);
  const here = realpathSync(context.directory);
  const home = realpathSync(known.folder);
  return (path, { place, item }) => {
    if (!isSame(place, known.place)) return false;
    const file = relative(home, resolve(here, path));
    return targets.has(file) || item.consumers.first.some((one) => one.kind === 'file' && one.place === file);
  };
};

const isTree = ({ git, staged, pushed, stdin, archive, image, url, github }: ScanWish): boolean =>
  !git && !staged && !stdin && [pushed, archive, image, url, github].every((way) => way === undefined);

const isSame = (a: Place, b: Place): boolean => a.project === b.project && a.environment === b.environment;

const renderedFiles = async (server: Server, params: Place): Promise<ReadonlySet<string>> => {
  try {
    return new Set((await server.call('renderings.list', { params })).items.map(({ target }) => target));
  } catch (error) {
    // Whoever may scan may not always see what is rendered: then more is told than has to be.
    if (hasCode(error, 'deeds.denied') || hasCode(error, 'control.foreign')) return new Set();
    throw error;
  }
};
