import { timingSafeEqual } from '#kernel';
import type { CredentialRow } from '#inventory';
import type { Sealing } from '#sealing';
import type { ReadTx } from '#storage';
import { fingerprintOf } from './homes.ts';
import { homeOf, valuesOfVersion, versionByNumber, versionsOf } from './tables.ts';
import { MIN_FINGERPRINTED } from './value.ts';

/**
 * How a text found outside stands to the leaf `value` of a credential: the current one, one of an older version, or
 * neither. `unknown`: too short to have a fingerprint, so only reading could tell.
 */
export type Likeness = 'current' | 'older' | 'different' | 'unknown';

/** Compares by fingerprint; opens nothing. */
export const compareText = async (
  tx: ReadTx,
  sealing: Sealing,
  credential: CredentialRow,
  text: string,
): Promise<Likeness> => {
  if (credential.current_number === 0) return 'different';
  if ([...text].length < MIN_FINGERPRINTED) return 'unknown';
  const fingerprint = fingerprintOf(sealing, text);
  const current = await tx.one(versionByNumber, { credential: credential.id, number: credential.current_number });
  for (const { serial } of (await tx.all(versionsOf, { credential: credential.id })).toReversed())
    for (const row of await tx.all(valuesOfVersion, { credential: credential.id, serial }))
      if (row.leaf === 'value' && timingSafeEqual(row.fingerprint, fingerprint))
        return serial === current?.serial ? 'current' : 'older';
  return 'different';
};

/** The credential by which an environment is the one that has a value. */
export type ValueHome = { readonly project: string; readonly environment: string; readonly credential: string };

/** The other environment in which a text is a secret value; null for none, and for a text without a fingerprint. */
export const homeElsewhere = async (
  tx: ReadTx,
  sealing: Sealing,
  place: { readonly project: string; readonly environment: string },
  text: string,
): Promise<ValueHome | null> => {
  if ([...text].length < MIN_FINGERPRINTED) return null;
  const home = await tx.one(homeOf, { fingerprint: fingerprintOf(sealing, text) });
  if (home === undefined || (home.project === place.project && home.environment === place.environment)) return null;
  const { project, environment, credential } = home;
  return { project, environment, credential };
};

/** Leaves of the current version whose value another environment was the first to hold. */
export const leavesSharedElsewhere = async (
  tx: ReadTx,
  place: { readonly project: string; readonly environment: string },
  credential: CredentialRow,
): Promise<readonly string[]> => {
  const current = await tx.one(versionByNumber, { credential: credential.id, number: credential.current_number });
  if (current === undefined) return [];
  const shared: string[] = [];
  for (const { leaf, fingerprint } of await tx.all(valuesOfVersion, {
    credential: credential.id,
    serial: current.serial,
  })) {
    const home = await tx.one(homeOf, { fingerprint });
    if (home !== undefined && (home.project !== place.project || home.environment !== place.environment))
      shared.push(leaf);
  }
  return shared;
};
