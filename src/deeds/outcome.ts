import { setTimeout } from 'node:timers/promises';
import { hasCode } from '#kernel';
import { type AppendResult, lockHead, wasAppended } from '#ledger';
import { type Writer, isRetryable } from '#storage';

/** Times the outcome is asked for while the server is away, and milliseconds between them: a restart takes seconds. */
const MOST_LOOKS = 40;
const LOOK_PAUSE_MS = 250;

/** A commit whose outcome was unknown turned out not to have happened: doing it again does it once. */
export class Undone extends Error {
  constructor(cause: unknown) {
    super('The commit did not happen.', { cause });
  }
}

/**
 * Finds out whether a commit happened whose answer was lost. Our entries carry fresh random commitments, so finding
 * one tells that this very commit went through; holding the head row tells that it cannot go through any more.
 * Throws `unknown` when nobody answers in time: then nobody knows.
 */
export const lookUpOutcome = async (writer: Writer, appended: AppendResult, unknown: unknown): Promise<boolean> => {
  for (let looks = 0; looks < MOST_LOOKS; looks++)
    try {
      return await writer.commit(async (tx) => {
        await lockHead(tx);
        return wasAppended(tx, appended);
      });
    } catch (error) {
      if (!isAway(error)) break;
      await setTimeout(LOOK_PAUSE_MS);
    }
  throw unknown;
};

const isAway = (error: unknown): boolean =>
  isRetryable(error) ||
  ['storage.unreachable', 'storage.busy', 'storage.unknown_outcome'].some((code) => hasCode(error, code));
