import { setTimeout } from 'node:timers/promises';
import { ledgerError } from './errors.ts';
import { openCheckpoint } from './tree/checkpoint.ts';
import type { VerifierKey } from './tree/verifier-key.ts';

/** A place outside the database that remembers the newest checkpoint; the server gives a file on another path. */
export type AnchorPlace = {
  read(): Promise<string | undefined>;
  /** Replaces the content whole or not at all. */
  write(checkpoint: string): Promise<void>;
};

export type Anchor = {
  /** Remembers a checkpoint. Returns at once; only the newest of several is written. */
  keep(checkpoint: string): void;
  /** Resolves when what was kept is written. */
  idle(): Promise<void>;
  /** Why the last write failed, for status and metrics. */
  failure(): Error | undefined;
};

/** Milliseconds from one write to the next: thousands of commits a second need not be thousands of files. */
const PAUSE_MS = 20;

/** Writes follow the commits without holding them up: an anchor may lag behind the log, never run ahead of it. */
export const openAnchor = (place: AnchorPlace): Anchor => {
  let next: string | undefined;
  let running: Promise<void> | undefined;
  let failure: Error | undefined;
  let hurry = new AbortController();

  const run = async (): Promise<void> => {
    while (next !== undefined) {
      const checkpoint = next;
      next = undefined;
      try {
        await place.write(checkpoint);
        failure = undefined;
      } catch (error) {
        failure = error instanceof Error ? error : new Error('The anchor could not be written.');
      }
      await setTimeout(PAUSE_MS, undefined, { signal: hurry.signal, ref: false }).catch(() => undefined);
    }
    running = undefined;
  };

  return {
    keep(checkpoint) {
      next = checkpoint;
      running ??= run();
    },
    async idle() {
      hurry.abort();
      await running;
      hurry = new AbortController();
    },
    failure: () => failure,
  };
};

/**
 * Refuses a log that is behind its own anchor: an older copy of the database was put back.
 * Errors: `ledger.rolled_back`.
 *
 * @param size entries in the database
 * @param rootAt root of the database's tree at a size it has
 */
export const checkAnchor = async (
  anchored: string,
  key: VerifierKey,
  size: number,
  rootAt: (size: number) => Promise<Uint8Array>,
): Promise<void> => {
  const checkpoint = openCheckpoint(anchored, key);
  if (checkpoint.size > size)
    throw ledgerError(
      'rolled_back',
      `The anchor remembers ${checkpoint.size} entries; this ledger has ${size}: an older copy was put back.`,
      { anchored: checkpoint.size, found: size },
    );
  const root = await rootAt(checkpoint.size);
  if (Buffer.compare(root, checkpoint.root) !== 0)
    throw ledgerError(
      'rolled_back',
      `The anchor remembers another history of the first ${checkpoint.size} entries: this ledger was forked.`,
      { anchored: checkpoint.size, found: size },
    );
};
