import type { Caller } from './caller.ts';
import { unauthenticated } from './errors.ts';
import type { MintedToken } from './mint-token.ts';
import { openSession } from './open-session.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { checkCaller, findIdentity, identityFacts } from './records.ts';

/** The caller that `proveOsUser` gave. */
export type OpenOsSession = { readonly caller: Caller };

/** A session for the same user of the operating system, so that tools without the socket can go on. */
export const openOsSession = (ports: IdentityPorts): Deed<OpenOsSession, MintedToken> => ({
  name: 'identity/open-os-session',
  action: 'session.open',
  effect: 'change',
  async facts(tx, { caller }) {
    return identityFacts(await findIdentity(tx, ports.keys, caller.identity));
  },
  async apply(tx, { caller }, _facts, { now, by }) {
    checkCaller(caller, by);
    const { id, os_user } = await findIdentity(tx, ports.keys, caller.identity);
    if (caller.accessor !== null || !caller.factors.includes('os-user') || os_user === null) throw unauthenticated();
    return openSession(ports, tx, { identity: id, factor: 'os-user', display: 'signed in on this machine' }, now);
  },
  summary: (_input, { accessor }) => ({ note: `made ${accessor}` }),
});
