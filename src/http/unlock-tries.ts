import { httpError } from './errors.ts';
import { LOCAL } from './from.ts';
import type { House } from './house.ts';
import { openMinuteCounts } from './minute-counts.ts';

/** Tries per address and minute, and from the network in all; a wrong passphrase costs 64 MiB and a quarter second. */
const TRIES = { perAddress: 5, together: 20 } as const;
const EVERYBODY = '*';

export type UnlockTries = {
  /** Counts one try to unlock from `address`. Errors: `http.too_many`, with the seconds to wait. */
  count(address: string): void;
  /** Runs `unlock` unless somebody else's is running, for each takes 64 MiB. Errors: `http.too_many`, and those of `unlock`. */
  alone(unlock: () => Promise<void>): Promise<void>;
};

const opened = new WeakMap<House, UnlockTries>();

/** One for all faces of a house: who has used up his tries at one of them has none at the other. */
export const unlockTriesOf = (house: House): UnlockTries => {
  let tries = opened.get(house);
  if (tries === undefined) {
    tries = openUnlockTries(house);
    opened.set(house, tries);
  }
  return tries;
};

const openUnlockTries = ({ clock }: House): UnlockTries => {
  const tries = openMinuteCounts(clock);
  let unlocking = false;
  return {
    count(address) {
      // Whoever sits at the machine is not kept out by strangers who knock.
      const seconds = Math.max(
        tries.waitFor(address, TRIES.perAddress),
        address === LOCAL ? 0 : tries.waitFor(EVERYBODY, TRIES.together),
      );
      if (seconds > 0) throw httpError('too_many', 'Too many tries to unlock.', { seconds });
      tries.add(address);
      if (address !== LOCAL) tries.add(EVERYBODY);
    },
    async alone(unlock) {
      if (unlocking) throw httpError('too_many', 'Somebody is unlocking just now.', { seconds: 1 });
      unlocking = true;
      try {
        await unlock();
      } finally {
        unlocking = false;
      }
    },
  };
};
