import { Secret, type Clock, type Random } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { type Caller, createIdentity, linkOsUser, systemCaller } from '#identity';
import { createProject } from '#inventory';
import { createGrant } from '#policy';
import type { SealProvider } from '#sealing';
import type { Engine } from '#storage';
import { migrate } from '#storage';
import { type Composed, compose } from '../src/server/compose.ts';

/** A provider whose key is known, so that tests can open the same folder again. */
export const knownProvider = (byte = 7): SealProvider => ({
  id: 'key-file',
  unattended: true,
  create: async () => ({ parameters: {}, key: Secret.fromBytes(new Uint8Array(32).fill(byte)) }),
  obtain: async () => Secret.fromBytes(new Uint8Array(32).fill(byte)),
});

export type Rooms = Composed & { readonly owner: Caller };

export type RoomsOptions = {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly provider?: SealProvider;
  readonly backups?: string;
};

const open = (
  engine: Engine,
  { clock = systemClock, random = systemRandom, provider = knownProvider(), backups }: RoomsOptions,
): Composed =>
  compose({
    engine,
    clock,
    random,
    provider,
    backups,
    version: '0.0.0-test',
    onCommit: () => {},
    health: async () => ({}),
  });

/** The uid that the owner of every test house is linked to. */
export const OWNER_UID = 4_242;
const HERE = { address: 'local', agent: 'test' };

/** A house on an empty engine: created, unlocked, with an owner and the project `porch` (home, and a production `prod`). */
export const openRooms = async (engine: Engine, options: RoomsOptions = {}): Promise<Rooms> => {
  const clock = options.clock ?? systemClock;
  await migrate(engine, clock.now());
  const house = open(engine, options);
  await house.look();
  await house.create({ demo: false, posture: 'home', provider: options.provider ?? knownProvider() });
  const system = systemCaller(HERE);
  const { output: owner } = await house.deeds.perform(createIdentity(house.identityPorts), system, {
    name: 'ada',
    kind: 'person',
    operator: true,
  });
  await house.deeds.perform(linkOsUser(house.identityPorts), system, { identity: owner.id, uid: OWNER_UID });
  await house.deeds.perform(createGrant(house.grantPorts), system, {
    identity: owner.id,
    role: 'owner',
    project: null,
    environment: null,
    prefix: null,
    reason: 'test',
  });
  const caller = await engine.read((tx) => house.identity.proveOsUser(tx, OWNER_UID, HERE));
  await house.deeds.perform(createProject(house.sealing, house.random), caller, {
    name: 'porch',
    posture: 'home',
    environments: [
      { name: 'home', production: false },
      { name: 'prod', production: true },
    ],
  });
  return Object.assign(house, { owner: caller });
};

/** Another process on the same database, as far as the rooms can tell. */
export const reopenRooms = async (engine: Engine, options: RoomsOptions = {}): Promise<Rooms> => {
  const house = open(engine, options);
  await house.look();
  await house.seal.unlock(undefined, 'local');
  return Object.assign(house, {
    owner: await engine.read((tx) => house.identity.proveOsUser(tx, OWNER_UID, HERE)),
  });
};
