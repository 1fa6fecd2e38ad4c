import { type GitObject, readObjects } from './read-objects.ts';
import type { Git } from './run-git.ts';

/**
 * Objects through several `git cat-file` at once, each with a share of the ids, in no order: unpacking takes git longer
 * than looking through what comes. A large object is to be read before the next one is asked for.
 */
export const readInParallel = async function* <Item extends { readonly id: string }>(
  git: Git,
  asked: AsyncIterable<readonly Item[]>,
  signal: AbortSignal,
  processes: number,
): AsyncGenerator<GitObject<Item>> {
  const source = asked[Symbol.asyncIterator]();
  const share = async function* (): AsyncGenerator<readonly Item[]> {
    for (let batch = await source.next(); batch.done !== true; batch = await source.next()) yield batch.value;
  };
  const readers = Array.from({ length: processes }, () => readObjects(git, share(), signal));
  const step = async (reader: (typeof readers)[number]) => ({ reader, result: await reader.next() });
  const steps = new Map(readers.map((reader) => [reader, step(reader)]));
  try {
    while (steps.size > 0) {
      const { reader, result } = await Promise.race(steps.values());
      if (result.done === true) steps.delete(reader);
      else {
        yield result.value;
        steps.set(reader, step(reader));
      }
    }
  } finally {
    await Promise.allSettled(readers.map((reader) => reader.return(undefined)));
    await source.return?.();
  }
};
