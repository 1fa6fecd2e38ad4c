import type { ActionRow } from './actions.ts';
import { ROLE_NAMES, type Role } from './roles.ts';

export type Rule = {
  readonly id: string;
  /** For people: why. */
  readonly says: string;
  /** What would lift it. */
  readonly remedy: string;
  readonly cedar: string;
};

const STATE_REMEDY = {
  suspended:
    'When it is safe again: chatelaine resume PATH. Until then write a new version, or use another credential.',
  compromised: 'Issue a new one and change it where it is used; this one is not handed out again.',
  destroyed: 'Nobody can read it any more. Make a new one.',
} as const;

/** The two ways to be allowed that no grant gives, and the operator's. */
export const PERMITS: readonly Rule[] = [
  {
    id: 'self',
    says: 'Everybody acts on what is his own.',
    remedy: 'Act on your own.',
    cedar: `permit(principal, action in Action::"own", resource) when { resource.owner == principal.identity };`,
  },
  {
    id: 'operator',
    says: 'Whoever operates the server runs the installation, and reads no value by that.',
    remedy: 'Be an operator.',
    cedar: `permit(principal, action in Action::"operating", resource) when { principal.operator };`,
  },
  {
    id: 'system',
    says: 'The program does a closed list of things by itself.',
    remedy: 'A person must do this.',
    cedar: `permit(principal == Caller::"idn_system", action in Action::"system", resource);`,
  },
];

/** Rules that always hold, in the order in which a refusal names them. */
export const FORBIDS: readonly Rule[] = [
  {
    id: 'one-step',
    says: 'A one-time code, a recovery kit or a wrapping token serves for its one step.',
    remedy: 'Open a session with it first (chatelaine login).',
    cedar: `forbid(principal, action, resource) when { context.step } unless { action in Action::"one-step" };`,
  },
  {
    id: 'token-scope',
    says: 'The token in use was narrowed to another place.',
    remedy: 'Use a token whose scope holds this place.',
    cedar: `forbid(principal, action, resource) when { context.outside }
unless { action in Action::"own" && resource.owner == principal.identity };`,
  },
  ...(['suspended', 'compromised', 'destroyed'] as const).map((state) => ({
    id: `state-${state}`,
    says: `The credential is ${state}.`,
    remedy: STATE_REMEDY[state],
    cedar: `forbid(principal, action in Action::"reveals", resource) when { resource.state == "${state}" };`,
  })),
  {
    id: 'auditor-no-value',
    says: 'An auditor reads the ledger and no value, whatever else is granted.',
    remedy: 'Ask somebody who is no auditor here, or have the auditor grant revoked.',
    cedar: `forbid(principal, action in Action::"reveals", resource) when { context.roles.contains("auditor") };`,
  },
  {
    id: 'developer-production',
    says: 'A developer never reads or changes a production environment.',
    remedy: 'Ask a maintainer, or for the role deployer or maintainer on this environment.',
    cedar: `forbid(principal, action in [Action::"reveals", Action::"changes"], resource)
      when { resource.production && context.giving.contains("developer") && ["developer"].containsAll(context.giving) };`,
  },
  {
    id: 'bearer-gold',
    says: 'A bearer token alone neither reveals nor changes gold: whoever finds the token would control the home.',
    remedy: 'Sign in on this machine or with a sign-in code, or have an owner record an exception with an end.',
    cedar: `forbid(principal, action in [Action::"reveals", Action::"changes"], resource)
      when { resource.tier == "gold" && ["token"].containsAll(context.factors) }
      unless { context.excused.contains("bearer-gold") };`,
  },
  {
    id: 'bearer-proof',
    says: 'A bearer token alone makes no second proof and no exception.',
    remedy: 'Sign in on this machine or with a sign-in code.',
    cedar: `forbid(principal, action in Action::"proof", resource) when { ["token"].containsAll(context.factors) };`,
  },
  {
    id: 'grant-matrix',
    says: 'The posture does not let this role give or take that one.',
    remedy: 'Ask an owner.',
    cedar: `forbid(principal, action in [Action::"grant.create", Action::"grant.revoke"], resource)
      unless { context.reach.contains(context.role) || principal == Caller::"idn_system" };`,
  },
  {
    id: 'first-grant',
    says: 'The program gives the first grant of an installation and no other.',
    remedy: 'An owner must do this.',
    cedar: `forbid(principal == Caller::"idn_system", action == Action::"grant.create", resource) unless { context.first };`,
  },
  {
    id: 'beyond-reach',
    says: 'Whoever hands out a proof for somebody must be able to give every right it carries.',
    remedy: 'Ask an owner.',
    cedar: `forbid(principal, action in Action::"lends", resource)
      unless { context.lendable || principal == Caller::"idn_system" };`,
  },
  {
    id: 'operator-by-operator',
    says: 'Only an operator, or the first start, makes operators and hands out proofs for them.',
    remedy: 'Ask an operator.',
    cedar: `forbid(principal, action in [Action::"lends", Action::"identity.create"], resource)
      when { context.operator } unless { principal.operator || principal == Caller::"idn_system" };`,
  },
];

/**
 * A role's template; a grant links it to an identity and a place. The developer's leaves production out, so that the
 * ledger names the role that did allow.
 */
export const roleTemplate = (role: Role): string =>
  `permit(principal == ?principal, action in Action::"role-${role}", resource in ?resource)` +
  (role === 'developer' ? ' unless { resource.production && action in [Action::"reveals", Action::"changes"] };' : ';');

export const RULES: ReadonlyMap<string, Rule> = new Map([...PERMITS, ...FORBIDS].map((rule) => [rule.id, rule]));

/** The order in which one of several rules is named: as in the tables, custom policies last. */
const ORDER: ReadonlyMap<string, number> = new Map(
  [...ROLE_NAMES.map((role) => `role-${role}`), ...RULES.keys()].map((id, i) => [id, i]),
);
const rank = (id: string): number => ORDER.get(id) ?? ORDER.size;
export const byRank = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1);

/** The groups of an action, as its parents in Cedar. */
export const groupsOf = (row: ActionRow): string[] => [
  row.effect,
  ...row.roles.map((role) => `role-${role}`),
  ...(row.own ? ['own'] : []),
  ...(row.operator ? ['operating'] : []),
  ...(row.system ? ['system'] : []),
  ...(row.step ? ['one-step'] : []),
  ...(row.proof ? ['proof'] : []),
  ...(row.lends ? ['lends'] : []),
];

export const GROUPS: readonly string[] = [
  'reveals',
  'changes',
  'names',
  'governs',
  'runs',
  'own',
  'operating',
  'system',
  'one-step',
  'proof',
  'lends',
  ...ROLE_NAMES.map((role) => `role-${role}`),
];
