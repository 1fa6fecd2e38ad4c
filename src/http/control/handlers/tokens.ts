import { hasCode } from '#kernel';
import {
  type TokenLookUp,
  type TokenWish,
  createOrphanToken,
  createToken,
  lookUpToken,
  renewToken,
  revokeForeignToken,
  revokeToken,
} from '#identity';
import type { House } from '../../house.ts';
import type { Handlers, IdsOf } from '../call.ts';
import { durationOf, given, iso, isoOrNull, sessionAnswer } from '../wire.ts';

export const tokenHandlers = ({ deeds, identityPorts }: House): Handlers<IdsOf<'tokens'>> => ({
  'tokens.create': async ({ caller, body }) => {
    const { identity, life, maxLife, period, ...rest } = body;
    const wish: TokenWish = given({
      ...rest,
      life: durationOf(life),
      maxLife: durationOf(maxLife),
      period: durationOf(period),
    });
    const { output } =
      identity === undefined
        ? await deeds.perform(createToken(identityPorts), caller, { ...wish, caller })
        : await deeds.perform(createOrphanToken(identityPorts), caller, { ...wish, caller, identity });
    return { answer: sessionAnswer(output) };
  },
  'tokens.show': async ({ caller, params }) => {
    const { output } = await deeds.perform(lookUpToken(identityPorts), caller, { caller, ...which(params.id) });
    return { answer: tokenAnswer(output) };
  },
  'tokens.renew': async ({ caller, params, body }) => {
    const input = { caller, ...which(params.id), ...given({ life: durationOf(body.life) }) };
    await deeds.perform(renewToken(identityPorts), caller, input);
    const { output } = await deeds.perform(lookUpToken(identityPorts), caller, { caller, ...which(params.id) });
    return { answer: tokenAnswer(output) };
  },
  'tokens.revoke': async ({ caller, params }) => {
    try {
      const { output } = await deeds.perform(revokeToken(identityPorts), caller, { caller, ...which(params.id) });
      return { answer: { ended: [...output.accessors] } };
    } catch (error) {
      // Not his own: then only for whoever may end anybody's.
      if (!hasCode(error, 'identity.token_absent') || params.id === SELF) throw error;
      const { output } = await deeds.perform(revokeForeignToken(identityPorts), caller, { accessor: params.id });
      return { answer: { ended: [...output.accessors] } };
    }
  },
});

const SELF = 'self';
const which = (id: string): { accessor?: string } => (id === SELF ? {} : { accessor: id });

const tokenAnswer = (token: TokenLookUp) => ({
  accessor: token.accessor,
  identity: token.identity,
  parent: token.parent,
  kind: token.kind,
  display: token.display,
  factors: [...token.factors],
  scope:
    token.scope === null ? null : { ...token.scope, roles: token.scope.roles === null ? null : [...token.scope.roles] },
  addresses: [...token.addresses],
  createdAt: iso(token.createdAt),
  expiresAt: isoOrNull(token.expiresAt),
  maxExpiresAt: isoOrNull(token.maxExpiresAt),
  renewable: token.renewable,
  uses: token.uses,
  usesLeft: token.usesLeft,
});
