import type { Caller } from './caller.ts';
import { unauthenticated } from './errors.ts';
import type { MintedToken } from './mint-token.ts';
import { openSession } from './open-session.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { checkCaller, findIdentity, findToken, identityFacts } from './records.ts';
import { sealToken, updateToken } from './tables.ts';

/** The caller that `proveSignInCode` gave. */
export type RedeemSignInCode = { readonly caller: Caller };

/** A session for the code; the code ends in the same commit, so of two who send it one is refused. */
export const redeemSignInCode = (ports: IdentityPorts): Deed<RedeemSignInCode, MintedToken> => ({
  name: 'identity/redeem-sign-in-code',
  action: 'session.open',
  effect: 'change',
  async facts(tx, { caller }) {
    return identityFacts(await findIdentity(tx, ports.keys, caller.identity));
  },
  async apply(tx, { caller }, _facts, { now, by }) {
    checkCaller(caller, by);
    const code = await findToken(tx, ports.keys, caller.accessor);
    const usable = code.kind === 'sign-in' && code.revoked_at === null && (code.expires_at ?? 0) > now;
    if (!usable || code.identity !== caller.identity) throw unauthenticated();
    await tx.run(updateToken, sealToken(ports.keys.rowMac(), { ...code, revoked_at: now }));
    return openSession(
      ports,
      tx,
      { identity: code.identity, factor: 'sign-in-code', display: 'signed in by code' },
      now,
    );
  },
  summary: (_input, { accessor }) => ({ note: `made ${accessor}` }),
});
