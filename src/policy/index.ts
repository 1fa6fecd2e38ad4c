export { ACTIONS, type ActionRow, type Effect, type KnownAction, actionRow } from './actions.ts';
export {
  type CreateException,
  type CredentialCheck,
  type ExceptionPorts,
  createException,
} from './create-exception.ts';
export { type CreateGrant, createGrant } from './create-grant.ts';
export { checkRights } from './check-rows.ts';
export type { Decision, Missing } from './decision.ts';
export { policyError } from './errors.ts';
export type { ExplainedGrant, Explanation } from './explain.ts';
export { hasGrants } from './has-grants.ts';
export { keepAnOwner } from './keep-owner.ts';
export { type ListExceptions, listExceptions } from './list-exceptions.ts';
export { type ListGrants, listGrants } from './list-grants.ts';
export { type ListPolicies, listPolicies } from './list-policies.ts';
export type { Scope } from './place.ts';
export { type Policy, openPolicy } from './policy.ts';
export type { GrantPorts, KnownPlace, Places, PolicyKeys, PolicyPorts } from './ports.ts';
export { POSTURES, POSTURE_NAMES, type Posture, type PostureName } from './postures.ts';
export { EXCUSABLE, type Request } from './question.ts';
export type { ExceptionRecord, GrantRecord, PolicyRecord } from './records.ts';
export { type RemovePolicy, removePolicy } from './remove-policy.ts';
export { type CredentialPlace, type RevokeException, revokeException } from './revoke-exception.ts';
export { type RevokeGrant, revokeGrant } from './revoke-grant.ts';
export { ROLES, ROLE_NAMES, type Role } from './roles.ts';
export { type Rule, FORBIDS, PERMITS } from './rules.ts';
export { type StorePolicy, checkPolicy, storePolicy } from './store-policy.ts';
export type { Subject } from './subject.ts';
export type { Listing } from './visible.ts';
export { type RightsPorts, policyDeeds } from './deeds.ts';
