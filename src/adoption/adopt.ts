import { deriveTier, higherTier, isKindId, isSystemId } from '#catalogue';
import { ChatelaineError, CredentialPath, Duration, type Receipt, Secret, type Tier, stringifyJson } from '#kernel';
import type { Caller } from '#identity';
import {
  type FindingRule,
  type FindingsSettled,
  type Observed,
  type SettleFindings,
  settleFindings,
  wouldChange,
} from '#findings';
import { type Consumer, declareConsumers } from '#inventory';
import { readVersion, writeVersion } from '#secrets';
import { type FoundCompared, type Standing, compareFound } from './compare-found.ts';
import { adoptionError } from './errors.ts';
import type { AdoptionPorts } from './ports.ts';
import { type RenderingPlan, keepRenderings } from './renderings.ts';

/** What is shared, weak or a default is taken as it is found, with a finding that is excused for so long. */
export const GRACE = Duration.of(30, 'd');

/** A credential as a survey of files found it. */
export type Found = {
  readonly name: string;
  readonly original: string | null;
  readonly value: Secret;
  readonly kind: string;
  readonly system: string | null;
  readonly tier: Tier | null;
  readonly from: string | null;
  readonly consumers: readonly Consumer[];
  readonly weakness: { readonly code: string; readonly why: string } | null;
  readonly reused: readonly string[];
};

/** Something about names and places rather than values. */
export type Gap = { readonly name: string; readonly place: string; readonly why: string };

export type Adopt = {
  readonly project: string;
  readonly environment: string;
  readonly from: string;
  readonly dryRun: boolean;
  readonly credentials: readonly Found[];
  readonly renderings: readonly RenderingPlan[];
  /** With the last part of a survey: all of them. `plaintext` is null where nobody looked for it. */
  readonly gaps: {
    readonly missing: readonly Gap[];
    readonly orphans: readonly Gap[];
    readonly plaintext: readonly Gap[] | null;
  } | null;
};

export type AdoptedOne = {
  readonly name: string;
  readonly result: 'new' | 'same' | 'changed' | 'older' | 'refused';
  readonly version: number | null;
  readonly shared: boolean;
  /** Its id; null when it is refused, or would only be made. */
  readonly credential: string | null;
  readonly error: ChatelaineError | null;
};

export type Adopted = {
  readonly credentials: readonly AdoptedOne[];
  readonly renderings: readonly { readonly target: string; readonly result: 'new' | 'same' | 'changed' }[];
  readonly findings: FindingsSettled;
};

/**
 * Takes what a survey found: compares, writes what is new or changed, notes who uses it, keeps the templates, opens
 * findings. Never refuses a home for what is in it; what cannot be taken is told item by item.
 */
export const adopt = async (ports: AdoptionPorts, caller: Caller, input: Adopt): Promise<Adopted> => {
  const items = readNames(input);
  const good = items.flatMap(({ path, found }) => (path === null ? [] : [{ path, found }]));
  const { output: compared, receipt } = await ports.deeds.perform(compareFound(ports.sealing), caller, {
    project: input.project,
    environment: input.environment,
    found: good.map(({ path, found }) => ({ path, text: found.value, consumers: found.consumers })),
    missing: (input.gaps?.missing ?? []).flatMap(({ name }) => pathOf(input, name) ?? []),
  });
  const standings = new Map(good.map(({ found }, i) => [found, compared.standings[i]!]));
  const credentials = await Promise.all(
    items.map((item) =>
      item.path === null
        ? Promise.resolve(refused(item.found, item.error))
        : takeOne(ports, caller, input, item.path, item.found, standings.get(item.found)!),
    ),
  );
  const renderings = await takeRenderings(ports, caller, input, compared, receipt);
  const findings = input.dryRun ? { opened: 0, closed: 0 } : await settle(ports, caller, input, credentials, compared);
  return { credentials, renderings, findings };
};

type Item =
  | { readonly found: Found; readonly path: CredentialPath; readonly error: null }
  | { readonly found: Found; readonly path: null; readonly error: ChatelaineError };

const readNames = ({ project, environment, credentials }: Adopt): Item[] => {
  const seen = new Set<string>();
  return credentials.map((found): Item => {
    try {
      const path = CredentialPath.of(project, environment, found.name);
      if (seen.has(path.foldedName)) throw adoptionError('twice', `${found.name} is named twice.`);
      seen.add(path.foldedName);
      return { found, path, error: null };
    } catch (error) {
      if (error instanceof ChatelaineError) return { found, path: null, error };
      throw error;
    }
  });
};

const pathOf = ({ project, environment }: Adopt, name: string): CredentialPath | null => {
  try {
    return CredentialPath.of(project, environment, name);
  } catch {
    return null;
  }
};

const takeOne = async (
  ports: AdoptionPorts,
  caller: Caller,
  input: Adopt,
  path: CredentialPath,
  found: Found,
  standing: Standing,
): Promise<AdoptedOne> => {
  try {
    const likeness =
      standing.likeness === 'unknown' ? await readAndCompare(ports, caller, path, found) : standing.likeness;
    const result = RESULT[likeness];
    const isWritten = result === 'new' || result === 'changed';
    if (input.dryRun)
      return {
        name: found.name,
        result,
        version: standing.version,
        shared: standing.shared,
        credential: standing.credential,
        error: null,
      };
    const written = isWritten ? await write(ports, caller, input, path, found) : null;
    if (isWritten || !standing.consumersKnown)
      await ports.deeds.perform(declareConsumers, caller, { path, consumers: found.consumers, replace: 'file' });
    return {
      name: found.name,
      result,
      version: written?.metadata.version ?? standing.version,
      shared: written === null ? standing.shared : written.shared.length > 0,
      credential: written?.credential ?? standing.credential,
      error: null,
    };
  } catch (error) {
    // A mistake or a refusal belongs to this item; our own fault ends the whole.
    if (error instanceof ChatelaineError && error.fault !== 'ours') return refused(found, error);
    throw error;
  }
};

/** An older value in a file is a file that was not rendered since; the newer one in the store stays. */
const RESULT = { new: 'new', current: 'same', older: 'older', different: 'changed' } as const;

const refused = ({ name }: Found, error: ChatelaineError): AdoptedOne => ({
  name,
  result: 'refused',
  version: null,
  shared: false,
  credential: null,
  error,
});

/** A value too short for a fingerprint is read to be compared, which is entered as the read that it is. */
const readAndCompare = async (
  ports: AdoptionPorts,
  caller: Caller,
  path: CredentialPath,
  { value }: Found,
): Promise<'current' | 'different'> => {
  const { value: kept } = await readVersion(ports, caller, { path, version: 0 });
  const text = kept?.['value'];
  return typeof text === 'string' && Secret.fromText(text).equals(value) ? 'current' : 'different';
};

const write = (ports: AdoptionPorts, caller: Caller, { from }: Adopt, path: CredentialPath, found: Found) =>
  writeVersion(ports, caller, {
    path,
    value: Secret.fromText(stringifyJson({ value: found.value.revealText() })),
    leaves: 'all',
    asFound: true,
    provenance: { how: 'adopted', from: found.from ?? from, scopes: [] },
    description: { kind: found.kind, system: found.system, originalName: found.original, tier: raisedTier(found) },
  });

/** Who uses it may raise what its kind alone would say; it never lowers it. */
const raisedTier = ({ kind, system, tier }: Found): Tier | null => {
  if (tier === null || !isKindId(kind)) return null;
  const derived = deriveTier({ kind, system: system !== null && isSystemId(system) ? system : null });
  return higherTier(tier, derived) === derived ? null : tier;
};

const takeRenderings = async (
  { deeds, engine, sealing }: AdoptionPorts,
  caller: Caller,
  { project, environment, renderings, dryRun }: Adopt,
  { renderings: known }: FoundCompared,
  receipt: Receipt,
): Promise<Adopted['renderings']> => {
  const results: { target: string; result: 'new' | 'same' | 'changed' }[] = [];
  const plans: RenderingPlan[] = [];
  for (const plan of renderings) {
    const before = known.find(({ target }) => target === plan.target);
    const isSame =
      before !== undefined &&
      before.format === plan.format &&
      (await engine.read((tx) => sealing.openBlob(tx, receipt, before.blob))).equals(plan.plan);
    results.push({ target: plan.target, result: before === undefined ? 'new' : isSame ? 'same' : 'changed' });
    if (!isSame) plans.push(plan);
  }
  if (plans.length > 0 && !dryRun)
    await deeds.perform(keepRenderings(sealing), caller, { project, environment, plans });
  return results;
};

const settle = async (
  { deeds, engine, random }: AdoptionPorts,
  caller: Caller,
  { project, environment, credentials, gaps }: Adopt,
  taken: readonly AdoptedOne[],
  { kept }: FoundCompared,
): Promise<FindingsSettled> => {
  const total = { opened: 0, closed: 0 };
  const perform = async (part: Pick<SettleFindings, 'rules' | 'observed' | 'closes' | 'excusedFor'>): Promise<void> => {
    const input: SettleFindings = { project, environment, ...part };
    if (!(await engine.read((tx) => wouldChange(tx, input)))) return;
    const { output } = await deeds.perform(settleFindings(random), caller, input);
    total.opened += output.opened;
    total.closed += output.closed;
  };
  const held = credentials.filter((_, i) => taken[i]!.result !== 'refused' && taken[i]!.result !== 'older');
  await perform({
    rules: ['default', 'weak', 'reused', 'shared'],
    observed: held.flatMap((found) => weaknessesOf(found, taken[credentials.indexOf(found)]!)),
    closes: held.map(({ name }) => name),
    excusedFor: GRACE.ms,
  });
  if (gaps === null) return total;
  await perform({
    rules: gaps.plaintext === null ? ['missing', 'orphan'] : ['missing', 'orphan', 'plaintext'],
    observed: [
      ...gaps.missing
        .filter(({ name }) => !kept.includes(name))
        .map((gap) => ({ ...placeless(gap), rule: 'missing' as const, place: gap.name })),
      ...gaps.orphans.map((gap) => ({ ...placeless(gap), rule: 'orphan' as const, place: gap.name })),
      ...(gaps.plaintext ?? []).map((gap) => ({ ...placeless(gap), rule: 'plaintext' as const, place: gap.place })),
    ],
    closes: 'everywhere',
    excusedFor: null,
  });
  return total;
};

const placeless = ({ name, place, why }: Gap) => ({ credential: null, summary: `${name}, ${place}: ${why}` });

const weaknessesOf = (
  { name: place, weakness, reused }: Found,
  { shared, credential }: AdoptedOne,
): readonly Observed[] => {
  const observed: Observed[] = [];
  const say = (rule: FindingRule, summary: string) => observed.push({ rule, place, credential, summary });
  if (weakness !== null) say(weakness.code === 'default' ? 'default' : 'weak', weakness.why);
  if (reused.length > 0) say('reused', `also behind ${reused.join(', ')}`);
  if (shared) say('shared', 'its value is in use in another environment too');
  return observed;
};
