import { createIdentity, linkOsUser } from '#identity';
import { readHeadRow } from '#ledger';
import type { Engine } from '#storage';
import { type Rooms, openRooms, reopenRooms } from '../rooms.ts';
import type { Cast } from './deed-mix.ts';

const DEVELOPER = { name: 'dev', uid: 5_001 };
const STRANGER = { name: 'stranger', uid: 5_002 };
const HERE = { address: 'local', agent: 'test' };

/** The house with its cast, made on an empty engine. */
export const foundHouse = async (engine: Engine): Promise<Rooms> => {
  const house = await openRooms(engine);
  for (const { name, uid } of [DEVELOPER, STRANGER]) {
    const { output } = await house.deeds.perform(createIdentity(house.identityPorts), house.owner, {
      name,
      kind: 'person',
    });
    await house.deeds.perform(linkOsUser(house.identityPorts), house.owner, { identity: output.id, uid });
  }
  return house;
};

/** The house as it was left, however it was left. */
export const openHouse = async (engine: Engine): Promise<Rooms> => {
  if ((await engine.read(readHeadRow)) === undefined) throw new Error('There is no house to open.');
  return reopenRooms(engine);
};

export const openCast = async (house: Rooms): Promise<Cast> => {
  const prove = (uid: number) => house.engine.read((tx) => house.identity.proveOsUser(tx, uid, HERE));
  return { owner: house.owner, developer: await prove(DEVELOPER.uid), stranger: await prove(STRANGER.uid) };
};
