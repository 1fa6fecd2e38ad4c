import {
  type Checkpoint,
  type PublishedFiles,
  type VerifierKey,
  openCheckpoint,
  parseVerifierKey,
  proveConsistency,
  publishedTiles,
  verifyConsistency,
} from '#ledger';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import type { PinnedLedger } from './memory.ts';
import { publishedBy, publishedText } from './published-ledger.ts';
import type { ServerAddress } from './server-address.ts';

/**
 * Compares a server's record with what this machine remembers of it: the same key, and a checkpoint that continues the
 * remembered one (RFC 9162 section 2.1.4). Gives what to remember from now on; at first it believes what it is shown.
 * Errors: `cli.another_ledger`, `cli.ledger_broken`.
 */
export const pinLedger = async (address: ServerAddress, pinned: PinnedLedger | null): Promise<PinnedLedger> => {
  const files = publishedBy(address);
  const key = pinned?.key ?? (await publishedText(files, 'key'));
  const note = await files('checkpoint');
  if (key === undefined || note === undefined) throw cliError('ledger_broken', `${address.name} publishes no record.`);
  const verifier = parseVerifierKey(key);
  const newest = open(note, verifier, pinned);
  const remembered = pinned?.checkpoint ?? null;
  if (remembered !== null) await checkContinuation(files, openCheckpoint(remembered, verifier), newest);
  return { key, checkpoint: new TextDecoder().decode(note) };
};

const open = (note: Uint8Array, key: VerifierKey, pinned: PinnedLedger | null): Checkpoint => {
  try {
    return openCheckpoint(note, key);
  } catch (error) {
    throw pinned === null
      ? cliError('ledger_broken', 'The newest checkpoint is not signed by the key that the server names.', {}, error)
      : cliError('another_ledger', 'The record is not signed by the key that this machine pinned.', {}, error);
  }
};

const checkContinuation = async (files: PublishedFiles, before: Checkpoint, now: Checkpoint): Promise<void> => {
  if (now.size < before.size)
    throw cliError(
      'ledger_broken',
      `This machine was shown ${before.size} entries; now there are ${now.size}: an older copy was put back.`,
      { remembered: before.size, found: now.size },
    );
  const proof = await proveConsistency(publishedTiles(files, now.size), before.size, now.size).catch(
    (error: unknown) => {
      throw cliError(
        'ledger_broken',
        'The record lacks what would show that it continues what this machine was shown.',
        {},
        error,
      );
    },
  );
  if (!verifyConsistency({ oldSize: before.size, oldRoot: before.root, newSize: now.size, newRoot: now.root, proof }))
    throw cliError(
      'ledger_broken',
      `The first ${before.size} entries are not those that this machine was shown: the record was rewritten.`,
      { remembered: before.size },
    );
};

/** Checks the server's record against what is remembered, and remembers the newest. The first step of every audit command. */
export const checkPinned = async (context: Pick<Context, 'memory'>, address: ServerAddress): Promise<PinnedLedger> => {
  const remembered = context.memory.read().ledgers[address.name] ?? null;
  const pinned = await pinLedger(address, remembered);
  if (remembered?.checkpoint !== pinned.checkpoint)
    context.memory.update((now) => ({ ...now, ledgers: { ...now.ledgers, [address.name]: pinned } }));
  return pinned;
};
