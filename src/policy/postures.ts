import { Duration } from '#kernel';
import { ROLE_NAMES, type Role } from './roles.ts';

export type PostureName = 'home' | 'team' | 'maker';

/** A preset of rules: how much one person may do alone, and for how long. */
export type Posture = {
  readonly title: string;
  /** Which roles a holder of a role may give, at the place where he holds it or below. */
  readonly gives: Readonly<Partial<Record<Role, readonly Role[]>>>;
  /** Which roles a holder may take away there. */
  readonly takes: Readonly<Partial<Record<Role, readonly Role[]>>>;
  /** End of a grant when none is asked; null is without end. */
  readonly usualGrant: Duration | null;
  /** Latest end of a grant; null is without end. Owners are without end everywhere. */
  readonly longestGrant: Duration | null;
  /** Latest end of an exception. */
  readonly longestException: Duration;
  /** True where the second person may be a second device, or a delay with loud notice. */
  readonly ownerApprovesAlone: boolean;
};

const ALL = ROLE_NAMES;
const BELOW_KEEPERS: readonly Role[] = ['developer', 'deployer', 'service', 'device'];
const BUT_OWNER = ROLE_NAMES.filter((role) => role !== 'owner');

export const POSTURES: Readonly<Record<PostureName, Posture>> = {
  home: {
    title: 'One owner at home; the second person is a second device, or a delay with loud notice.',
    gives: { owner: ALL, maintainer: BELOW_KEEPERS },
    takes: { owner: ALL, maintainer: BELOW_KEEPERS, responder: BUT_OWNER },
    usualGrant: null,
    longestGrant: null,
    longestException: Duration.of(366, 'd'),
    ownerApprovesAlone: true,
  },
  team: {
    title: 'Several people who know each other.',
    gives: { owner: ALL, maintainer: ['developer', 'service', 'device'] },
    takes: { owner: ALL, maintainer: BELOW_KEEPERS, responder: BUT_OWNER },
    usualGrant: Duration.of(90, 'd'),
    longestGrant: Duration.of(366, 'd'),
    longestException: Duration.of(90, 'd'),
    ownerApprovesAlone: false,
  },
  maker: {
    title: 'A maker of devices with customers.',
    gives: { owner: ALL, maintainer: ['developer', 'device'] },
    takes: { owner: ALL, maintainer: BELOW_KEEPERS, responder: BUT_OWNER },
    usualGrant: Duration.of(30, 'd'),
    longestGrant: Duration.of(180, 'd'),
    longestException: Duration.of(30, 'd'),
    ownerApprovesAlone: false,
  },
};

export const POSTURE_NAMES = Object.keys(POSTURES) as readonly PostureName[];

/** What a deed's facts say; the strictest when they say nothing we know. */
export const postureOf = (text: unknown): PostureName =>
  typeof text === 'string' && Object.hasOwn(POSTURES, text) ? (text as PostureName) : 'maker';

/** The roles that these roles together may give or take. */
export const reachOf = (posture: PostureName, how: 'gives' | 'takes', held: readonly string[]): Role[] => {
  const table = POSTURES[posture][how];
  return ROLE_NAMES.filter((role) => held.some((holder) => table[holder as Role]?.includes(role) === true));
};

/** What a holder may give whatever the posture: for lending rights that lie in several projects. */
export const lendable = (held: readonly string[]): Role[] =>
  ROLE_NAMES.filter((role) => POSTURE_NAMES.every((posture) => reachOf(posture, 'gives', held).includes(role)));
