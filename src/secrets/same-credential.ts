import type { CredentialPath } from '#kernel';
import { inventoryError } from '#inventory';

/**
 * What was looked at under a name may be gone by the time of the deed, and another credential made there, or moved
 * there, whose versions count from one again: numbers agree by chance, ids never do. For use inside `apply`.
 * Errors: `inventory.changed_meanwhile`.
 *
 * @param seen the id that the caller saw there; null for none
 * @param now the id that is there
 */
export const requireSame = (path: CredentialPath, seen: string | null, now: string | null): void => {
  if (seen === now) return;
  const what =
    seen === null
      ? `${path} was made meanwhile.`
      : now === null
        ? `${path} was destroyed or renamed meanwhile.`
        : `${path} was destroyed or renamed meanwhile, and another has its name.`;
  throw inventoryError('changed_meanwhile', what, { path: path.toString() });
};
