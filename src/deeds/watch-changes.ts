import { AsyncLocalStorage } from 'node:async_hooks';
import { hasCode } from '#kernel';

/** Whether a deed of the work under way changed something, or may have. Owned by `watchChanges`. */
type Watch = { changed: boolean };

const watch = new AsyncLocalStorage<Watch>();

export type Watched<T> = (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown }
) & {
  /** False when it is certain that nothing was changed, so that the same may be asked again. */
  readonly changed: boolean;
};

/**
 * Runs work that performs any number of deeds, and tells whether one of them changed something: an error of the last says
 * nothing about those before it. Other work that runs meanwhile is not counted.
 */
export const watchChanges = async <T>(work: () => Promise<T>): Promise<Watched<T>> => {
  const seen: Watch = { changed: false };
  try {
    const value = await watch.run(seen, work);
    return { ok: true, value, changed: seen.changed };
  } catch (error) {
    return { ok: false, error, changed: seen.changed };
  }
};

export const noteChange = (): void => {
  const seen = watch.getStore();
  if (seen !== undefined) seen.changed = true;
};

/** Errors of what follows a durable commit. */
const late = new WeakSet<Error>();

/** Runs what follows a durable commit: what it throws says nothing against the commit. */
export const afterCommit = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) late.add(error);
    throw error;
  }
};

/** Whether the commit that failed with this error may have happened. */
export const mayHaveHappened = (error: unknown): boolean =>
  !(error instanceof Error) ||
  late.has(error) ||
  hasCode(error, 'storage.unknown_outcome') ||
  hasCode(error, 'storage.fatal');
