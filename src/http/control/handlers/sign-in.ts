import { Secret, hasCode } from '#kernel';
import {
  type Caller,
  breakGlass,
  createSignInCode,
  identityError,
  openOsSession,
  redeemSignInCode,
  revokeToken,
} from '#identity';
import { proveConnection } from '../../caller.ts';
import type { House } from '../../house.ts';
import { DONE, type Handlers, type IdsOf } from '../call.ts';
import type { OsPeers } from '../os-peer.ts';
import { isoOrNull, sessionAnswer } from '../wire.ts';

export const signInHandlers = (house: House, peers: OsPeers): Handlers<IdsOf<'sign-in' | 'sign-in-codes'>> => {
  const { deeds, engine, identity, identityPorts, clock, failures } = house;

  /** Failures of nobody in particular are counted, never entered one by one. */
  const proven = async (address: string, reason: string, prove: () => Promise<Caller>): Promise<Caller> => {
    try {
      return await prove();
    } catch (error) {
      if (hasCode(error, 'identity.unauthenticated')) failures.count(address, reason);
      throw error;
    }
  };

  return {
    'sign-in.code': async ({ body, from }) => {
      const caller = await proven(from.address, 'bad sign-in code', () =>
        engine.read((tx) => identity.proveSignInCode(tx, Secret.fromText(body.code), from, clock.now())),
      );
      const { output } = await deeds.perform(redeemSignInCode(identityPorts), caller, { caller });
      return { answer: sessionAnswer(output) };
    },
    'sign-in.end': async ({ caller }) => {
      // A connection of the machine's own user has no token to end.
      if (caller.accessor !== null) await deeds.perform(revokeToken(identityPorts), caller, { caller });
      return DONE;
    },
    'sign-in.os-challenge': async ({ socket }) => ({ answer: await peers.challenge(socket) }),
    'sign-in.os': async ({ socket, body, from }) => {
      const { uid, caller } = await provePeer();
      const session =
        body.session === true
          ? sessionAnswer((await deeds.perform(openOsSession(identityPorts), caller, { caller })).output)
          : null;
      proveConnection(socket, uid);
      return { answer: { identity: caller.identity, name: caller.name, session } };

      async function provePeer() {
        const user = await peers.prove(socket, body.nonce);
        const known = await proven(from.address, 'unproven user of this machine', async () => {
          if (user === null) throw identityError('unauthenticated', 'Nobody is proven by this request.');
          return engine.read((tx) => identity.proveOsUser(tx, user, from));
        });
        return { uid: user!, caller: known };
      }
    },
    'sign-in.kit': async ({ body, from }) => {
      const caller = await proven(from.address, 'bad recovery kit', () =>
        engine.read((tx) => identity.proveRecoveryKit(tx, Secret.fromText(body.kit), from, clock.now())),
      );
      const { output } = await deeds.perform(breakGlass(identityPorts), caller, { caller });
      return { answer: { ...sessionAnswer(output), ended: output.ended } };
    },
    'sign-in-codes.create': async ({ caller, body }) => {
      const { output } = await deeds.perform(createSignInCode(identityPorts), caller, { identity: body.identity });
      const { token, accessor, identity: whom, expiresAt } = output;
      return { answer: { code: token.revealText(), accessor, identity: whom, expiresAt: isoOrNull(expiresAt) } };
    },
  };
};
