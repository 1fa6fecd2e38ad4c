import type { Deed } from '#deeds';
import type { Random } from '#kernel';
import type { Sealing } from '#sealing';
import { endOriginals, keepOriginal } from './originals.ts';
import { forgetRenderings, keepRenderings, markRendered } from './renderings.ts';

/** Every deed of this room that changes something. */
export const adoptionDeeds = (sealing: Sealing, random: Random): readonly Deed<unknown, unknown>[] => [
  endOriginals,
  forgetRenderings,
  keepOriginal(sealing, random),
  keepRenderings(sealing),
  markRendered(sealing),
];
