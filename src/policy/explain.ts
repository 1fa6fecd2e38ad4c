import { nearest } from '#kernel';
import { ACTIONS } from './actions.ts';
import type { Decision } from './decision.ts';
import { contains, placeTitle, placesAround } from './place.ts';
import { type Question, type Request, inForce } from './question.ts';
import { RULES } from './rules.ts';
import { ROLES, type Role } from './roles.ts';
import type { Grant, GrantsByPlace } from './slice.ts';

export type ExplainedGrant = {
  readonly id: string;
  readonly role: Role;
  readonly place: string;
  readonly reason: string;
  readonly endsAt: number | null;
  /** Its place holds the resource. */
  readonly covers: boolean;
  /** Its role gives the action. */
  readonly gives: boolean;
  readonly inForce: boolean;
};

export type Explanation = {
  readonly decision: Decision;
  /** The rule that decided, in a sentence. */
  readonly because: string;
  readonly grants: readonly ExplainedGrant[];
  /** Roles that give the action. */
  readonly roles: readonly Role[];
};

export const explainDecision = (
  decision: Decision,
  question: Question | null,
  { caller, action, facts, now }: Request,
  grants: GrantsByPlace,
): Explanation => {
  const place = placesAround(facts.resource).at(-1)!;
  const giving: readonly Role[] = question?.row.roles ?? [];
  const explained = grants.places
    .flatMap((at) => grants.at(at))
    .map((grant) => ({
      ...grant,
      place: placeTitle(grant.place),
      covers: contains(grant.place, place),
      gives: giving.includes(grant.role),
      inForce: inForce(grant, caller, now),
    }));
  return { decision, because: because(decision, action), grants: explained, roles: giving };
};

/** Grants that would have given the action, had they not ended. */
export const endedGrants = (question: Question, grants: GrantsByPlace, now: number): Grant[] =>
  question.parents
    .flatMap((place) => grants.at(place))
    .filter(({ endsAt, role }) => endsAt !== null && endsAt <= now && question.row.roles.includes(role));

const because = ({ rule }: Decision, action: string): string => {
  const role = rule.startsWith('role-') ? (rule.slice(5) as Role) : undefined;
  if (role !== undefined) return `The role ${role}: ${ROLES[role]}`;
  const known = RULES.get(rule);
  if (known !== undefined) return known.says;
  if (rule === 'default-deny') return 'Nothing allows it, and what is not allowed is denied.';
  if (rule === 'unknown-action')
    return `There is no such action. The nearest is ${nearest(action, Object.keys(ACTIONS))}; docs/roles.md lists them all.`;
  if (rule === 'policy-error') return 'A policy could not be evaluated, so nothing is allowed.';
  return `The project's own policy ${rule}.`;
};
