import { limitOf } from '#contract';
import {
  type TokenLookUp,
  type TokenWish,
  createOrphanToken,
  createToken,
  listForeignTokens,
  listTokens,
  lookUpToken,
} from '#identity';
import { lookUpAnyToken, renewOwnToken, revokeAnyToken } from '../../any-token.ts';
import type { House } from '../../house.ts';
import type { Handlers, IdsOf } from '../call.ts';
import { durationOf, given, iso, isoOrNull, pageAnswer, sessionAnswer } from '../wire.ts';

export const tokenHandlers = (house: House): Handlers<IdsOf<'tokens'>> => {
  const { deeds, identityPorts } = house;
  return {
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
    'tokens.list': async ({ caller, params: { id }, query }) => {
      const limit = limitOf(query.limit);
      const input = { identity: id, ...given({ after: query.after }), count: limit + 1 };
      const list = id === caller.identity ? listTokens(identityPorts) : listForeignTokens(identityPorts);
      const { output } = await deeds.perform(list, caller, input);
      return { answer: pageAnswer(output, limit, ({ accessor }) => accessor, tokenAnswer) };
    },
    'tokens.show': async ({ caller, params }) => ({
      answer: tokenAnswer(await lookUpAnyToken(house, caller, which(params.id).accessor)),
    }),
    'tokens.renew': async ({ caller, params, body }) => {
      await renewOwnToken(house, caller, { ...which(params.id), life: durationOf(body.life) });
      const { output } = await deeds.perform(lookUpToken(identityPorts), caller, { caller, ...which(params.id) });
      return { answer: tokenAnswer(output) };
    },
    'tokens.revoke': async ({ caller, params }) => ({
      answer: { ended: [...(await revokeAnyToken(house, caller, which(params.id).accessor)).accessors] },
    }),
  };
};

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
