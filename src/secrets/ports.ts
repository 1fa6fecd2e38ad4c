import type { Clock, Random } from '#kernel';
import type { Deeds } from '#deeds';
import type { UseSignals } from '#inventory';
import type { Sealing } from '#sealing';
import type { Engine } from '#storage';

/** What the use cases of this room need. */
export type SecretsPorts = {
  readonly deeds: Deeds;
  readonly sealing: Sealing;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  readonly uses: UseSignals;
};
