export { type BreakGlass, type BrokenGlass, breakGlass } from './break-glass.ts';
export {
  type Caller,
  type Factor,
  type From,
  type IdentityKind,
  SYSTEM_IDENTITY,
  type TokenScope,
  systemCaller,
} from './caller.ts';
export { type CreateIdentity, createIdentity } from './create-identity.ts';
export { type CreateOrphanToken, createOrphanToken } from './create-orphan-token.ts';
export { type CreateSignInCode, createSignInCode } from './create-sign-in-code.ts';
export { type CreateToken, type TokenWish, createToken } from './create-token.ts';
export { identityError } from './errors.ts';
export { type Identity, openIdentity } from './identity.ts';
export { checkIdentities } from './check-rows.ts';
export { MAX_TOKEN_LIFE, SESSION_LIFE, SIGN_IN_LIFE, TOKEN_LIFE } from './lifetimes.ts';
export { type LinkOsUser, linkOsUser } from './link-os-user.ts';
export { type ListIdentities, listIdentities } from './list-identities.ts';
export { type ListForeignTokens, type ListTokens, listForeignTokens, listTokens } from './list-tokens.ts';
export {
  type LookUpForeignToken,
  type LookUpToken,
  type TokenLookUp,
  lookUpForeignToken,
  lookUpToken,
} from './look-up-token.ts';
export { type MakeRecoveryToken, endRecoveryTokens, makeRecoveryToken } from './make-recovery-token.ts';
export type { MintedToken } from './mint-token.ts';
export { parseIdentityName } from './name.ts';
export { type OpenOsSession, openOsSession } from './open-os-session.ts';
export type { IdentityKeys, IdentityPorts } from './ports.ts';
export type { IdentityRecord, TokenRecord } from './records.ts';
export { type RedeemSignInCode, redeemSignInCode } from './redeem-sign-in-code.ts';
export { type RenewToken, renewToken } from './renew-token.ts';
export { type ResumeIdentity, resumeIdentity } from './resume-identity.ts';
export { type RevokeForeignToken, revokeForeignToken } from './revoke-foreign-token.ts';
export { type RevokeToken, type Revoked, revokeToken } from './revoke-token.ts';
export { type SuspendIdentity, suspendIdentity } from './suspend-identity.ts';
export { isToken } from './token.ts';
export { identityDeeds } from './deeds.ts';
