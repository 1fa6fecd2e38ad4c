import type { Duration, Secret } from '#kernel';
import type { Deed } from '#deeds';
import { type Caller, type IdentityPorts, type MintedToken, createToken } from '#identity';
import { SYSTEM, type Sealing } from '#sealing';
import { deleteWrappedBefore, insertWrapped, wrappedBinding, wrappedResource } from './wrapped-answer.ts';

export type WrapAnswer = {
  readonly caller: Caller;
  /** The whole answer, as it will be given to whoever unwraps it. */
  readonly answer: Secret;
  readonly life: Duration;
  /** What was asked for. */
  readonly path: string;
};

export type WrappedAnswer = MintedToken & { readonly createdAt: number };

/**
 * Seals an answer and gives a token that opens it once. The token is a child of the caller's, lives no longer, can do
 * nothing else, and ends with it.
 */
export const wrapAnswer = (sealing: Sealing, identity: IdentityPorts): Deed<WrapAnswer, WrappedAnswer> => {
  const mint = createToken(identity);
  return {
    name: 'wrap-answer',
    action: 'secret.wrap',
    effect: 'change',
    facts: async (_tx, { caller }) => ({ resource: wrappedResource(caller) }),
    async apply(tx, { caller, answer, life, path }, facts, stamp) {
      if (mint.effect !== 'change') throw new TypeError('Making a token changes something.');
      await tx.run(deleteWrappedBefore, { now: stamp.now });
      const wish = { caller, kind: 'wrapping' as const, life, uses: 1, renewable: false, display: 'wrapped answer' };
      const token = await mint.apply(tx, wish, facts, stamp);
      const { accessor } = token;
      await tx.run(insertWrapped, {
        accessor,
        sealed: await sealing.sealBlob(tx, SYSTEM, answer, wrappedBinding(accessor, path)),
        created_at: stamp.now,
        expires_at: token.expiresAt ?? stamp.now + life.ms,
        path,
      });
      return { ...token, createdAt: stamp.now };
    },
    summary: (_input, { accessor }) => ({ note: `made ${accessor}` }),
  };
};
