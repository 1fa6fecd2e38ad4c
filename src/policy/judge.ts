import { type Cedar, type ParsedRules, parsedRules } from './cedar.ts';
import { POLICY_ERROR } from './decision.ts';
import type { Question } from './question.ts';
import { byRank, groupsOf } from './rules.ts';
import { SYSTEM } from './subject.ts';

/** Cedar's answer: which policies decided, in the order of the tables. `role-…` for a grant's role. */
export type Judgement = { readonly allow: boolean; readonly rules: readonly string[] };

export type Judge = {
  /** A remembered answer, or Cedar's. */
  judge(question: Question): Judgement | Promise<Judgement>;
};

/** Answers remembered: a home has dozens. */
const MAX_REMEMBERED = 20_000;

/**
 * Asks Cedar, and remembers answers by everything they depend on, so they never grow stale: what a grant or an
 * exception says enters through the question. A test compares remembered and fresh answers over random worlds.
 */
export const openJudge = (): Judge => {
  const memory = new Map<string, Judgement>();
  return {
    judge(question) {
      if (question.custom.volatile) return askCedar(question);
      const key = keyOf(question);
      const known = memory.get(key);
      if (known !== undefined) return known;
      return askCedar(question).then((answer) => {
        if (memory.size >= MAX_REMEMBERED) memory.delete(memory.keys().next().value!);
        memory.set(key, answer);
        return answer;
      });
    },
  };
};

/**
 * What the rules of this room can tell apart. They never look at names, and a grant is in the question only when its
 * place holds the resource; a custom policy may look at anything, so its texts and all names join the key.
 */
const keyOf = ({ caller, action, resource, custom, context: c }: Question): string => {
  const own = resource.owner !== null && resource.owner === caller.identity;
  const system = caller.identity === SYSTEM;
  let key = `${action}|${resource.kind}|${resource.tier}|${resource.state}|${flags(own, system, caller.operator, resource.production)}`;
  key += `|${flags(c.outside, c.step, c.first, c.operator)}${c.lendable}|${c.factors.join()}|${c.roles.join()}|${c.excused.join()}`;
  if (c.reach.length > 0) key += `|${c.role}|${c.reach.join()}`;
  if (custom.list.length === 0) return key;
  return JSON.stringify([key, caller.identity, caller.kind, resource, c.role, c.posture, custom.list]);
};

const flags = (a: boolean, b: boolean, c: boolean, d: boolean): number =>
  (a ? 1 : 0) | (b ? 2 : 0) | (c ? 4 : 0) | (d ? 8 : 0);

/** Asks without memory. Names travel as JSON entities, never as policy text. */
export const askCedar = async (question: Question): Promise<Judgement> => {
  const rules = await parsedRules();
  const answer = rules.cedar.isAuthorized(callOf(question, rules));
  // Malformed input is a fault of ours; it must not turn into a yes.
  if (answer.type === 'failure') return { allow: false, rules: [POLICY_ERROR] };
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) return { allow: false, rules: [POLICY_ERROR] };
  return { allow: decision === 'allow', rules: diagnostics.reason.toSorted(byRank) };
};

const callOf = (
  { caller, action, row, resource, parents, grants, custom, context }: Question,
  rules: ParsedRules,
): Cedar.AuthorizationCall => {
  const principal = { type: 'Caller', id: caller.identity };
  const target = { type: RESOURCE_TYPE[resource.kind], id: resource.id };
  const uid = { type: 'Action', id: action };
  return {
    principal,
    action: uid,
    resource: target,
    context: context as unknown as Cedar.Context,
    policies: {
      staticPolicies: { ...rules.policies, ...Object.fromEntries(custom.list.map(({ id, text }) => [id, text])) },
      templates: Object.fromEntries(context.roles.map((role) => [role, rules.templates[role]!])),
      // Every grant in the question holds the resource, so one of each role says it all.
      templateLinks: [...new Map(grants.map((grant) => [grant.role, grant])).values()].map(({ role, place }) => ({
        templateId: role,
        newId: `role-${role}`,
        values: { '?principal': principal, '?resource': { type: 'Place', id: place } },
      })),
    },
    entities: [
      {
        uid: principal,
        attrs: { identity: caller.identity, kind: caller.kind, operator: caller.operator },
        parents: [],
      },
      {
        uid: target,
        attrs: {
          kind: resource.kind,
          project: resource.project ?? '',
          environment: resource.environment ?? '',
          name: resource.name ?? '',
          tier: resource.tier ?? '',
          state: resource.state ?? '',
          production: resource.production,
          owner: resource.owner ?? '',
        },
        parents: parents.map((id) => ({ type: 'Place', id })),
      },
      { uid, attrs: {}, parents: groupsOf(row).map((id) => ({ type: 'Action', id })) },
    ],
  };
};

const RESOURCE_TYPE: Readonly<Record<Question['resource']['kind'], string>> = {
  installation: 'Installation',
  project: 'Project',
  environment: 'Environment',
  credential: 'Credential',
  identity: 'Identity',
  token: 'Token',
  grant: 'Grant',
  ledger: 'Ledger',
};
