import { higherTier } from '#catalogue';
import { type CredentialPath, type Facts, type Secret, type Tier, stringifyJson } from '#kernel';
import type { Deed } from '#deeds';
import { type Consumer, consumersOf, environmentFacts, placeFacts, requireEnvironment } from '#inventory';
import type { SealedBlob, Sealing } from '#sealing';
import { type Likeness, type ValueHome, compareText, homeElsewhere } from '#secrets';
import type { ReadTx } from '#storage';
import { renderingBlob } from './renderings.ts';
import { renderingsOf } from './tables.ts';

export type CompareFound = {
  readonly project: string;
  readonly environment: string;
  readonly found: readonly {
    readonly path: CredentialPath;
    readonly text: Secret;
    readonly consumers: readonly Consumer[];
  }[];
  /** Names without a value in the files. */
  readonly missing: readonly CredentialPath[];
  /** The only thing found is decided as the credential that it is, not as one of its environment. */
  readonly isAlone?: boolean;
};

/** How what was found stands to what is kept. */
export type Standing = {
  readonly likeness: Likeness | 'new';
  /** Id of the credential, if there is one. */
  readonly credential: string | null;
  readonly version: number;
  readonly consumersKnown: boolean;
  /** Where else the value that was found is in use; the caller may not be one who may know. */
  readonly elsewhere: ValueHome | null;
};

export type FoundCompared = {
  /** In the order of `found`. */
  readonly standings: readonly Standing[];
  /** Of the missing names, those that the store has a value for. */
  readonly kept: readonly string[];
  readonly renderings: readonly { readonly target: string; readonly format: string; readonly blob: SealedBlob }[];
};

/**
 * Tells, without opening a value, which of the things found in files are new, the same, changed, or older than what is
 * kept. Whoever may adopt into an environment may know that; of gold, only who may change gold: an answer to a guess
 * reveals as a read does.
 */
export const compareFound = (sealing: Sealing): Deed<CompareFound, FoundCompared> => ({
  name: 'compare-found',
  action: 'credential.adopt',
  effect: 'reveal',
  facts: factsOf,
  async find(tx, { project, environment, found, missing }) {
    const place = await requireEnvironment(tx, project, environment);
    const standings: Standing[] = [];
    for (const { path, text, consumers } of found) {
      const { credential } = await placeFacts(tx, path);
      const elsewhere = await homeElsewhere(tx, sealing, { project, environment }, text.revealText());
      standings.push(
        credential === undefined
          ? { likeness: 'new', credential: null, version: 0, consumersKnown: false, elsewhere }
          : {
              likeness: await compareText(tx, sealing, credential, text.revealText()),
              credential: credential.id,
              version: credential.current_number,
              consumersKnown: await areKnown(tx, credential.id, consumers),
              elsewhere,
            },
      );
    }
    const kept: string[] = [];
    for (const path of missing)
      if (((await placeFacts(tx, path)).credential?.current_number ?? 0) > 0) kept.push(path.name);
    const rows = await tx.all(renderingsOf, { project: place.project.id, environment: place.environment.id });
    const renderings = rows.map((row) => ({ target: row.target, format: row.format, blob: renderingBlob(row) }));
    return { standings, kept, renderings };
  },
  summary: ({ found }) => ({ note: `compared ${found.length}` }),
});

/** The tier is the highest of what is compared with. */
const factsOf = async (tx: ReadTx, { project, environment, found, isAlone }: CompareFound): Promise<Facts> => {
  const [first] = found;
  if (isAlone === true && first !== undefined) return placeFacts(tx, first.path);
  const facts = await environmentFacts(tx, project, environment);
  let tier: Tier | null = null;
  for (const { path } of found) {
    const { credential, resource } = await placeFacts(tx, path);
    if (credential === undefined || resource.tier === null) continue;
    tier = tier === null ? resource.tier : higherTier(tier, resource.tier);
  }
  return { ...facts, resource: { ...facts.resource, tier } };
};

const areKnown = async (tx: ReadTx, credential: string, consumers: readonly Consumer[]): Promise<boolean> => {
  const known = (await tx.all(consumersOf, { credential })).filter(({ kind }) => kind === 'file');
  const texts = new Set(known.map(({ place, detail }) => `${place} ${detail}`));
  const given = new Set(consumers.map(({ place, detail }) => `${place} ${stringifyJson(detail)}`));
  return texts.size === given.size && [...given].every((text) => texts.has(text));
};
