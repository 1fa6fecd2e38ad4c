import type { Deed } from '#deeds';
import type { Random } from '#kernel';
import type { Sealing } from '#sealing';
import { changeState } from './change-state.ts';
import { configureCredential, reserveCredential } from './configure-credential.ts';
import { createEnvironment, createProject } from './create-project.ts';
import { declareConsumers } from './declare-consumers.ts';
import { describeCredential } from './describe-credential.ts';
import { confirmKit } from './installation.ts';
import { ENDINGS, type Ending } from './state.ts';

/** Every deed of this room that changes something. */
export const inventoryDeeds = (sealing: Sealing, random: Random): readonly Deed<unknown, unknown>[] => [
  ...ENDING_NAMES.map(changeState),
  configureCredential,
  confirmKit,
  createEnvironment(random),
  createProject(sealing, random),
  declareConsumers,
  describeCredential,
  reserveCredential,
];

/** Destroying takes values away too, and is a deed of `secrets`. */
const ENDING_NAMES = (Object.keys(ENDINGS) as Ending[]).filter((ending) => ending !== 'destroy');
