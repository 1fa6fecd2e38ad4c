import {
  type IdentityRecord,
  parseIdentityName,
  createIdentity,
  createOrphanToken,
  createSignInCode,
  linkOsUser,
  listIdentities,
  systemCaller,
} from '#identity';
import { type Secret, hasCode } from '#kernel';
import { createGrant, hasGrants } from '#policy';
import type { House } from '#http';

export type Owner = {
  readonly id: string;
  readonly name: string;
  /** Signed in on this machine without a password, as the user who started the program. */
  readonly isLinked: boolean;
};

/** The user of the operating system who starts the program for the first time. */
export type OsUser = { readonly name: string; readonly uid: number | null };

/**
 * Makes the owner where nobody has a right yet: the user who starts the program, who from then on is signed in on this
 * machine without a password. Steps that a kill cut short are taken up again at the next start. The grant is the last
 * of them; once there was one, a start changes nothing, so that an owner who unlinked the user stays unlinked.
 */
export const ensureOwner = async (house: House, user: OsUser): Promise<Owner | null> => {
  const { deeds, engine, identityPorts, grantPorts } = house;
  const system = systemCaller();
  const existing = await ownerFor(house, user);
  if (await engine.read(hasGrants)) return existing === undefined ? null : ownerOf(existing, user);
  const owner =
    existing ??
    (await deeds.perform(createIdentity(identityPorts), system, { name: nameOf(user), kind: 'person', operator: true }))
      .output;
  const linked =
    owner.osUser === null && user.uid !== null
      ? (await deeds.perform(linkOsUser(identityPorts), system, { identity: owner.id, uid: user.uid })).output
      : owner;
  const first = {
    identity: owner.id,
    role: 'owner',
    project: null,
    environment: null,
    prefix: null,
    reason: 'the first start',
  };
  await deeds.perform(createGrant(grantPorts), system, first).catch((error: unknown) => {
    // Another process that starts on the same database may have been faster by a moment.
    if (!hasCode(error, 'deeds.denied')) throw error;
  });
  return ownerOf(linked, user);
};

const ownerOf = ({ id, name, osUser }: IdentityRecord, { uid }: OsUser): Owner => ({
  id,
  name,
  isLinked: osUser !== null && osUser === uid,
});

/** A code to sign in with once, for a browser or another machine. */
export const signInCode = async (house: House, owner: Owner): Promise<Secret> =>
  (await house.deeds.perform(createSignInCode(house.identityPorts), systemCaller(), { identity: owner.id })).output
    .token;

/** A token for automation that runs the installation; its file is the operator's to keep. */
export const operatorToken = async (house: House, owner: Owner): Promise<Secret> =>
  (
    await house.deeds.perform(createOrphanToken(house.identityPorts), systemCaller(), {
      caller: systemCaller(),
      identity: owner.id,
      display: 'operator token',
    })
  ).output.token;

/** Whoever is linked to the user; else the one whom the first start made: lists are by name, and others may come first. */
const ownerFor = async ({ identityPorts, engine }: House, { uid }: OsUser) => {
  const found = await engine.read(async (tx) => {
    const deed = listIdentities(identityPorts);
    return deed.effect === 'reveal' ? deed.find(tx, { count: 1_000 }, await deed.facts(tx, {})) : [];
  });
  const people = found.filter(({ kind, operator }) => kind === 'person' && operator);
  return (
    people.find(({ osUser }) => osUser !== null && osUser === uid) ??
    people.toSorted((a, b) => a.createdAt - b.createdAt)[0]
  );
};

/** Names of users may hold what identities may not; what is left of them is still recognised. */
const nameOf = ({ name }: OsUser): string => {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 60);
  try {
    return parseIdentityName(plain);
  } catch {
    return parseIdentityName(`${plain || 'owner'}-at-home`);
  }
};
