import { isKindId, weaknessOf } from '#catalogue';
import { type CredentialPath, type JsonObject, ChatelaineError } from '#kernel';
import type { Caller } from '#identity';
import { type Observed, settleFindings, wouldChange } from '#findings';
import { placeFacts } from '#inventory';
import type { House } from '../house.ts';

/**
 * Brings what was said about a value's strength in line with the value that was just written: a weak one is a finding,
 * a strong one ends it. Done after the write and never instead of it: who may write but not judge still writes.
 */
export const settleWeakness = async (
  { engine, deeds, random }: House,
  caller: Caller,
  path: CredentialPath,
  value: JsonObject,
): Promise<void> => {
  const credential = await engine.read(async (tx) => (await placeFacts(tx, path)).credential);
  const text = value['value'];
  if (credential === undefined || typeof text !== 'string') return;
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
  const input = {
    project: path.project,
    environment: path.environment,
    rules: ['default', 'weak', 'missing'] as const,
    observed,
    closes: [path.name],
    excusedFor: null,
  };
  if (!(await engine.read((tx) => wouldChange(tx, input)))) return;
  try {
    await deeds.perform(settleFindings(random), caller, input);
  } catch (error) {
    if (!(error instanceof ChatelaineError) || error.fault !== 'refused') throw error;
  }
};
