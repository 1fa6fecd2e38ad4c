import { type Secret, hasCode } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import { covers } from './address.ts';
import { openAuthenticator, whyNotInForce } from './authenticate.ts';
import { type Caller, type From, SYSTEM_IDENTITY } from './caller.ts';
import type { IdentityPorts } from './ports.ts';
import { findIdentity, findToken, identityRecord, tokenRecord } from './records.ts';
import { countUse, identityById, isTrueIdentity } from './tables.ts';

/**
 * Proves who asks. Every `prove…` and `authenticate` throws one uniform `identity.unauthenticated`, but for
 * `storage.row_untrue` where somebody changed the row of this very token or of its identity.
 */
export type Identity = {
  /** From a session's or an ordinary token to its caller. */
  authenticate(tx: ReadTx, token: Secret, from: From, now: number): Promise<Caller>;
  /** A caller who may only open a session with `redeemSignInCode`. */
  proveSignInCode(tx: ReadTx, code: Secret, from: From, now: number): Promise<Caller>;
  /** A caller who may only break the glass with `breakGlass`. */
  proveRecoveryKit(tx: ReadTx, kit: Secret, from: From, now: number): Promise<Caller>;
  /** A caller who may only unwrap what the token wraps. */
  proveWrappingToken(tx: ReadTx, token: Secret, from: From, now: number): Promise<Caller>;
  /** The same user of the operating system, whose `uid` the transport has proven. */
  proveOsUser(tx: ReadTx, uid: number, from: From): Promise<Caller>;

  /**
   * Why this caller is no longer valid, in a few words for the ledger; null when he is. Asked again inside the commit
   * when the revision moved, and before `consume`.
   */
  recheck(tx: ReadTx, caller: Caller, now: number): Promise<string | null>;
  /** Whom a recovery kit signs in, and whether it still does; undefined for a token that is none of ours. */
  kitHolder(tx: ReadTx, accessor: string): Promise<KitHolder | undefined>;
  /** Whether there is such an identity, active or not; a forged row is nobody. */
  knows(tx: ReadTx, identity: string): Promise<boolean>;
  /** Whether it is there, true and not suspended. */
  isActive(tx: ReadTx, identity: string): Promise<boolean>;
  /**
   * Counts one use of a use-limited token, in the commit of the deed; false when none was left. A use is a request:
   * what a request does further, such as wrapping its own answer, takes no other.
   */
  consume(tx: WriteTx, caller: Caller): Promise<boolean>;
  /** Told once a commit that counted is durable. */
  counted(caller: Caller): void;
  /** Forgets proofs remembered at another revision. Call it with the newest known revision before `authenticate`. */
  cache(revision: number): void;
};

export type KitHolder = { readonly id: string; readonly name: string; readonly signsIn: boolean };

export const openIdentity = ({ keys }: IdentityPorts): Identity => {
  const authenticator = openAuthenticator(keys);
  /** Owned by `counted`. Every request is proven anew, so a caller here is one request. */
  const requests = new WeakSet<Caller>();
  /** Owned by `consume`: requests that each commit under way has counted. */
  const counting = new WeakMap<WriteTx, Set<Caller>>();

  return {
    authenticate: (tx, token, from, now) => authenticator.byToken(tx, token, ['session', 'token'], from, now),
    proveSignInCode: (tx, code, from, now) => authenticator.byToken(tx, code, ['sign-in'], from, now),
    proveRecoveryKit: (tx, kit, from, now) => authenticator.byToken(tx, kit, ['recovery'], from, now),
    proveWrappingToken: (tx, token, from, now) => authenticator.byToken(tx, token, ['wrapping'], from, now),
    proveOsUser: (tx, uid, from) => authenticator.byOsUser(tx, uid, from),

    async recheck(tx, caller, now) {
      if (caller.identity === SYSTEM_IDENTITY) return caller.accessor === null ? null : 'not the system';
      try {
        const identity = identityRecord(await findIdentity(tx, keys, caller.identity));
        if (caller.accessor === null) return whyNoOsUser(identity);
        const token = tokenRecord(await findToken(tx, keys, caller.accessor));
        if (token.identity !== identity.id) return 'token of another';
        const uses = requests.has(caller) ? 0 : token.uses;
        const proven = { token: { ...token, uses }, identity, admits: covers(token.addresses) };
        return await whyNotInForce(tx, proven, caller.from.address, now);
      } catch (error) {
        if (hasCode(error, 'identity.absent')) return 'identity unknown';
        if (hasCode(error, 'identity.token_absent')) return 'token unknown';
        throw error;
      }
    },

    async kitHolder(tx, accessor) {
      try {
        const token = await findToken(tx, keys, accessor);
        const { id, name } = await findIdentity(tx, keys, token.identity);
        return { id, name, signsIn: token.revoked_at === null };
      } catch (error) {
        if (hasCode(error, 'identity.absent') || hasCode(error, 'identity.token_absent')) return undefined;
        throw error;
      }
    },
    async isActive(tx, id) {
      const row = await tx.one(identityById, { id });
      return row !== undefined && row.state === 'active' && isTrueIdentity(keys.rowMacs(), row);
    },
    async knows(tx, identity) {
      try {
        await findIdentity(tx, keys, identity);
        return true;
      } catch (error) {
        if (hasCode(error, 'identity.absent')) return false;
        throw error;
      }
    },

    async consume(tx, caller) {
      const { accessor, uses } = caller;
      if (accessor === null || uses === 0 || requests.has(caller)) return true;
      const here = counting.get(tx) ?? new Set();
      counting.set(tx, here);
      if (here.has(caller)) return true;
      const left = (await tx.run(countUse, { accessor, uses })) === 1;
      if (left) here.add(caller);
      return left;
    },
    counted(caller) {
      if (caller.uses > 0) requests.add(caller);
    },

    cache: (revision) => authenticator.remember(revision),
  };
};

const whyNoOsUser = ({ state, osUser }: { state: string; osUser: number | null }): string | null => {
  if (state !== 'active') return 'identity suspended';
  return osUser === null ? 'user of the operating system unlinked' : null;
};
