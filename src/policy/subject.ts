/** The caller as the policy sees him; `identity`'s Caller is one. */
export type Subject = {
  readonly identity: string;
  readonly kind: string;
  readonly operator: boolean;
  readonly factors: readonly string[];
  readonly from: { readonly address: string };
  /** Narrows the token in use; see `identity`'s TokenScope. */
  readonly scope: {
    readonly project: string | null;
    readonly environment: string | null;
    readonly prefix: string | null;
    readonly roles: readonly string[] | null;
  } | null;
};

/** The identity of the program itself; no row can bear it. */
export const SYSTEM = 'idn_system';
