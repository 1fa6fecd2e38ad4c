import { deriveTier, higherTier, isKindId, isSystemId } from '#catalogue';
import { type ChatelaineError, type CredentialPath, Secret, type Tier, stringifyJson } from '#kernel';
import type { Caller } from '#identity';
import { declareConsumers } from '#inventory';
import { type ValueHome, readVersion, requireSame, secretsError, writeVersion } from '#secrets';
import { refusalIn } from './compare-all.ts';
import type { Standing } from './compare-found.ts';
import type { Adopt, AdoptedOne, Found } from './found.ts';
import type { AdoptPorts, AdoptionPorts } from './ports.ts';

/** How one thing is taken: as it stands, and whether its value may be in use elsewhere. */
export type Way = Standing & { readonly sharing: 'none' | 'seen' | 'unseen' };

/** Writes one thing where it is new or changed, and notes who uses it. What cannot be taken is told as its answer. */
export const takeOne = async (
  ports: AdoptPorts,
  caller: Caller,
  input: Adopt,
  path: CredentialPath,
  found: Found,
  way: Way,
): Promise<AdoptedOne> => {
  try {
    const likeness = way.likeness === 'unknown' ? await readAndCompare(ports, caller, path, found, way) : way.likeness;
    const result = RESULT[likeness];
    const isWritten = result === 'new' || result === 'changed';
    const taken = { name: found.name, result, shared: way.sharing === 'seen', error: null };
    if (input.dryRun) {
      if (isWritten && way.sharing === 'unseen') throw inUseElsewhere(path, way.elsewhere!);
      return { ...taken, version: way.version, credential: way.credential };
    }
    const written = isWritten ? await write(ports, caller, input, path, found, way) : null;
    if (isWritten || !way.consumersKnown)
      await ports.deeds.perform(declareConsumers, caller, { path, consumers: found.consumers, replace: 'file' });
    return {
      ...taken,
      version: written?.metadata.version ?? way.version,
      credential: written?.credential ?? way.credential,
    };
  } catch (error) {
    const told = await ports.guesses.answerFor(caller, error, way.sharing === 'unseen');
    return refused(found, refusalIn(told));
  }
};

const inUseElsewhere = (path: CredentialPath, home: ValueHome) =>
  secretsError('shared_across_environments', 'The value of "value" is in use in another environment.', {
    path: path.toString(),
    leaf: 'value',
    ...home,
  });

/** An older value in a file is a file that was not rendered since; the newer one in the store stays. */
const RESULT = { new: 'new', current: 'same', older: 'older', different: 'changed' } as const;

export const refused = ({ name }: Found, error: ChatelaineError): AdoptedOne => ({
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
  { credential: compared }: Way,
): Promise<'current' | 'different'> => {
  const { value: kept, credential } = await readVersion(ports, caller, { path, version: 0 });
  requireSame(path, compared, credential.id);
  const text = kept?.['value'];
  return typeof text === 'string' && Secret.fromText(text).equals(value) ? 'current' : 'different';
};

const write = (
  ports: AdoptPorts,
  caller: Caller,
  { from }: Adopt,
  path: CredentialPath,
  found: Found,
  { sharing, credential, version }: Way,
) =>
  writeVersion(ports, caller, {
    path,
    value: Secret.fromText(stringifyJson({ value: found.value.revealText() })),
    leaves: 'all',
    expects: { credential, number: version },
    asFound: sharing === 'seen',
    provenance: { how: 'adopted', from: found.from ?? from, scopes: [] },
    description: { kind: found.kind, system: found.system, originalName: found.original, tier: raisedTier(found) },
  });

/** Who uses it may raise what its kind alone would say; it never lowers it. */
const raisedTier = ({ kind, system, tier }: Found): Tier | null => {
  if (tier === null || !isKindId(kind)) return null;
  const derived = deriveTier({ kind, system: system !== null && isSystemId(system) ? system : null });
  return higherTier(tier, derived) === derived ? null : tier;
};
