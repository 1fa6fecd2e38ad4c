/** Runs works strictly one after another, in the order they were asked for. */
export type Turns = {
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when everything asked for so far has run. */
  idle(): Promise<void>;
};

export const takeTurns = (): Turns => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
    idle: async () => {
      await last;
    },
  };
};
