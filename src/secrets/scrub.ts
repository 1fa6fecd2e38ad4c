import { ChatelaineError } from '#kernel';
import type { Engine } from '#storage';
import { secretsError } from './errors.ts';

/** Databases whose files may still hold bytes of what was destroyed. Lost with the process: each start begins owing. */
const owing = new WeakSet<Engine>();

/**
 * Removes the bytes of what was just destroyed from the database's files. What was destroyed is unreadable before this
 * and whether or not it succeeds: its key, or its envelope, is gone with the commit of the deed.
 * Errors: `secrets.not_scrubbed`, which says so; it is done again by `scrubOwed`.
 */
export const scrubDestroyed = async (engine: Engine, what: string): Promise<void> => {
  try {
    await engine.scrub();
  } catch (error) {
    if (!(error instanceof ChatelaineError) || error.code === 'storage.fatal') throw error;
    owing.add(engine);
    throw secretsError(
      'not_scrubbed',
      `${what} is destroyed and is given to nobody again; its sealed bytes are still in the database’s files: ${WHY[error.code] ?? error.message}`,
      { cause: error.code },
      error,
    );
  }
};

/** Does again what could not be done when something was destroyed. Gives whether anything was owed. */
export const scrubOwed = async (engine: Engine): Promise<boolean> => {
  if (!owing.has(engine)) return false;
  await engine.scrub();
  owing.delete(engine);
  return true;
};

/** For a start: the process before may have ended owing. On PostgreSQL the server's own vacuum sees to it. */
export const oweScrub = (engine: Engine): void => {
  if (engine.kind === 'sqlite') owing.add(engine);
};

/** The storage's own words are for changes that did not happen. */
const WHY: Readonly<Record<string, string>> = {
  'storage.full': 'the disk is full.',
  'storage.busy': 'a long read, such as a backup, still needs them.',
};
