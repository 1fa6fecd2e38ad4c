import { type Secret, hasCode } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import { SYSTEM } from '#sealing';
import type { ReadTx } from '#storage';
import type { SecretsPorts } from './ports.ts';
import {
  type WrappedAnswerRow,
  deleteWrapped,
  notWrapped,
  wrappedBinding,
  wrappedByAccessor,
  wrappedResource,
} from './wrapped-answer.ts';

/**
 * Opens a wrapped answer, once: the token's one use, the removal of the answer and the entry are one commit.
 * Errors: `secrets.not_wrapped`.
 *
 * @param caller proven by the wrapping token itself (`proveWrappingToken`)
 */
export const unwrapAnswer = async (ports: SecretsPorts, caller: Caller): Promise<Secret> => {
  const { output: row, receipt } = await ports.deeds
    .perform(takeWrapped, caller, { caller })
    .catch((error: unknown) => {
      // Somebody else was faster by a moment.
      throw hasCode(error, 'deeds.denied') ? notWrapped() : error;
    });
  return ports.deeds.withKeys(() =>
    ports.engine.read((tx) =>
      ports.sealing.openBlob(tx, receipt, {
        resource: row.accessor,
        scope: SYSTEM,
        bytes: row.sealed,
        binding: wrappedBinding(row.accessor, row.path),
        what: `the wrapped answer ${row.accessor}`,
      }),
    ),
  );
};

/** What a wrapped answer is about, for whoever holds its token; uses nothing up. Errors: `secrets.not_wrapped`. */
export const lookUpWrapped = async (tx: ReadTx, { accessor }: Caller): Promise<Omit<WrappedAnswerRow, 'sealed'>> => {
  const row = accessor === null ? undefined : await tx.one(wrappedByAccessor, { accessor });
  if (row === undefined) throw notWrapped();
  const { sealed: _, ...rest } = row;
  return rest;
};

export const takeWrapped: Deed<{ readonly caller: Caller }, WrappedAnswerRow> = {
  name: 'unwrap-answer',
  action: 'secret.unwrap',
  effect: 'change',
  facts: async (_tx, { caller }) => ({ resource: wrappedResource(caller) }),
  async apply(tx, { caller: { accessor } }, _facts, { now }) {
    const row = accessor === null ? undefined : await tx.one(wrappedByAccessor, { accessor });
    if (row === undefined || row.expires_at <= now) throw notWrapped();
    await tx.run(deleteWrapped, { accessor: row.accessor });
    return row;
  },
};
