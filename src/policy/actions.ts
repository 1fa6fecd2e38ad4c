import type { Action } from '#kernel';
import type { Role } from './roles.ts';

/**
 * What an action touches, for the rules that always hold: `reveals` secret values, `changes` a credential,
 * `names` what exists, `governs` who may do what, `runs` the installation.
 */
export type Effect = 'reveals' | 'changes' | 'names' | 'governs' | 'runs';

export type ActionRow = {
  readonly effect: Effect;
  readonly roles: readonly Role[];
  /** Also for anybody, on what is his own. */
  readonly own?: true;
  /** Also for operators of the installation. */
  readonly operator?: true;
  /** Also for the program by itself. */
  readonly system?: true;
  /** The thing lies in no project: a role anywhere is enough; other rules bound it. */
  readonly anywhere?: true;
  /** A list: a role below the place is enough, and `visible` narrows the answer. */
  readonly list?: true;
  /** What a one-time code, a kit or a wrapping token may be used for; nothing else. */
  readonly step?: true;
  /** Needs another proof than a bearer token, because it makes one or excuses from it. */
  readonly proof?: true;
  /** Hands out somebody's rights: only to one who could give each of them. */
  readonly lends?: true;
};

const KEEPERS = ['owner', 'maintainer'] as const;
const BUILDERS = [...KEEPERS, 'developer'] as const;
const READERS = [...BUILDERS, 'deployer', 'service', 'device'] as const;
const WATCHERS = [...KEEPERS, 'auditor', 'responder'] as const;

/** Every action of the system. An action that is not here is denied. */
export const ACTIONS = {
  'credential.read': { effect: 'reveals', roles: READERS },
  'credential.render': { effect: 'reveals', roles: [...BUILDERS, 'deployer', 'service'] },
  'credential.export': { effect: 'reveals', roles: KEEPERS },
  'credential.match': { effect: 'reveals', roles: [...BUILDERS, 'deployer'], system: true },
  'credential.list': { effect: 'names', roles: [...READERS, 'auditor', 'responder'], list: true },
  'credential.show': { effect: 'names', roles: [...READERS, 'auditor', 'responder'] },
  'credential.history': { effect: 'names', roles: [...BUILDERS, 'deployer', 'auditor', 'responder'] },
  'credential.write': { effect: 'changes', roles: BUILDERS },
  'credential.generate': { effect: 'changes', roles: BUILDERS },
  'credential.rollback': { effect: 'changes', roles: BUILDERS },
  'credential.adopt': { effect: 'changes', roles: BUILDERS },
  'credential.mark': { effect: 'changes', roles: [...BUILDERS, 'responder'] },
  'credential.delete': { effect: 'changes', roles: BUILDERS },
  'credential.undelete': { effect: 'changes', roles: BUILDERS },
  'credential.suspend': { effect: 'changes', roles: [...KEEPERS, 'responder'] },
  'credential.resume': { effect: 'changes', roles: KEEPERS },
  'credential.retire': { effect: 'changes', roles: KEEPERS },
  'credential.compromise': { effect: 'changes', roles: [...KEEPERS, 'responder'] },
  'credential.destroy': { effect: 'changes', roles: KEEPERS },
  'credential.transfer': { effect: 'changes', roles: KEEPERS },
  'answer.replay': { effect: 'names', roles: [], own: true },
  'secret.wrap': { effect: 'names', roles: [], own: true },
  'secret.unwrap': { effect: 'names', roles: [], own: true, step: true },

  'project.create': { effect: 'governs', roles: ['owner'], system: true },
  'project.show': { effect: 'names', roles: [...READERS, 'auditor', 'responder'], list: true },
  'project.list': { effect: 'names', roles: [...READERS, 'auditor', 'responder'], list: true },
  'project.change': { effect: 'governs', roles: ['owner'] },
  'environment.create': { effect: 'governs', roles: KEEPERS, system: true },
  'environment.list': { effect: 'names', roles: [...READERS, 'auditor', 'responder'], list: true },
  'environment.change': { effect: 'governs', roles: ['owner'] },

  'grant.create': { effect: 'governs', roles: KEEPERS, system: true },
  'grant.revoke': { effect: 'governs', roles: [...KEEPERS, 'responder'] },
  'grant.list': { effect: 'names', roles: WATCHERS },
  'exception.create': { effect: 'governs', roles: ['owner'], proof: true },
  'exception.revoke': { effect: 'governs', roles: [...KEEPERS, 'responder'] },
  'exception.list': { effect: 'names', roles: WATCHERS },
  'policy.write': { effect: 'governs', roles: ['owner'], proof: true },
  'policy.read': { effect: 'names', roles: WATCHERS },
  'explain.run': { effect: 'names', roles: WATCHERS, own: true },

  'identity.create': { effect: 'governs', roles: KEEPERS, anywhere: true, operator: true, system: true },
  'identity.list': { effect: 'names', roles: WATCHERS, anywhere: true, operator: true },
  'identity.suspend': { effect: 'governs', roles: ['owner', 'responder'] },
  'identity.resume': { effect: 'governs', roles: ['owner'] },
  'identity.link': { effect: 'governs', roles: ['owner'], proof: true, lends: true, system: true },
  'session.open': { effect: 'governs', roles: [], own: true, step: true },
  'session.break-glass': { effect: 'governs', roles: [], own: true, step: true },
  'token.create': { effect: 'governs', roles: [], own: true },
  'token.create-orphan': { effect: 'governs', roles: KEEPERS, anywhere: true, lends: true, system: true },
  'token.create-sign-in': { effect: 'governs', roles: KEEPERS, anywhere: true, proof: true, lends: true, system: true },
  'token.create-recovery': { effect: 'governs', roles: ['owner'], proof: true, lends: true, system: true },
  'token.lookup': { effect: 'names', roles: [], own: true },
  'token.lookup-any': { effect: 'names', roles: WATCHERS },
  'token.renew': { effect: 'governs', roles: [], own: true },
  'token.revoke': { effect: 'governs', roles: [], own: true },
  'token.revoke-any': { effect: 'governs', roles: ['owner', 'responder'] },

  'finding.list': { effect: 'names', roles: [...BUILDERS, 'auditor', 'responder'], list: true },
  'finding.open': { effect: 'governs', roles: [...BUILDERS, 'responder'], system: true },
  'finding.close': { effect: 'governs', roles: [...KEEPERS, 'responder'] },
  'finding.excuse': { effect: 'governs', roles: ['owner'] },

  'ledger.read': { effect: 'names', roles: WATCHERS },
  'ledger.read-own': { effect: 'names', roles: [], own: true },
  'ledger.verify': { effect: 'names', roles: WATCHERS, operator: true },
  'ledger.redact': { effect: 'governs', roles: ['owner'], proof: true },
  'ledger.accept-rollback': { effect: 'runs', roles: ['owner'], operator: true },

  'installation.init': { effect: 'runs', roles: [], system: true },
  'installation.start': { effect: 'runs', roles: [], system: true },
  'installation.stop': { effect: 'runs', roles: ['owner'], operator: true, system: true },
  'installation.clock-step': { effect: 'runs', roles: [], system: true },
  'installation.lock': { effect: 'runs', roles: ['owner', 'responder'], operator: true, system: true },
  'installation.unlock': { effect: 'runs', roles: ['owner'], operator: true, system: true },
  'installation.rekey': { effect: 'runs', roles: ['owner'], operator: true },
  'installation.backup': { effect: 'runs', roles: ['owner'], operator: true, system: true },
  'installation.restore': { effect: 'runs', roles: ['owner'], operator: true },
  'installation.confirm-kit': { effect: 'runs', roles: ['owner'], operator: true },
  'installation.revoke-kit': { effect: 'governs', roles: ['owner'], proof: true },
  'installation.posture': { effect: 'governs', roles: ['owner'], proof: true },
  'installation.status': { effect: 'names', roles: WATCHERS, operator: true },
} as const satisfies Readonly<Record<Action, ActionRow>>;

export type KnownAction = keyof typeof ACTIONS;

export const actionRow = (action: string): ActionRow | undefined =>
  Object.hasOwn(ACTIONS, action) ? ACTIONS[action as KnownAction] : undefined;
