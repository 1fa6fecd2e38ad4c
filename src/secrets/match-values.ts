import { fromHex, toHex } from '#kernel';
import type { Deed } from '#deeds';
import type { Caller } from '#identity';
import {
  type ConsumerRow,
  type CredentialRow,
  type EnvironmentFacts,
  consumersOf,
  credentialById,
  effectiveTier,
  environmentFacts,
  requireEnvironment,
} from '#inventory';
import type { Sealing } from '#sealing';
import type { ReadTx } from '#storage';
import { tagOfName } from './match-tag.ts';
import type { SecretsPorts } from './ports.ts';
import { type TaggedRow, versionBySerial, versionsTagged } from './tables.ts';

export type MatchValues = {
  readonly project: string;
  readonly environment: string;
  /** Values by the names that `matchName` gives them. */
  readonly names: readonly Uint8Array[];
};

/**
 * How a version stands: the one in force, one that waits to be, or one that another has replaced. `live`: it is not
 * known to open nothing any more.
 */
export type Standing = 'current' | 'pending' | 'earlier';

/** A kept value that somebody found somewhere. */
export type Match = {
  readonly name: Uint8Array;
  readonly credential: CredentialRow;
  readonly serial: number;
  /** KV number; null while pending. */
  readonly version: number | null;
  readonly standing: Standing;
  readonly isLive: boolean;
  readonly leaf: string;
  readonly consumers: readonly ConsumerRow[];
};

export type Matches = {
  /** The newest version of each credential that holds one of the values. */
  readonly known: readonly Match[];
  /** Gold that this caller may not be told about; for whoever answers for it. */
  readonly withheld: readonly Match[];
};

/**
 * Tells which values are kept, without opening one. An answer to a guess reveals as a read does, so it asks for the
 * right to read all of the environment; of gold only who proved more than a bearer token is told. Whether he may know is
 * asked first and for itself, so that no entry and no commit depends on what matched.
 */
export const matchValues = async (ports: SecretsPorts, caller: Caller, input: MatchValues): Promise<Matches> => {
  const ask = { ...input, names: [] };
  const withGold = (await ports.deeds.consult(compareNames(ports.sealing, 'gold'), caller, ask)) !== undefined;
  const { output } = await ports.deeds.perform(compareNames(ports.sealing, withGold ? 'gold' : null), caller, input);
  const isTold = ({ credential }: Match): boolean => withGold || effectiveTier(credential) !== 'gold';
  return { known: output.filter(isTold), withheld: output.filter((match) => !isTold(match)) };
};

const compareNames = (
  sealing: Sealing,
  tier: 'gold' | null,
): Deed<MatchValues, readonly Match[], EnvironmentFacts> => ({
  name: 'match-values',
  action: 'credential.match',
  effect: 'reveal',
  async facts(tx, { project, environment }) {
    const facts = await environmentFacts(tx, project, environment);
    return { ...facts, resource: { ...facts.resource, tier } };
  },
  async find(tx, { project, environment, names }) {
    const place = await requireEnvironment(tx, project, environment);
    const nameOf = new Map(names.map((name) => [toHex(tagOfName(sealing, place.environment.id, name)), name]));
    if (nameOf.size === 0) return [];
    const rows = await versionsTagged(tx, [...nameOf.keys()].map(fromHex));
    const newest = [...Map.groupBy(rows, ({ credential, match_tag }) => `${credential} ${toHex(match_tag)}`).values()];
    const matches: Match[] = [];
    for (const held of newest) {
      const match = await describeMatch(tx, held);
      if (match !== null) matches.push({ ...match, name: nameOf.get(toHex(held[0]!.match_tag))! });
    }
    return matches;
  },
  summary: ({ names }, found) => ({ note: `asked about ${names.length} values, ${found.length} are kept` }),
});

/** The newest of a credential's versions that hold one value. */
const describeMatch = async (tx: ReadTx, held: readonly TaggedRow[]): Promise<Omit<Match, 'name'> | null> => {
  const { credential: id, serial, leaf } = held.reduce((a, b) => (b.serial > a.serial ? b : a));
  const credential = await tx.one(credentialById, { id });
  if (credential === undefined) return null;
  const standing = await standingOf(tx, credential, serial);
  if (standing === null) return null;
  return {
    credential,
    serial,
    leaf,
    ...standing,
    consumers: await tx.all(consumersOf, { credential: id }),
  };
};

/** How a version stands now; null for one that is destroyed or gone. */
export const standingOf = async (
  tx: ReadTx,
  credential: CredentialRow,
  serial: number,
): Promise<Pick<Match, 'version' | 'standing' | 'isLive'> | null> => {
  const row = await tx.one(versionBySerial, { credential: credential.id, serial });
  if (row === undefined || row.destroyed_at !== null) return null;
  const standing = row.number === null ? 'pending' : row.number === credential.current_number ? 'current' : 'earlier';
  // Suspended and compromised say what we hand out, and nothing of what the system accepts.
  const ended = credential.state === 'deactivated' || credential.state === 'destroyed';
  return { version: row.number, standing, isLive: standing !== 'earlier' && !ended };
};
