import type { Id } from '#kernel';

/** A kind of evidence that a caller gave. `token` alone is a bearer token, which whoever finds it can use. */
export type Factor = 'token' | 'os-user' | 'sign-in-code' | 'recovery-kit' | 'mtls' | 'program';

export type IdentityKind = 'person' | 'service' | 'device';

/** Where a request came from, for address ranges and for the ledger. */
export type From = {
  /** IP address as text, or `local` for a socket of this machine. */
  readonly address: string;
  /** What the client calls itself. */
  readonly agent: string;
  readonly requestId?: string;
};

/** Narrows a token to a part of what its identity may do; `null` narrows nothing. */
export type TokenScope = {
  readonly project: string | null;
  readonly environment: string | null;
  /** Leading segments of names. */
  readonly prefix: string | null;
  /** Roles the token may use; none at all when empty. */
  readonly roles: readonly string[] | null;
};

/** A proven identity asking for something, with the factors it proved. */
export type Caller = {
  readonly identity: Id<'idn'>;
  readonly name: string;
  readonly kind: IdentityKind;
  /** May run the installation (lock, unlock, back up). Reads no value by that alone. */
  readonly operator: boolean;
  /** Names the token in use without being able to use it; null when no token was. */
  readonly accessor: string | null;
  readonly factors: readonly Factor[];
  readonly expiresAt: number | null;
  /** How often the token may be used in all; 0 is without limit. */
  readonly uses: number;
  readonly from: From;
  readonly scope: TokenScope | null;
  /** Revision of the rights that this proof saw. A deed at another revision has it checked again. */
  readonly provenAt: number;
};

/** No revision: what was proven without one is checked at every deed. */
export const NO_REVISION = -1;

/** Not of the form that `newId` makes, so no row of the table can ever bear it. */
export const SYSTEM_IDENTITY = 'idn_system' as Id<'idn'>;

/** What the program does by itself: first start, schedules, its own stop. The policy allows it a closed list. */
export const systemCaller = (from: From = { address: 'local', agent: 'chatelaine' }): Caller => ({
  identity: SYSTEM_IDENTITY,
  name: 'system',
  kind: 'service',
  operator: false,
  accessor: null,
  factors: ['program'],
  expiresAt: null,
  uses: 0,
  from,
  scope: null,
  provenAt: NO_REVISION,
});
