import type { Action, CredentialPath } from '#kernel';
import type { Deed } from '#deeds';
import { changeCredential } from './codes.ts';
import { ENDINGS, type Ending, type State, checkTransition } from './state.ts';
import { type PlaceFacts, placeFacts, requireCredential } from './place.ts';
import { type CredentialRow, insertStateChange, stateChanges } from './tables.ts';
import type { WriteTx } from '#storage';

export type ChangeState = { readonly path: CredentialPath; readonly reason: string };

/**
 * Suspends, resumes, retires or marks as compromised. Destroying also takes the values away; see
 * `secrets/destroy-credential`.
 */
export const changeState = (ending: Exclude<Ending, 'destroy'>): Deed<ChangeState, CredentialRow, PlaceFacts> => ({
  name: `${ending}-credential`,
  action: `credential.${ending}` satisfies Action,
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, { path, reason }, facts, { now, by }) {
    const { credential } = await requireCredential(tx, path, facts);
    return moveState(tx, credential, ENDINGS[ending].to, reason, { now, by });
  },
  summary: () => ({ note: ending }),
});

/** Moves a credential to another state and keeps the change in its history. Errors: `inventory.illegal_transition`. */
export const moveState = async (
  tx: WriteTx,
  row: CredentialRow,
  to: State,
  reason: string,
  { now, by }: { readonly now: number; readonly by: string },
): Promise<CredentialRow> => {
  checkTransition(row.state as State, to);
  const next = await changeCredential(tx, { ...row, state: to, state_reason: reason, updated_at: now });
  await keepStateChange(tx, row.id, row.state, to, reason, { now, by });
  return next;
};

export const keepStateChange = async (
  tx: WriteTx,
  credential: string,
  was: string | null,
  isNow: State,
  reason: string | null,
  { now, by }: { readonly now: number; readonly by: string },
): Promise<void> => {
  const history = await tx.all(stateChanges, { credential });
  await tx.run(insertStateChange, { credential, n: history.length, at: now, by, was, is_now: isNow, reason });
};
