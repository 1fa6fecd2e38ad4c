import type { ChatelaineError, Secret, Tier } from '#kernel';
import type { FindingsSettled } from '#findings';
import type { Consumer } from '#inventory';
import type { RenderingPlan } from './renderings.ts';

/** A credential as a survey of files found it. */
export type Found = {
  readonly name: string;
  readonly original: string | null;
  readonly value: Secret;
  readonly kind: string;
  readonly system: string | null;
  readonly tier: Tier | null;
  readonly from: string | null;
  readonly consumers: readonly Consumer[];
  readonly weakness: { readonly code: string; readonly why: string } | null;
  readonly reused: readonly string[];
};

/** Something about names and places rather than values. */
export type Gap = { readonly name: string; readonly place: string; readonly why: string };

export type Adopt = {
  readonly project: string;
  readonly environment: string;
  readonly from: string;
  readonly dryRun: boolean;
  readonly credentials: readonly Found[];
  readonly renderings: readonly RenderingPlan[];
  /** With the last part of a survey: all of them. `plaintext` is null where nobody looked for it. */
  readonly gaps: {
    readonly missing: readonly Gap[];
    readonly orphans: readonly Gap[];
    readonly plaintext: readonly Gap[] | null;
  } | null;
};

export type AdoptedOne = {
  readonly name: string;
  readonly result: 'new' | 'same' | 'changed' | 'older' | 'refused';
  readonly version: number | null;
  readonly shared: boolean;
  /** Its id; null when it is refused, or would only be made. */
  readonly credential: string | null;
  readonly error: ChatelaineError | null;
};

export type Adopted = {
  readonly credentials: readonly AdoptedOne[];
  readonly renderings: readonly { readonly target: string; readonly result: 'new' | 'same' | 'changed' }[];
  readonly findings: FindingsSettled;
};
