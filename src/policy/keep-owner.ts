import type { ReadTx } from '#storage';
import { policyError } from './errors.ts';
import type { GrantPorts } from './ports.ts';
import { type GrantRow, grantSeal, installationOwners } from './tables.ts';

type OwnerPorts = Pick<GrantPorts, 'keys' | 'isActive'>;

/** What is about to be lost: one grant, or all that an identity can do. */
type Losing = { readonly grant: string } | { readonly identity: string };

/**
 * Refuses what would leave the installation without an owner who can act: one whose grant ended, or who is suspended,
 * can give nothing to anybody, and nobody else could make another. Errors: `policy.last_owner`.
 */
export const keepAnOwner = async (
  tx: ReadTx,
  { keys, isActive }: OwnerPorts,
  losing: Losing,
  now: number,
): Promise<void> => {
  const isLost = (row: GrantRow): boolean =>
    'grant' in losing ? row.id === losing.grant : row.identity === losing.identity;
  const owners = (await tx.all(installationOwners, {})).filter((row) => grantSeal.isTrue(keys.rowMacs(), row));
  if (!owners.some(isLost)) return;
  for (const row of owners)
    if (!isLost(row) && (row.ends_at === null || row.ends_at > now) && (await isActive(tx, row.identity))) return;
  throw policyError('last_owner', 'This is the last owner of the installation who can act.');
};
