import type { CredentialPath } from '#kernel';
import type { Deed } from '#deeds';
import { type PlaceFacts, placeFacts, requireCredential } from './place.ts';
import { type ConsumerRow, type CredentialRow, type StateChangeRow, consumersOf, stateChanges } from './tables.ts';
import { type UseSignal, useSignalsOf } from './use-signals.ts';

export type ShownCredential = {
  readonly credential: CredentialRow;
  readonly consumers: readonly ConsumerRow[];
  readonly states: readonly StateChangeRow[];
  /** Uses that have no entry, because they revealed nothing. */
  readonly uses: readonly UseSignal[];
};

/** Everything about a credential but its value. */
export const showCredential: Deed<{ readonly path: CredentialPath }, ShownCredential, PlaceFacts> = {
  name: 'show-credential',
  action: 'credential.show',
  effect: 'reveal',
  facts: (tx, { path }) => placeFacts(tx, path),
  async find(tx, { path }, facts) {
    const { credential } = await requireCredential(tx, path, facts);
    return {
      credential,
      consumers: await tx.all(consumersOf, { credential: credential.id }),
      states: await tx.all(stateChanges, { credential: credential.id }),
      uses: await useSignalsOf(tx, credential.id),
    };
  },
};
