import type { CredentialPath } from '#kernel';
import type { Deed } from '#deeds';
import { changeCredential } from './codes.ts';
import { type Description, describe } from './credential.ts';
import { inventoryError } from './errors.ts';
import { type PlaceFacts, placeFacts, requireCredential } from './place.ts';
import type { CredentialRow } from './tables.ts';

export type DescribeCredential = {
  readonly path: CredentialPath;
  readonly description: Description;
  /** The `standingTag` of what the caller last saw; undefined to change whatever is there. */
  readonly ifStanding?: string | undefined;
};

/** Changes what people declare: owner, purpose, kind, system, tier, rotation, expiry. */
export const describeCredential: Deed<DescribeCredential, CredentialRow, PlaceFacts> = {
  name: 'describe-credential',
  action: 'credential.mark',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, { path, description, ifStanding }, facts, { now }) {
    const { credential } = await requireCredential(tx, path, facts);
    requireStanding(credential, ifStanding);
    return changeCredential(tx, describe(credential, description, now));
  },
};

/**
 * Names a credential as it stands, to compare with: which one it is, because another made under its name counts from
 * one again, and how often it changed.
 */
export const standingTag = ({ id, revision }: Pick<CredentialRow, 'id' | 'revision'>): string => `${id}.${revision}`;

const requireStanding = (row: CredentialRow, expected: string | undefined): void => {
  const found = standingTag(row);
  if (expected !== undefined && expected !== found)
    throw inventoryError('changed_meanwhile', `${row.name} was changed since you read it.`, { expected, found });
};
