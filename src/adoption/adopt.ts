import { ChatelaineError, CredentialPath } from '#kernel';
import type { Caller } from '#identity';
import { type AllCompared, compareAll, refusalIn } from './compare-all.ts';
import type { Standing } from './compare-found.ts';
import { adoptionError } from './errors.ts';
import type { Adopt, Adopted, Found } from './found.ts';
import { noteFindings } from './note-findings.ts';
import type { AdoptPorts, AdoptionPorts } from './ports.ts';
import { type RenderingPlan, keepRenderings } from './renderings.ts';
import { type Way, refused, takeOne } from './take-found.ts';

/**
 * Takes what a survey found: compares, writes what is new or changed, notes who uses it, keeps the templates, opens
 * findings. Never refuses a home for what is in it, as far as the caller may see: a value that is in use where he may
 * not look is refused as any other write of it would be. What cannot be taken is told item by item.
 */
export const adopt = async (ports: AdoptPorts, caller: Caller, input: Adopt): Promise<Adopted> => {
  const items = readNames(input);
  const good = items.flatMap(({ path, found }) => (path === null ? [] : [{ path, found }]));
  const compared = await compareAll(ports, caller, {
    project: input.project,
    environment: input.environment,
    found: good.map(({ path, found }) => ({ path, text: found.value, consumers: found.consumers })),
    missing: (input.gaps?.missing ?? []).flatMap(({ name }) => pathOf(input, name) ?? []),
  });
  const ways = await waysFor(
    ports,
    caller,
    good.map(({ found }, i) => [found, compared.standings[i]!]),
  );
  const credentials = await Promise.all(
    items.map(async (item) => {
      if (item.path === null) return refused(item.found, item.error);
      const way = ways.get(item.found)!;
      return way instanceof ChatelaineError
        ? refused(item.found, way)
        : takeOne(ports, caller, input, item.path, item.found, way);
    }),
  );
  const renderings = await takeRenderings(ports, caller, input, compared);
  const hidden = credentials.filter((_, i) => isUnseen(ways.get(items[i]!.found))).map(({ name }) => name);
  const findings = input.dryRun
    ? { opened: 0, closed: 0 }
    : await noteFindings(ports, caller, input, credentials, compared.kept, hidden);
  return { credentials, renderings, findings };
};

const isUnseen = (way: Way | ChatelaineError | undefined): boolean =>
  way !== undefined && !(way instanceof ChatelaineError) && way.sharing === 'unseen';

/**
 * Decides in order, before anything is written. Once a caller has met too many values of places he may not see, nothing
 * more is written for him: refusing only what is in use elsewhere would go on answering.
 */
const waysFor = async (
  { guesses }: AdoptPorts,
  caller: Caller,
  compared: readonly (readonly [Found, Standing | ChatelaineError])[],
): Promise<ReadonlyMap<Found, Way | ChatelaineError>> => {
  const ways = new Map<Found, Way | ChatelaineError>();
  let stopped: ChatelaineError | undefined;
  for (const [found, standing] of compared) {
    if (standing instanceof ChatelaineError) {
      ways.set(found, standing);
      continue;
    }
    const { elsewhere, likeness } = standing;
    const sharing = elsewhere === null ? 'none' : (await guesses.sees(caller, elsewhere)) ? 'seen' : 'unseen';
    const isWritten = likeness === 'new' || likeness === 'different';
    if (isWritten && sharing === 'unseen' && stopped === undefined)
      try {
        guesses.unseen(caller);
      } catch (error) {
        stopped = refusalIn(error);
      }
    ways.set(found, isWritten && stopped !== undefined ? stopped : { ...standing, sharing });
  }
  return ways;
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

const takeRenderings = async (
  { deeds, engine, sealing }: AdoptionPorts,
  caller: Caller,
  { project, environment, renderings, dryRun }: Adopt,
  { renderings: known, receipt }: AllCompared,
): Promise<Adopted['renderings']> => {
  const results: { target: string; result: 'new' | 'same' | 'changed' }[] = [];
  const plans: RenderingPlan[] = [];
  for (const plan of renderings) {
    const before = known.find(({ target }) => target === plan.target);
    const isSame =
      before !== undefined &&
      before.format === plan.format &&
      (await deeds.withKeys(() => engine.read((tx) => sealing.openBlob(tx, receipt, before.blob)))).equals(plan.plan);
    results.push({ target: plan.target, result: before === undefined ? 'new' : isSame ? 'same' : 'changed' });
    if (!isSame) plans.push(plan);
  }
  if (plans.length > 0 && !dryRun)
    await deeds.perform(keepRenderings(sealing), caller, { project, environment, plans });
  return results;
};
