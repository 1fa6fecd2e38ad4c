import type { Resource } from '#kernel';
import type { Subject } from './subject.ts';

/**
 * What the policy should say, told a second time and naively: by hand from the sentences of the design, without Cedar,
 * without the tables of this room, without slices and memory. Where the two differ, one of them is wrong.
 */
export type OracleGrant = {
  readonly role: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly prefix: string | null;
  readonly endsAt: number | null;
};

const OWNER =
  'read render export match list show history write generate rollback adopt mark delete undelete suspend resume retire destroy transfer compromise';
const DEVELOPER = 'read render match list show history write generate rollback adopt mark delete undelete';
const MAY: Readonly<Record<string, string>> = {
  owner: OWNER,
  maintainer: OWNER,
  developer: DEVELOPER,
  deployer: 'read render match list show history',
  service: 'read render list show',
  device: 'read list show',
  auditor: 'list show history',
  responder: 'list show history mark suspend compromise',
};
const REVEALS = 'read render export match';
const SHOWS = 'list show history';

const has = (words: string, word: string): boolean => words.split(' ').includes(word);

/** Verbs on credentials. */
export const VERBS: readonly string[] = OWNER.split(' ');

export const oracleAllows = (
  caller: Subject,
  grants: readonly OracleGrant[],
  exceptions: readonly { readonly resource: string; readonly endsAt: number }[],
  verb: string,
  thing: Resource,
  now: number,
): boolean => {
  const within = (place: { project: string | null; environment: string | null; prefix: string | null }): boolean => {
    if (place.project !== null && place.project !== thing.project) return false;
    if (place.environment !== null && place.environment !== thing.environment) return false;
    if (place.prefix === null) return true;
    const [want, have] = [place.prefix.split('/'), (thing.name ?? '').split('/')];
    return want.every((segment, i) => have[i] === segment);
  };
  if (caller.scope !== null && caller.scope.roles !== null && caller.scope.roles.length === 0) return false;
  if (caller.scope !== null && !within(caller.scope)) return false;
  const roles = grants
    .filter((grant) => within(grant) && (grant.endsAt === null || now < grant.endsAt))
    .map(({ role }) => role)
    .filter((role) => caller.scope === null || caller.scope.roles === null || caller.scope.roles.includes(role));

  const reveals = has(REVEALS, verb);
  const shows = has(SHOWS, verb);
  if (reveals && roles.includes('auditor')) return false;
  if (reveals && (thing.state === 'suspended' || thing.state === 'compromised' || thing.state === 'destroyed'))
    return false;
  const bearer = caller.factors.filter((factor) => factor !== 'token').length === 0;
  if (!shows && thing.tier === 'gold' && bearer) {
    const keys = new Set([thing.id, thing.project, `${thing.project}/${thing.environment}`]);
    if (!exceptions.some(({ resource, endsAt }) => keys.has(resource) && now < endsAt)) return false;
  }
  return roles.some((role) => has(MAY[role]!, verb) && !(role === 'developer' && thing.production && !shows));
};
