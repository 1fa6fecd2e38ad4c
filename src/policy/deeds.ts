import { type ExceptionPorts, createException } from './create-exception.ts';
import { createGrant } from './create-grant.ts';
import type { Deed, GrantPorts } from './ports.ts';
import { removePolicy } from './remove-policy.ts';
import { type CredentialPlace, revokeException } from './revoke-exception.ts';
import { revokeGrant } from './revoke-grant.ts';
import { storePolicy } from './store-policy.ts';

/** What all deeds of this room need together. */
export type RightsPorts = GrantPorts & ExceptionPorts & { readonly whereIs: CredentialPlace };

/** Every deed of this room that changes something. */
export const policyDeeds = (ports: RightsPorts): readonly Deed<unknown, unknown>[] => [
  createException(ports),
  createGrant(ports),
  removePolicy(ports),
  revokeException(ports),
  revokeGrant(ports),
  storePolicy(ports),
];
