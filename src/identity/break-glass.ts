import type { Caller } from './caller.ts';
import { unauthenticated } from './errors.ts';
import type { MintedToken } from './mint-token.ts';
import { openSession } from './open-session.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { checkCaller, findIdentity, findToken, identityFacts, trueTokens } from './records.ts';
import { sealIdentity, sealToken, tokensOf, updateIdentity, updateToken } from './tables.ts';

/** The caller that `proveRecoveryKit` gave. */
export type BreakGlass = { readonly caller: Caller };
export type BrokenGlass = MintedToken & { readonly ended: number };

const MOST = 100_000;

/**
 * A session for the owner who lost everything but the kit. All his other tokens end, for somebody may hold them; a
 * suspension by somebody else is lifted; the kit ends too, and the next step is to make a new one. Says so in the ledger, and whoever shows alerts shows this.
 */
export const breakGlass = (ports: IdentityPorts): Deed<BreakGlass, BrokenGlass> => ({
  name: 'identity/break-glass',
  action: 'session.break-glass',
  effect: 'change',
  async facts(tx, { caller }) {
    return identityFacts(await findIdentity(tx, ports.keys, caller.identity));
  },
  async apply(tx, { caller }, _facts, { now, by }) {
    checkCaller(caller, by);
    const kit = await findToken(tx, ports.keys, caller.accessor);
    if (kit.kind !== 'recovery' || kit.revoked_at !== null || kit.identity !== caller.identity) throw unauthenticated();
    const own = trueTokens(ports.keys.rowMacs(), await tx.all(tokensOf, { identity: kit.identity, count: MOST }));
    for (const row of own) await tx.run(updateToken, sealToken(ports.keys.rowMac(), { ...row, revoked_at: now }));
    const owner = await findIdentity(tx, ports.keys, kit.identity);
    if (owner.state !== 'active')
      await tx.run(updateIdentity, sealIdentity(ports.keys.rowMac(), { ...owner, state: 'active' }));
    const session = await openSession(
      ports,
      tx,
      { identity: kit.identity, factor: 'recovery-kit', display: 'glass broken with the recovery kit' },
      now,
    );
    return { ...session, ended: own.length };
  },
  summary: (_input, { accessor, ended }) => ({
    note: `BREAK-GLASS: recovery kit used, made ${accessor}, ${ended} ended`,
  }),
});
