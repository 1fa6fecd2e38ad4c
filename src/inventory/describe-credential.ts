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
  /** The revision the caller last saw; undefined to change whatever is there. */
  readonly ifRevision?: number | undefined;
};

/** Changes what people declare: owner, purpose, kind, system, tier, rotation, expiry. */
export const describeCredential: Deed<DescribeCredential, CredentialRow, PlaceFacts> = {
  name: 'describe-credential',
  action: 'credential.mark',
  effect: 'change',
  facts: (tx, { path }) => placeFacts(tx, path),
  async apply(tx, { path, description, ifRevision }, facts, { now }) {
    const { credential } = await requireCredential(tx, path, facts);
    requireRevision(credential, ifRevision);
    return changeCredential(tx, describe(credential, description, now));
  },
};

export const requireRevision = (row: CredentialRow, expected: number | undefined): void => {
  if (expected !== undefined && expected !== row.revision)
    throw inventoryError('changed_meanwhile', `${row.name} was changed since you read it.`, {
      expected,
      found: row.revision,
    });
};
