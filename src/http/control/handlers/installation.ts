import { Secret } from '#kernel';
import type { Deed } from '#deeds';
import { INSTALLATION, confirmKit } from '#inventory';
import { httpError } from '../../errors.ts';
import { LOCAL } from '../../from.ts';
import type { House } from '../../house.ts';
import { unlockTriesOf } from '../../unlock-tries.ts';
import { controlError } from '../errors.ts';
import { DONE, type Handlers, type IdsOf } from '../call.ts';
import { iso, isoOrNull } from '../wire.ts';

/** @param hasSocket there is a socket that only the server's own user reaches */
export const installationHandlers = (
  house: House,
  hasSocket: boolean,
): Handlers<IdsOf<'status' | 'health' | 'me' | 'lock' | 'unlock' | 'rekey' | 'kit' | 'backup' | 'doctor'>> => {
  const tries = unlockTriesOf(house);

  return {
    'status.show': async () => ({
      answer: { state: house.seal.state(), demo: isDemo(house), version: house.version },
    }),
    'health.show': async ({ caller }) => {
      await house.deeds.perform(showHealth, caller, {});
      const head = house.deeds.head();
      return {
        answer: {
          state: house.seal.state(),
          provider: house.seal.provider(),
          upFor: house.uptime().toString(),
          entries: head?.size ?? 0,
          revision: head?.revision ?? 0,
          facts: await house.health(),
        },
      };
    },
    'me.show': async ({ caller }) => ({
      answer: {
        identity: caller.identity,
        name: caller.name,
        kind: caller.kind,
        operator: caller.operator,
        factors: [...caller.factors],
        accessor: caller.accessor,
        expiresAt: isoOrNull(caller.expiresAt),
        sees: [...(await house.engine.read((tx) => house.policy.visible(tx, { caller })))],
      },
    }),
    'lock.do': async ({ caller }) => {
      await house.seal.lock(caller);
      return { answer: { state: house.seal.state() } };
    },
    'unlock.do': async ({ body, from, here, browser }) => {
      if (browser) throw httpError('wrong_origin', 'Browsers may not unlock.');
      tries.count(from.address);
      // A guard that needs nobody's secret would let anybody end a lock: on this machine other users, through loopback.
      const isOwnUser = hasSocket ? from.address === LOCAL : here;
      if (!isOwnUser && body.recoveryKey === undefined && house.seal.provider() !== 'passphrase')
        throw controlError('elsewhere', 'What unlocks this server lies on its machine.');
      const passphrase = body.passphrase === undefined ? undefined : Secret.fromText(body.passphrase);
      const { recoveryKey } = body;
      await tries.alone(() =>
        recoveryKey === undefined
          ? house.seal.unlock(passphrase, from.address)
          : house.seal.recover(Secret.fromText(recoveryKey), from.address),
      );
      return { answer: { state: house.seal.state() } };
    },
    'rekey.do': async ({ caller, body }) => {
      const passphrase = body.passphrase === undefined ? undefined : Secret.fromText(body.passphrase);
      return { answer: { rewrapped: await house.seal.rekey(caller, passphrase) } };
    },
    'kit.create': async ({ caller, body }) => {
      const { text, html } = await house.care.makeKit(caller, { replace: body.replace === true });
      return { answer: { page: text.revealText(), html: html.revealText() } };
    },
    'kit.show': async ({ caller }) => {
      const kit = await house.care.showKit(caller);
      if (kit === null) return { answer: { kit: null } };
      const { madeAt, confirmedAt, owner, signsIn } = kit;
      return { answer: { kit: { madeAt: iso(madeAt), confirmedAt: isoOrNull(confirmedAt), owner, signsIn } } };
    },
    'kit.revoke': async ({ caller }) => {
      await house.care.revokeKit(caller);
      return DONE;
    },
    'kit.confirm': async ({ caller }) => {
      if ((await house.care.showKit(caller)) === null)
        throw controlError('no_kit', 'There is no recovery kit that could lie anywhere.');
      await house.deeds.perform(confirmKit, caller, {});
      return DONE;
    },
    'backup.create': async ({ caller }) => ({ answer: await house.care.backUp(caller) }),
    'doctor.run': async ({ caller }) => ({ answer: await house.care.examine(caller) }),
  };
};

const isDemo = ({ installation, seal }: House): boolean => seal.state() !== 'uninitialised' && installation().demo;

/** How the installation is may tell an attacker where it is weak, so looking is a deed. */
const showHealth: Deed<Record<never, never>, void> = {
  name: 'show-health',
  action: 'installation.status',
  effect: 'reveal',
  facts: async () => ({ resource: INSTALLATION }),
  find: async () => {},
};
