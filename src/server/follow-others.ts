import type { Logger } from 'pino';
import type { Composed } from './compose.ts';

/** How long an idle process may hold keys after another one locked all; a commit never waits for this. */
const EVERY_MS = 2_000;

/**
 * Looks what other processes of this installation changed, also while nobody asks anything of this one: drops the keys
 * after a lock, takes them up again when it was ended. Undefined where no other process can be.
 */
export const followOthers = (house: Composed, log: Logger): NodeJS.Timeout | undefined => {
  if (house.engine.kind !== 'postgres') return undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      if (house.seal.state() === 'unlocked') await house.deeds.catchUp();
      else await house.seal.rejoin();
    } catch (error) {
      log.warn({ err: error }, 'looking at what other processes did');
    } finally {
      isLooking = false;
    }
  };
  return setInterval(() => void look(), EVERY_MS).unref();
};
