import assert from 'node:assert/strict';
import { createIdentity, resumeIdentity, suspendIdentity } from '#identity';
import { hasCode } from '#kernel';
import { readEntry } from '#ledger';
import { createGrant, listGrants, revokeGrant } from '#policy';
import { forEachEngine } from './engines.ts';
import { type Rooms, openRooms } from './rooms.ts';

const suspend = (house: Rooms, identity: string) =>
  house.deeds.perform(suspendIdentity(house.identityPorts), house.owner, { identity });
const resume = (house: Rooms, identity: string) =>
  house.deeds.perform(resumeIdentity(house.identityPorts), house.owner, { identity });
const give = async (house: Rooms, identity: string, role: string): Promise<string> => {
  const place = { project: null, environment: null, prefix: null };
  const input = { identity, role, ...place, reason: 'test' };
  return (await house.deeds.perform(createGrant(house.grantPorts), house.owner, input)).output.id;
};
const take = (house: Rooms, id: string) => house.deeds.perform(revokeGrant(house.grantPorts), house.owner, { id });
const isLastOwner = (error: unknown): boolean => hasCode(error, 'policy.last_owner');

/** The grant that makes the house's owner its owner. */
const ownGrant = async (house: Rooms): Promise<string> => {
  const { output } = await house.deeds.perform(listGrants(house.grantPorts), house.owner, {});
  return output.find(({ identity, role }) => identity === house.owner.identity && role === 'owner')!.id;
};

const second = async (house: Rooms): Promise<string> =>
  (await house.deeds.perform(createIdentity(house.identityPorts), house.owner, { name: 'bob', kind: 'person' })).output
    .id;

forEachEngine('the only owner cannot suspend himself, and the attempt is entered', async (_t, engine) => {
  const house = await openRooms(engine);
  const { identity } = house.owner;
  await assert.rejects(suspend(house, identity), isLastOwner);
  const { size } = house.deeds.head()!;
  const entry = await engine.read((tx) => readEntry(tx, size - 1, size));
  assert.deepEqual(
    [entry.public.action, entry.public.outcome, entry.public.note],
    ['identity.suspend', 'failed', 'policy.last_owner'],
  );
  const bob = await second(house);
  await give(house, bob, 'maintainer');
  await assert.rejects(suspend(house, identity), isLastOwner, 'a maintainer makes no owners');
  await suspend(house, bob);
  await resume(house, bob);
});

forEachEngine('of two owners, a suspended one does not count', async (_t, engine) => {
  const house = await openRooms(engine);
  const { identity } = house.owner;
  const first = await ownGrant(house);
  const bob = await second(house);
  const his = await give(house, bob, 'owner');
  await suspend(house, bob);
  await assert.rejects(suspend(house, identity), isLastOwner, 'suspending');
  await assert.rejects(take(house, first), isLastOwner, 'taking the grant');
  await give(house, identity, 'maintainer');
  await assert.rejects(take(house, first), isLastOwner, 'becoming a maintainer instead');
  await take(house, his);
  const again = await give(house, bob, 'owner');
  await suspend(house, bob);
  await resume(house, bob);
  await suspend(house, identity);
  await assert.rejects(take(house, again), (error) => hasCode(error, 'deeds.denied'), 'he is suspended now');
});
