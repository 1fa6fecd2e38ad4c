import { hasCode } from '#kernel';
import { deedsError } from './errors.ts';
import { mayHaveHappened } from './watch-changes.ts';

/** Most items in one commit: keeps the wait of the first below what its fsync costs anyway. */
const MOST_TOGETHER = 512;

export type QueueOptions<Item, Answer> = {
  /** Items that may wait; more are refused. */
  readonly most: number;
  /** Commits items together, answers in their order. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** True for an item that shares its commit with nobody. */
  readonly isAlone: (item: Item) => boolean;
};

export type Queue<Item, Answer> = {
  add(item: Item): Promise<Answer>;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
};

type Waiting<Item, Answer> = {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Group commit. What arrives while a commit runs, or in one turn of the event loop, shares the next one; a lone item
 * waits for nobody. A commit that fails as a whole is split and each item tried once more by itself, so that one
 * poisoned item cannot take its neighbours down.
 */
export const openQueue = <Item, Answer>({ most, commit, isAlone }: QueueOptions<Item, Answer>): Queue<Item, Answer> => {
  let waiting: Waiting<Item, Answer>[] = [];
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      // What has arrived meanwhile comes along: a turn of the event loop costs far less than a commit of its own.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = waiting.slice(0, countTogether());
      waiting = waiting.slice(batch.length);
      await settleBatch(batch);
    }
    running = undefined;
  };

  const countTogether = (): number => {
    const most = Math.min(waiting.length, MOST_TOGETHER);
    const alone = waiting.findIndex(({ item }, at) => at < most && isAlone(item));
    return alone === -1 ? most : Math.max(1, alone);
  };

  const settleBatch = async (batch: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await commit(batch.map(({ item }) => item));
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i]!);
    } catch (error) {
      if (batch.length > 1 && !isFinal(error)) for (const one of batch) await settleBatch([one]);
      else for (const { reject } of batch) reject(error);
    }
  };

  return {
    add(item) {
      if (waiting.length >= most)
        return Promise.reject(deedsError('overloaded', `${most} requests are waiting already.`));
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        running ??= run();
      });
    },
    async idle() {
      await running;
    },
  };
};

/** After these nothing may be tried again: what may have been committed would be done twice. */
const isFinal = (error: unknown): boolean => mayHaveHappened(error) || hasCode(error, 'storage.closed');
