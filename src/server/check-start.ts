import type { House } from '#http';
import type { Caller } from '#identity';
import {
  type AnchorPlace,
  type VerifierKey,
  acceptRollback,
  checkAnchor,
  openCheckpoint,
  readHeadRow,
  rootAt,
  tileSource,
  verifierKey,
} from '#ledger';
import type { Engine } from '#storage';
import { ChatelaineError } from '#kernel';

/** Against which key this installation's own checkpoints are checked. Throws `sealing.locked` while locked. */
export const ownKey = ({ sealing, installation }: Pick<House, 'sealing' | 'installation'>): VerifierKey => {
  const { origin } = installation();
  return verifierKey(origin, sealing.signer(origin).publicKey);
};

/**
 * Compares the ledger with what the anchor remembers; call it once the keys are there and before anything is written,
 * because the next commit overwrites the anchor. Errors: `ledger.rolled_back`.
 */
export const checkStart = async (engine: Engine, key: VerifierKey, anchor: AnchorPlace): Promise<void> => {
  const anchored = await anchor.read();
  if (anchored === undefined) return;
  await engine.snapshot(async (tx) => {
    const size = (await readHeadRow(tx))?.size ?? 0;
    await checkAnchor(anchored, key, size, (at) => rootAt(tileSource(tx), at));
  });
};

/**
 * Goes on from an older copy: records why, then makes the anchor forget what is lost. For a house that serves nobody
 * and whose `checkStart` refused.
 */
export const acceptRolledBack = async (
  house: House,
  caller: Caller,
  reason: string,
  anchor: AnchorPlace,
): Promise<void> => {
  const anchored = await rememberedSize(house, anchor);
  await house.deeds.perform(acceptRollback, caller, { reason, anchored });
  const head = house.deeds.head();
  if (head !== undefined) await anchor.write(head.checkpoint);
};

const rememberedSize = async (house: House, anchor: AnchorPlace): Promise<number | null> => {
  const anchored = await anchor.read();
  if (anchored === undefined) return null;
  try {
    return openCheckpoint(anchored, ownKey(house)).size;
  } catch (error) {
    // An anchor that cannot be read is accepted as well: it is why somebody asks for this.
    if (error instanceof ChatelaineError) return null;
    throw error;
  }
};
