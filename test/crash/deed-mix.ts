import { CredentialPath, type Receipt, Secret, hasCode, toHex } from '#kernel';
import type { Caller } from '#identity';
import { changeState } from '#inventory';
import { createGrant, revokeGrant } from '#policy';
import {
  deleteVersions,
  destroyCredential,
  destroyVersions,
  promoteVersion,
  readVersion,
  transferCredential,
  undeleteVersions,
  writeVersion,
} from '#secrets';
import type { Rooms } from '../rooms.ts';
import { type Acknowledgement, hashOfValue } from './acknowledgement.ts';
import type { Seeded } from './seeded.ts';

/** Who acts: the owner may do all, the developer what the grants of the moment give, the stranger nothing. */
export type Cast = { readonly owner: Caller; readonly developer: Caller; readonly stranger: Caller };

export type Attempt = { readonly deed: string; readonly path: string; run(): Promise<Acknowledgement> };

/** Few names and much to do: deeds meet on the same credential. */
const NAMES = Array.from({ length: 8 }, (_, i) => `pool/${i}`);
const ENVIRONMENTS = ['home', 'home', 'prod'] as const;
const SHARED_VALUES = 4;

/** Weights of the deeds of one worker. */
const MIX = {
  write: 30,
  read: 24,
  readAsDeveloper: 8,
  readAsStranger: 6,
  writeOnce: 4,
  writePending: 4,
  deleteVersion: 4,
  undelete: 3,
  destroyVersion: 2,
  destroy: 2,
  suspend: 3,
  resume: 5,
  grant: 2,
  revoke: 2,
  transfer: 3,
} as const;
type Kind = keyof typeof MIX;
const DRAWN: readonly Kind[] = Object.entries(MIX).flatMap(([kind, weight]) => Array<Kind>(weight).fill(kind as Kind));

/** Gives one random deed after another; `run` makes it unique among all runs on one database. */
export const openMix = (house: Rooms, cast: Cast, chance: Seeded, run: string): (() => Attempt) => {
  const { deeds, secrets } = house;
  const { owner } = cast;
  const versions = new Map<string, number>();
  const grants: string[] = [];
  let made = 0;

  const acknowledge = (deed: string, action: string, path: string, receipt?: Receipt): Acknowledgement => ({
    deed,
    action,
    path,
    ...(receipt && { index: receipt.index, commitment: toHex(receipt.commitment) }),
  });

  /** Mostly a value of its own; at times one that others of its environment hold, or that only the other may hold. */
  const drawValue = (environment: string): string => {
    const kind = chance.next();
    if (kind < 0.2) return `shared value ${chance.between(1, SHARED_VALUES)} of ${environment}`;
    if (kind < 0.23)
      return `shared value ${chance.between(1, SHARED_VALUES)} of ${environment === 'home' ? 'prod' : 'home'}`;
    return `value ${++made} of run ${run}`;
  };

  const write = async (deed: string, path: CredentialPath, more: { pending?: boolean; checkAndSet?: number } = {}) => {
    const password = drawValue(path.environment);
    const written = await writeVersion(secrets, owner, {
      path,
      value: Secret.fromText(JSON.stringify({ password })),
      leaves: 'all',
      provenance: { how: 'entered', from: null, scopes: [] },
      ...more,
    });
    const { version } = written.metadata;
    if (version !== null) versions.set(path.toString(), version);
    return {
      acknowledgement: {
        ...acknowledge(deed, 'credential.write', path.toString(), written.receipt),
        credential: written.credential,
        version,
        hash: hashOfValue({ password }),
        ...(more.checkAndSet === undefined ? {} : { checkAndSet: more.checkAndSet }),
      },
      metadata: written.metadata,
    };
  };

  const read = async (deed: string, path: CredentialPath, caller: Caller): Promise<Acknowledgement> => {
    const { credential, metadata, value, receipt } = await readVersion(secrets, caller, { path, version: 0 });
    versions.set(path.toString(), metadata.version ?? 0);
    return {
      ...acknowledge(deed, 'credential.read', path.toString(), receipt),
      credential: credential.id,
      version: metadata.version,
      hash: value === null ? null : hashOfValue(value),
    };
  };

  const known = (path: CredentialPath): number[] => {
    const newest = versions.get(path.toString()) ?? 1;
    return [Math.max(1, newest - chance.between(0, 2))];
  };

  /** Destroyed it is, also where no room was left to clean the files after it. */
  const destroyed = async (deed: Promise<void>): Promise<void> => {
    try {
      await deed;
    } catch (error) {
      if (!hasCode(error, 'secrets.not_scrubbed')) throw error;
    }
  };

  const kinds: Record<Kind, (path: CredentialPath) => Promise<Acknowledgement>> = {
    write: async (path) => {
      const newest = versions.get(path.toString());
      const guarded = chance.next() < 0.5 && newest !== undefined;
      return (await write('write', path, guarded ? { checkAndSet: newest } : {})).acknowledgement;
    },
    read: (path) => read('read', path, owner),
    readAsDeveloper: (path) => read('readAsDeveloper', path, cast.developer),
    readAsStranger: (path) => read('readAsStranger', path, cast.stranger),
    writeOnce: async ({ project, environment }) => {
      const path = CredentialPath.parse(`${project}/${environment}/once/${run}/${++made}`);
      const { acknowledgement } = await write('writeOnce', path, { checkAndSet: 0 });
      if (chance.next() < 0.5)
        await destroyed(destroyCredential(secrets, owner, { path, reason: 'test', forget: false }));
      return acknowledgement;
    },
    writePending: async (path) => {
      const { acknowledgement, metadata } = await write('writePending', path, { pending: true });
      const { output, receipt } = await deeds.perform(promoteVersion, owner, {
        path,
        credential: acknowledgement.credential,
        serial: metadata.serial,
      });
      return {
        ...acknowledge('promote', 'credential.write', path.toString(), receipt),
        version: output.metadata.version,
      };
    },
    deleteVersion: async (path) => {
      const { receipt } = await deeds.perform(deleteVersions, owner, { path, versions: known(path) });
      return acknowledge('deleteVersion', 'credential.delete', path.toString(), receipt);
    },
    undelete: async (path) => {
      const { receipt } = await deeds.perform(undeleteVersions, owner, { path, versions: known(path) });
      return acknowledge('undelete', 'credential.undelete', path.toString(), receipt);
    },
    destroyVersion: async (path) => {
      await destroyed(destroyVersions(secrets, owner, { path, versions: known(path) }));
      return acknowledge('destroyVersion', 'credential.destroy', path.toString());
    },
    destroy: async (path) => {
      await destroyed(destroyCredential(secrets, owner, { path, reason: 'test', forget: true }));
      return acknowledge('destroy', 'credential.destroy', path.toString());
    },
    suspend: async (path) => {
      const { receipt } = await deeds.perform(changeState('suspend'), owner, { path, reason: 'test' });
      return acknowledge('suspend', 'credential.suspend', path.toString(), receipt);
    },
    resume: async (path) => {
      const { receipt } = await deeds.perform(changeState('resume'), owner, { path, reason: 'test' });
      return acknowledge('resume', 'credential.resume', path.toString(), receipt);
    },
    grant: async () => {
      const { output, receipt } = await deeds.perform(createGrant(house.grantPorts), owner, {
        identity: cast.developer.identity,
        role: 'developer',
        project: 'porch',
        environment: 'home',
        prefix: null,
        reason: 'test',
      });
      grants.push(output.id);
      return acknowledge('grant', 'grant.create', 'porch/home', receipt);
    },
    revoke: async () => {
      const id = grants.splice(chance.between(0, Math.max(0, grants.length - 1)), 1)[0] ?? 'grt_none';
      const { receipt } = await deeds.perform(revokeGrant(house.grantPorts), owner, { id });
      return acknowledge('revoke', 'grant.revoke', 'porch/home', receipt);
    },
    transfer: async (path) => {
      const name = path.name.endsWith('-moved') ? path.name.slice(0, -6) : `${path.name}-moved`;
      const to = CredentialPath.parse(`${path.project}/${path.environment}/${name}`);
      await transferCredential(secrets, owner, { from: path, to });
      return acknowledge('transfer', 'credential.transfer', path.toString());
    },
  };

  return () => {
    const deed = chance.pick(DRAWN);
    const moved = chance.next() < 0.1 ? '-moved' : '';
    const path = CredentialPath.parse(`porch/${chance.pick(ENVIRONMENTS)}/${chance.pick(NAMES)}${moved}`);
    return { deed, path: path.toString(), run: () => kinds[deed](path) };
  };
};
