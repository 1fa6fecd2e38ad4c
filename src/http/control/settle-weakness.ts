import { isKindId, weaknessOf } from '#catalogue';
import { type CredentialPath, type JsonObject, ChatelaineError } from '#kernel';
import type { Caller } from '#identity';
import { type FindingRule, type Observed, settleFindings, wouldChange } from '#findings';
import { type CredentialRow, placeFacts } from '#inventory';
import type { House } from '../house.ts';

/**
 * Brings what was said about a value's strength in line with the value that was just written: a weak one is a finding,
 * a strong one ends it. Done after the write and never instead of it: who may write but not judge still writes.
 * Nothing is said where another credential has the name by now.
 */
export const settleWeakness = async (
  { engine, deeds, random }: House,
  caller: Caller,
  { path, id, value }: { readonly path: CredentialPath; readonly id: string; readonly value: JsonObject },
): Promise<void> => {
  const credential = await engine.read(async (tx) => (await placeFacts(tx, path)).credential);
  const text = value['value'];
  if (credential?.id !== id || typeof text !== 'string') return;
  const weakness = weaknessOf(isKindId(credential.kind) ? credential.kind : 'password', text);
  const observed: Observed[] =
    weakness === null
      ? []
      : [
          {
            rule: weakness.code === 'default' ? 'default' : 'weak',
            place: path.name,
            credential: credential.id,
            summary: weakness.why,
          },
        ];
  await settle({ deeds, engine, random }, caller, path, ['default', 'weak', 'missing'], observed);
};

type Writers = Pick<House, 'deeds' | 'engine' | 'random'>;

/** What was said about a credential's value and its uselessness ends with it: it has been put right. */
export const settleEnding = (house: Writers, caller: Caller, path: CredentialPath): Promise<void> =>
  settle(house, caller, path, ['default', 'weak', 'orphan'], []);

/** A credential that has an owner and a purpose now is not said to have none until the next hourly look. */
export const settleDescription = (
  writers: Writers,
  caller: Caller,
  path: CredentialPath,
  { owner, purpose }: Pick<CredentialRow, 'owner' | 'purpose'>,
): Promise<void> =>
  settle(
    writers,
    caller,
    path,
    [
      ...(owner === null ? [] : (['ownerless', 'ownerless-gold'] as const)),
      ...(purpose === null ? [] : (['purposeless'] as const)),
    ],
    [],
  );

const settle = async (
  { deeds, engine, random }: Writers,
  caller: Caller,
  { project, environment, name }: CredentialPath,
  rules: readonly FindingRule[],
  observed: readonly Observed[],
): Promise<void> => {
  const input = { project, environment, rules, observed, closes: [name], excusedFor: null };
  if (!(await engine.read((tx) => wouldChange(tx, input)))) return;
  try {
    await deeds.perform(settleFindings(random), caller, input);
  } catch (error) {
    if (!(error instanceof ChatelaineError) || error.fault !== 'refused') throw error;
  }
};
