import type { Missing } from './decision.ts';
import { placeTitle } from './place.ts';
import type { Question } from './question.ts';
import { RULES } from './rules.ts';
import type { Grant } from './slice.ts';

const KIND: Readonly<Record<string, Missing['kind']>> = {
  'token-scope': 'scope',
  'one-step': 'factor',
  'bearer-proof': 'factor',
  'bearer-gold': 'factor',
  'developer-production': 'role',
  'grant-matrix': 'role',
};

/** What stands against a request: each rule that forbids it, or the roles that would allow it. */
export const missingFor = (question: Question, rules: readonly string[], ended: readonly Grant[]): Missing[] => {
  const forbidding = rules.map(forbids);
  if (isGiven(question) || (forbidding.length > 0 && question.row.roles.length === 0)) return forbidding;
  return [...forbidding, ...ended.map(endedGrant), roleMissing(question)];
};

const isGiven = ({ row, caller, context }: Question): boolean =>
  context.giving.length > 0 || (row.operator === true && caller.operator);

const forbids = (id: string): Missing => {
  const rule = RULES.get(id);
  if (rule === undefined)
    return {
      kind: 'rule',
      what: [id],
      remedy: `The project's own policy ${id} forbids it; its owner may change that policy.`,
    };
  const kind = KIND[id] ?? (id.startsWith('state-') ? 'state' : 'rule');
  return { kind, what: [id], remedy: `${rule.says} ${rule.remedy}` };
};

const roleMissing = ({ row, parents, context }: Question): Missing => {
  const place = placeTitle(parents.at(-1)!);
  const roles = context.outside ? [] : row.roles;
  if (roles.length === 0)
    return {
      kind: 'rule',
      what: [],
      remedy: row.own === true ? 'This is only for what is your own.' : 'No role gives this.',
    };
  return {
    kind: 'role',
    what: roles,
    remedy: `Needs one of the roles ${roles.join(', ')} on ${row.anywhere === true ? 'any place' : place}: an owner gives it with chatelaine grant.`,
  };
};

const endedGrant = ({ id, role, place, endsAt }: Grant): Missing => ({
  kind: 'grant',
  what: [id],
  remedy: `The role ${role} on ${placeTitle(place)} ended at ${new Date(endsAt!).toISOString()}: ask for it again.`,
});
