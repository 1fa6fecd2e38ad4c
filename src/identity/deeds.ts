import { breakGlass } from './break-glass.ts';
import { createIdentity } from './create-identity.ts';
import { createOrphanToken } from './create-orphan-token.ts';
import { createSignInCode } from './create-sign-in-code.ts';
import { createToken } from './create-token.ts';
import { linkOsUser } from './link-os-user.ts';
import { makeRecoveryToken } from './make-recovery-token.ts';
import { openOsSession } from './open-os-session.ts';
import type { Deed, IdentityPorts } from './ports.ts';
import { redeemSignInCode } from './redeem-sign-in-code.ts';
import { renewToken } from './renew-token.ts';
import { resumeIdentity } from './resume-identity.ts';
import { revokeForeignToken } from './revoke-foreign-token.ts';
import { revokeToken } from './revoke-token.ts';
import { suspendIdentity } from './suspend-identity.ts';

/** Every deed of this room that changes something. */
export const identityDeeds = (ports: IdentityPorts): readonly Deed<unknown, unknown>[] => [
  breakGlass(ports),
  createIdentity(ports),
  createOrphanToken(ports),
  createSignInCode(ports),
  createToken(ports),
  linkOsUser(ports),
  makeRecoveryToken(ports),
  openOsSession(ports),
  redeemSignInCode(ports),
  renewToken(ports),
  resumeIdentity(ports),
  revokeForeignToken(ports),
  revokeToken(ports),
  suspendIdentity(ports),
];
