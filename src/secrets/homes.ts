import { type CredentialPath, type JsonObject, canonical, matchName, utf8 } from '#kernel';
import type { Sealing } from '#sealing';
import type { WriteTx } from '#storage';
import { secretsError } from './errors.ts';
import { tagOfName } from './match-tag.ts';
import {
  claimHome,
  countHome,
  deleteVersionValues,
  homeOf,
  insertVersionValue,
  leaveHome,
  valuesOfVersion,
} from './tables.ts';
import { type LeafRule, MIN_FINGERPRINTED, secretLeaves } from './value.ts';

/**
 * A value's name that says nothing about it: HMAC under this installation's own key. Each rekey adds a key on top, so
 * that fingerprints are made anew from the old ones, without opening any value.
 */
export const fingerprintOf = (sealing: Sealing, text: string): Uint8Array =>
  sealing
    .macs('fingerprint')
    .reduceRight((message: Uint8Array, mac) => mac.tag(message), canonical(['value', utf8(text.normalize('NFC'))]));

export type Claim = {
  readonly path: CredentialPath;
  /** Ids of the project and the environment. */
  readonly scope: string;
  readonly environment: string;
  readonly credential: string;
  readonly serial: number;
  readonly value: JsonObject;
  readonly rule: LeafRule;
  /** Takes what is shared as it is found, as adoption must, and reports it; otherwise sharing is refused. */
  readonly asFound: boolean;
};

/** A value found in two environments while taking things as found. */
export type SharedLeaf = { readonly leaf: string; readonly project: string; readonly environment: string };

/**
 * Claims every secret leaf of a version for its environment, in the transaction that writes the version: no secret
 * value of 8 characters or more is ever in two environments by a new write.
 * Errors: `secrets.shared_across_environments`, whose details the face must not show to who may not see that place.
 */
export const claimLeaves = async (sealing: Sealing, tx: WriteTx, claim: Claim): Promise<readonly SharedLeaf[]> => {
  const shared: SharedLeaf[] = [];
  const { project, environment } = claim.path;
  const matchKey = await sealing.matchMac(tx, claim.scope);
  for (const { path, text } of secretLeaves(claim.value, claim.rule)) {
    if ([...text].length < MIN_FINGERPRINTED) continue;
    const fingerprint = fingerprintOf(sealing, text);
    const home = await tx.one(homeOf, { fingerprint });
    if (home === undefined)
      await tx.run(claimHome, { fingerprint, project, environment, credential: claim.credential, uses: 1 });
    else if (home.project === project && home.environment === environment)
      await tx.run(countHome, { fingerprint, by: 1 });
    else if (claim.asFound) shared.push({ leaf: path.join('.'), project: home.project, environment: home.environment });
    else throw sharedError(claim, path.join('.'), home);
    await tx.run(insertVersionValue, {
      credential: claim.credential,
      serial: claim.serial,
      fingerprint,
      leaf: path.join('.'),
      match_tag: tagOfName(sealing, claim.environment, matchName(matchKey, text)),
    });
  }
  return shared;
};

/** Gives a version's claims back. A value that no version holds any more may be used elsewhere. */
export const releaseLeaves = async (
  tx: WriteTx,
  place: { readonly project: string; readonly environment: string },
  credential: string,
  serial: number,
): Promise<void> => {
  for (const { fingerprint } of await tx.all(valuesOfVersion, { credential, serial })) {
    const home = await tx.one(homeOf, { fingerprint });
    if (home?.project !== place.project || home.environment !== place.environment) continue;
    if (home.uses > 1) await tx.run(countHome, { fingerprint, by: -1 });
    else await tx.run(leaveHome, { fingerprint });
  }
  await tx.run(deleteVersionValues, { credential, serial });
};

const sharedError = (
  { path }: Claim,
  leaf: string,
  home: { readonly project: string; readonly environment: string; readonly credential: string },
) =>
  secretsError('shared_across_environments', `The value of "${leaf}" is in use in another environment.`, {
    path: path.toString(),
    leaf,
    project: home.project,
    environment: home.environment,
    credential: home.credential,
  });
