import type { Receipt, Secret } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import { type EnvironmentFacts, environmentFacts, requireEnvironment } from '#inventory';
import type { SecretsPorts } from './ports.ts';
import { untagged } from './tables.ts';

export type MatchKeyWish = { readonly project: string; readonly environment: string };

export type MatchKey = {
  readonly key: Secret;
  /** False while versions of before there were tags still wait for theirs: they are not recognised yet. */
  readonly isComplete: boolean;
  readonly receipt: Receipt;
};

/**
 * Gives the key under which a scan names what it finds, for one scan; recorded before it is released. Whoever has it can
 * name values and learns nothing by that: only the answers of `match-values.ts` tell, and they ask for the right again.
 */
export const obtainMatchKey = async (
  { deeds, engine, sealing }: SecretsPorts,
  caller: Caller,
  wish: MatchKeyWish,
): Promise<MatchKey> => {
  const { output, receipt } = await deeds.perform(handOutMatchKey, caller, wish);
  const key = await deeds.withKeys(() =>
    engine.read((tx) => sealing.openMatchKey(tx, receipt, output.environment, output.project)),
  );
  return { key, isComplete: output.isComplete, receipt };
};

type HandedOut = { readonly project: string; readonly environment: string; readonly isComplete: boolean };

const handOutMatchKey: Deed<MatchKeyWish, HandedOut, EnvironmentFacts> = {
  name: 'hand-out-match-key',
  action: 'credential.match',
  effect: 'reveal',
  facts: (tx, { project, environment }) => environmentFacts(tx, project, environment),
  async find(tx, wish) {
    const { project, environment } = await requireEnvironment(tx, wish.project, wish.environment);
    const [waits] = await tx.all(untagged, { count: 1 });
    return { project: project.id, environment: environment.id, isComplete: waits === undefined };
  },
  summary: () => ({ note: 'the match key' }),
};
