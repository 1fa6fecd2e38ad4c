import { type CredentialPath, type JsonObject, stringifyJson } from '#kernel';
import type { Deed } from '#deeds';
import { type PlaceFacts, placeFacts, requireCredential } from './place.ts';
import { deleteConsumers, putConsumer } from './tables.ts';

/** Whatever uses a credential: a file's reference, an agent, a service, a device. */
export type Consumer = {
  readonly kind: 'file' | 'agent' | 'service' | 'device';
  /** For a file: its path in the project's folder and the line, `config/packages/mqtt.yaml:12`. */
  readonly place: string;
  readonly detail: JsonObject;
};

export type DeclareConsumers = {
  readonly path: CredentialPath;
  readonly consumers: readonly Consumer[];
  /** Forgets the consumers of this kind first: what a survey of files no longer found is gone. */
  readonly replace: Consumer['kind'] | null;
};

export const declareConsumers: Deed<DeclareConsumers, { readonly count: number }, PlaceFacts> = {
  name: 'declare-consumers',
  action: 'credential.mark',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, { path, consumers, replace }, facts, { now }) {
    const { credential } = await requireCredential(tx, path, facts);
    if (replace !== null) await tx.run(deleteConsumers, { credential: credential.id, kind: replace });
    for (const { kind, place, detail } of consumers)
      await tx.run(putConsumer, {
        credential: credential.id,
        kind,
        place,
        detail: stringifyJson(detail),
        created_at: now,
      });
    return { count: consumers.length };
  },
};
