/** What would be needed for the answer yes. */
export type Missing = {
  readonly kind: 'role' | 'grant' | 'scope' | 'factor' | 'state' | 'exception' | 'rule' | 'place';
  /** The roles, the rule, the state … */
  readonly what: readonly string[];
  /** A sentence with the next step. */
  readonly remedy: string;
};

export type Decision = {
  readonly allow: boolean;
  /** Id of the rule that decided; stable, for the ledger: `role-owner`, `self`, `bearer-gold`, `custom-pol_…`, `default-deny`. */
  readonly rule: string;
  readonly missing: readonly Missing[];
  /** The earliest end of a grant or exception this rests on, in milliseconds since 1970; null when none ends. */
  readonly until: number | null;
};

export const DEFAULT_DENY = 'default-deny';
export const UNKNOWN_ACTION = 'unknown-action';
/** A policy failed while it was evaluated. Cedar would skip it; we refuse, for it may have been a `forbid`. */
export const POLICY_ERROR = 'policy-error';
