import type { KindId, SystemId, Weakness } from '#catalogue';
import type { Secret, Tier } from '#kernel';
import type { Leaf, SyntaxId } from './reading.ts';

/** Where a value stands in clear. */
export type FoundAt = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly keyPath: readonly string[];
  readonly system: SystemId | null;
  /** The entry's name, where it is an entry of a secrets file, a variable or a `#define`. */
  readonly name: string | null;
  /** Null when the value stands alone. */
  readonly within: {
    readonly role: string;
    /** The text around it, with `…` for every credential in it. */ readonly text: string;
  } | null;
};

export type Consumer = {
  readonly file: string;
  readonly line: number;
  readonly keyPath: readonly string[];
  readonly system: SystemId | null;
  /** How it gets the value; `literal` when it carries it itself. */
  readonly by: SyntaxId | 'env-file' | 'literal';
  /** The name it asks for. */
  readonly name: string | null;
};

export type FoundCredential = {
  /** Name inside the environment, fit for a CredentialPath. */
  readonly name: string;
  readonly original: string;
  readonly value: Secret;
  readonly fingerprint: string | null;
  readonly kind: KindId;
  readonly why: string;
  readonly system: SystemId | null;
  readonly tier: Tier;
  readonly foundAt: readonly FoundAt[];
  readonly consumers: readonly Consumer[];
  readonly weakness: Weakness | null;
};

/** The same value under several names, hosts or systems. */
export type SharedValue = {
  readonly credential: string;
  readonly names: readonly string[];
  readonly systems: readonly SystemId[];
};

/** For each leaf that others refer to, who does. */
export type Uses = ReadonlyMap<Leaf, readonly Consumer[]>;
