/** What is asked for, in the words of the policy: `noun.verb`. */
export type Action = `${string}.${string}`;

/** How much a credential is worth; see `catalogue` for what each may do. */
export type Tier = 'gold' | 'silver' | 'bronze';

/** The thing a deed touches, as the policy sees it. The deed looks it up; the policy looks nothing up. */
export type Resource = {
  readonly kind: 'installation' | 'project' | 'environment' | 'credential' | 'identity' | 'grant' | 'token' | 'ledger';
  /** Stable id that outlives renaming; goes into the public part of the ledger entry. */
  readonly id: string;
  readonly project: string | null;
  readonly environment: string | null;
  /** Name inside the environment, or a prefix of names for lists. */
  readonly name: string | null;
  readonly production: boolean;
  readonly tier: Tier | null;
  readonly owner: string | null;
  readonly state: string | null;
};

export type Facts = {
  readonly resource: Resource;
  /** Further attributes for the policy, for example the role that a grant would give. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
};

/** A version and the SHA-256 of its envelope, or a hash that no envelope has. */
export type Head = {
  readonly version: number;
  readonly hash: Uint8Array;
  /** What its entry says where that is not the deed's own; without it, which version it binds. */
  readonly note?: string;
};

/** What a deed leaves in the ledger beyond who, what and when. */
export type Summary = {
  /** Versions whose envelopes the ledger binds from now on, one entry each; see `ledger/heads.ts`. */
  readonly heads?: readonly Head[];
  /** Plain, public, small. Never a secret, never a name of a person. */
  readonly note?: string;
};

/** When and under which entry a deed is applied; the same for every deed of one commit, but for `index`. */
export type Stamp = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Id of the identity that acts. */
  readonly by: string;
};

/**
 * Anything that reveals or changes, as a value. Only the room `deeds` performs deeds: it decides, applies and
 * records each in one commit. `R` and `W` are the read and write transactions of `storage`; `F` may carry what
 * `facts` found anyway, so that it is not looked up twice.
 *
 * `facts`, `find` and `apply` await nothing but their transaction, so that a commit is never held up by the world
 * outside; each may run again when the world moved before the commit.
 */
export type DeedOf<R, W, In, Out, F extends Facts = Facts> = {
  /**
   * Unique. `apply` is found by it among the deeds that the rooms were put together with, and `In` is plain data or the
   * kernel's own values made of it (`Secret`, `Duration`, `CredentialPath`), so that the writer may live in another thread.
   */
  readonly name: string;
  readonly action: Action;
  /** Shares its commit with nobody: what follows needs what this changed beyond the tables, such as the keys. */
  readonly alone?: true;
  facts(tx: R, input: In): Promise<F>;
  summary?(input: In, output: Out): Summary;
} & (
  | {
      /** Reveals: `find` prepares what the receipt will open. Nothing is written but the entry. */
      readonly effect: 'reveal';
      find(tx: R, input: In, facts: F): Promise<Out>;
    }
  | {
      readonly effect: 'change';
      apply(tx: W, input: In, facts: F, stamp: Stamp): Promise<Out>;
    }
);
