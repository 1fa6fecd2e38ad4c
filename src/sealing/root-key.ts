import { type JsonObject, type Random, Secret, hasCode, isJsonObject, parseJson, stringifyJson } from '#kernel';
import type { ReadTx } from '#storage';
import { openEnvelope, sealEnvelope } from './envelope.ts';
import { sealingError } from './errors.ts';
import type { SealProvider } from './providers/provider.ts';
import { RECOVERY_KEY } from './providers/recovery-key.ts';
import { type RootKeyRow, rootKeyCopy, rootKeys } from './tables.ts';

/** The root key of an unlocked installation. It exists in memory only; at rest it is wrapped by a provider. */
export type RootKey = { readonly term: number; readonly key: Secret };

/** A root key with the row that will keep it. Made before the commit, because providers may be slow. */
export type PreparedRoot = { readonly root: RootKey; readonly row: Omit<RootKeyRow, 'created_at'> };

/** A fresh root key under the provider. */
export const prepareRoot = async (provider: SealProvider, term: number, random: Random): Promise<PreparedRoot> =>
  wrapRoot(provider, { term, key: Secret.fromBytes(random.bytes(32)) }, random);

/** The same root key under another provider, or under fresh parameters of this one. */
export const wrapRoot = async (provider: SealProvider, root: RootKey, random: Random): Promise<PreparedRoot> => {
  const { parameters, key } = await provider.create(random);
  const wrapped = sealEnvelope(key, root.key.reveal(), binding(root.term, provider.id), random);
  return { root, row: { term: root.term, provider: provider.id, parameters: stringifyJson(parameters), wrapped } };
};

/** Errors: `sealing.not_initialised`, `sealing.wrong_key`, and the provider's own. */
export const obtainRoot = async (row: RootKeyRow, provider: SealProvider): Promise<RootKey> => {
  if (row.provider !== provider.id)
    throw sealingError('wrong_key', `This folder is unlocked by a ${row.provider}, not by a ${provider.id}.`, {
      provider: row.provider,
    });
  const key = await provider.obtain(readParameters(row.parameters));
  try {
    return { term: row.term, key: openEnvelope(key, row.wrapped, binding(row.term, row.provider), 'the root key') };
  } catch (error) {
    // The commitment tells a wrong key from nothing: whoever mistyped must not be told the disk is damaged.
    if (hasCode(error, 'sealing.damaged'))
      throw sealingError('wrong_key', `The ${row.provider} does not open this data folder.`, {
        provider: row.provider,
      });
    throw error;
  }
};

/** The row in force, or undefined before the first start. */
export const currentRootRow = async (tx: ReadTx): Promise<RootKeyRow | undefined> => (await tx.all(rootKeys, {}))[0];

/**
 * The row that this provider opens: the one in force, or the recovery kit's copy of it.
 * Errors: `sealing.not_initialised`, `sealing.no_kit`, `sealing.damaged` when the copy is of another root key.
 */
export const rowFor = async (tx: ReadTx, provider: string): Promise<RootKeyRow> => {
  const current = await currentRootRow(tx);
  if (current === undefined) throw sealingError('not_initialised', 'There is no data folder yet.');
  if (provider !== RECOVERY_KEY) return current;
  const copy = await tx.one(rootKeyCopy, { provider });
  if (copy === undefined) throw sealingError('no_kit', 'No recovery kit was ever made here.');
  if (copy.term !== current.term)
    throw sealingError('damaged', 'The copy for the recovery kit is not of the root key in force.', {
      what: 'root key copy',
    });
  return copy;
};

const binding = (term: number, provider: string) => ['root', term, provider];

const readParameters = (text: string): JsonObject => {
  const parameters = parseJson(text);
  if (!isJsonObject(parameters))
    throw sealingError('damaged', 'The parameters of the root key were changed.', { what: 'root key' });
  return parameters;
};
