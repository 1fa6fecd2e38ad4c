import type { ReadTx } from './engine.ts';

/**
 * Gives what `work` found for this key, from memory where nothing it can have read was changed since: at once then.
 * What `work` throws is not kept.
 */
export type Memo<T> = (tx: ReadTx, key: string, work: () => Promise<T>) => T | Promise<T>;

/**
 * Remembers what was worked out from committed rows, until the next commit that changes any; see `ReadTx.state`. The key
 * names everything else that `work` goes by: no clock, no caller, no row read at an earlier moment.
 *
 * @param most answers kept; the oldest goes first
 */
export const openMemo = <T>(most: number): Memo<T> => {
  let state: object | undefined;
  let answers = new Map<string, T>();
  return (tx, key, work) => {
    const now = tx.state;
    if (now === undefined) return work();
    if (now !== state) {
      state = now;
      answers = new Map();
    }
    const known = answers.get(key);
    if (known !== undefined) return known;
    // What is still being read when the state moves lands in a map that nobody asks any more.
    const into = answers;
    return work().then((answer) => {
      if (into.size >= most) into.delete(into.keys().next().value!);
      into.set(key, answer);
      return answer;
    });
  };
};
