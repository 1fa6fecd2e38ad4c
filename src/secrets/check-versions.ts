import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { hasCode, timingSafeEqual, toHex } from '#kernel';
import { type CredentialPlace, INSTALLATION } from '#inventory';
import { type BoundVersion, allBindings } from '#ledger';
import type { Sealing } from '#sealing';
import type { ReadTx } from '#storage';
import { type VersionRow, homesAfter, versionValuesAfter, versionsOf } from './tables.ts';
import { DESTROYED_HASH, REMOVED_HASH, bindingFor } from './version.ts';
import { DEFAULT_MAX_VERSIONS } from './write-version.ts';

const PAGE = 1_000;

/** The fields of a credential that its versions must agree with. */
export type CheckedPlace = CredentialPlace;
type Bindings = ReadonlyMap<number, BoundVersion>;

/** Whether a version's envelope opens under its credential's key at its place; undefined where keys are locked. */
type Opens =
  | ((place: CheckedPlace, row: VersionRow & { readonly envelope: Uint8Array }) => Promise<boolean>)
  | undefined;

export type VersionCheck = {
  readonly versions: number;
  /** Rows and ledger tell different stories, or an envelope does not open. */
  readonly faults: readonly string[];
  /** What may have a good reason. */
  readonly warnings: readonly string[];
  /** The register of values' homes does not agree with the versions. */
  readonly homeFaults: readonly string[];
};

/**
 * Compares every version with what the ledger binds, whose entries were checked before, and opens each envelope where the keys are unlocked.
 *
 * @param places every credential there is
 */
export const checkVersions = async (
  tx: ReadTx,
  places: readonly CheckedPlace[],
  sealing: Sealing | undefined,
): Promise<VersionCheck> => {
  const bindings = await allBindings(tx, REMOVED_HASH);
  const faults: string[] = [];
  const warnings: string[] = [];
  let versions = 0;
  const opens = sealing === undefined ? undefined : openerOf(tx, sealing);
  for (const [i, place] of places.entries()) {
    // SQLite answers at once; others in the process want to be served meanwhile.
    if (i % 100 === 0) await setImmediate();
    const rows = await tx.all(versionsOf, { credential: place.id });
    versions += rows.length;
    const found = await checkCredential(place, rows, bindings.get(place.id) ?? new Map<number, BoundVersion>(), opens);
    faults.push(...found.faults);
    warnings.push(...found.warnings);
  }
  // The installation's bindings are of the lock of all processes.
  const known = new Set([INSTALLATION.id, ...places.map(({ id }) => id)]);
  for (const [resource, bound] of bindings)
    if (!known.has(resource) && !isDestroyed(newest(bound)))
      faults.push(`the credential ${resource}, which the ledger binds, is gone without having been destroyed`);
  return { versions, faults, warnings, homeFaults: await checkHomes(tx, places) };
};

/** One credential's rows against its bindings. */
export const checkCredential = async (
  place: CheckedPlace,
  rows: readonly VersionRow[],
  bindings: Bindings,
  opens: Opens,
): Promise<{ readonly faults: readonly string[]; readonly warnings: readonly string[] }> => {
  const name = `${place.project}/${place.environment}/${place.name}`;
  const head = newest(bindings);
  // A destroyed credential is bound once more, above every number it ever had.
  const ended = isDestroyed(head) && head!.version > place.current_number;
  const removals = removalsOf(bindings);
  const faults: string[] = [];
  for (const row of rows) {
    const fault = (await rowFault(row, bindings, removals, ended)) ?? (await openFault(place, row, opens));
    if (fault !== null) faults.push(`${name} version ${row.number ?? `(pending, serial ${row.serial})`}: ${fault}`);
  }
  if (ended !== (place.state === 'destroyed'))
    faults.push(`${name}: its state is ${place.state}, the ledger says ${ended ? 'destroyed' : 'otherwise'}`);
  const bound = ended ? place.current_number : (head?.version ?? 0);
  if (bound !== place.current_number)
    faults.push(`${name}: its current version is ${place.current_number}, the ledger bound ${bound} last`);
  const gaps = missing(place, rows, removals.at(-1)?.version ?? 0);
  faults.push(...gaps.faults.map((fault) => `${name}: ${fault}`));
  return { faults, warnings: gaps.warnings.map((warning) => `${name}: ${warning}`) };
};

const rowFault = async (
  row: VersionRow,
  bindings: Bindings,
  removals: readonly BoundVersion[],
  ended: boolean,
): Promise<string | null> => {
  const { number } = row;
  const removal = number === null ? undefined : removals.find(({ version }) => version >= number);
  if (removal !== undefined) return `removed by entry ${removal.index} and put back`;
  if ((row.envelope === null) !== (row.destroyed_at !== null)) return 'it is destroyed by half';
  const found = row.envelope === null ? DESTROYED_HASH : createHash('sha256').update(row.envelope).digest();
  if (!timingSafeEqual(row.hash, found)) return 'its envelope was changed since it was sealed';
  if (row.number === null) return row.state === 'pending' ? null : 'it has no number';
  if (row.state !== 'live') return 'it has a number and is pending';
  const bound = bindings.get(row.number);
  if (bound === undefined) return 'the ledger never bound it';
  if (row.envelope === null && ended) return null;
  return timingSafeEqual(bound.hash, found) ? null : `it is not what entry ${bound.index} of the ledger bound`;
};

const openFault = async (place: CheckedPlace, row: VersionRow, opens: Opens): Promise<string | null> => {
  const { envelope } = row;
  if (envelope === null || opens === undefined) return null;
  return (await opens(place, { ...row, envelope }))
    ? null
    : 'its envelope does not open: it was sealed for another place or key';
};

const openerOf =
  (tx: ReadTx, sealing: Sealing): NonNullable<Opens> =>
  async (place, row) => {
    const chain = await sealing.chain(tx, place.id).catch((error: unknown) => {
      if (hasCode(error, 'sealing.damaged')) return null;
      throw error;
    });
    if (chain === null || chain.scope !== place.project_id) return false;
    const what = `${place.project}/${place.environment}/${place.name} version ${row.number ?? row.serial}`;
    return sealing.authenticates({ chain, envelope: row.envelope, binding: bindingFor(place, row.serial), what });
  };

/**
 * From the newest removal on nothing may be gone. Where no removal was bound yet, the oldest versions may be, and only
 * as many as the credential does not keep.
 */
const missing = (
  place: CheckedPlace,
  rows: readonly VersionRow[],
  removed: number,
): { faults: string[]; warnings: string[] } => {
  const numbers = rows
    .flatMap(({ number }) => (number === null || number <= removed ? [] : [number]))
    .toSorted((a, b) => a - b);
  const oldest = removed > 0 ? removed + 1 : (numbers[0] ?? place.current_number + 1);
  const expected = Array.from({ length: Math.max(0, place.current_number - oldest + 1) }, (_, i) => oldest + i);
  const gone = expected.filter((number) => !numbers.includes(number));
  const kept = removed > 0 ? 0 : Math.min(place.current_number, DEFAULT_MAX_VERSIONS);
  const isEmpty = place.current_number > 0 && numbers.length === 0;
  const faults = isEmpty
    ? ['every version is missing']
    : gone.length > 0
      ? [`version ${gone.join(', ')} is missing`]
      : [];
  const few = gone.length === 0 && numbers.length > 0 && numbers.length < kept;
  const warnings = few ? [`only ${numbers.length} versions of ${place.current_number} are left`] : [];
  return place.max_versions === 0 ? { faults: [...faults, ...warnings], warnings: [] } : { faults, warnings };
};

/** The bindings that say of a version that it and every lower one were removed, the lowest first. */
const removalsOf = (bindings: Bindings): readonly BoundVersion[] =>
  [...bindings.values()]
    .filter(({ hash }) => timingSafeEqual(hash, REMOVED_HASH))
    .toSorted((a, b) => a.version - b.version);

const newest = (bindings: Bindings): BoundVersion | undefined => {
  let found: BoundVersion | undefined;
  for (const bound of bindings.values()) if (found === undefined || bound.version > found.version) found = bound;
  return found;
};

const isDestroyed = (bound: BoundVersion | undefined): boolean =>
  bound !== undefined && timingSafeEqual(bound.hash, DESTROYED_HASH);

/** Each home counts the leaves that hold its value in its environment; a leaf taken as found elsewhere does not count. */
const checkHomes = async (tx: ReadTx, places: readonly CheckedPlace[]): Promise<readonly string[]> => {
  const environments = new Map(places.map(({ id, project, environment }) => [id, `${project}/${environment}`]));
  const counts = new Map<string, number>();
  const held = new Set<string>();
  for (let last = { credential: '', serial: -1, leaf: '' }; ;) {
    const rows = await tx.all(versionValuesAfter, { ...last, count: PAGE });
    for (const { credential, fingerprint } of rows) {
      const value = toHex(fingerprint);
      held.add(value);
      const place = `${value} ${environments.get(credential) ?? ''}`;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    if (rows.length < PAGE) break;
    last = rows.at(-1)!;
  }
  const faults: string[] = [];
  for (let after: Uint8Array = new Uint8Array(); ;) {
    const rows = await tx.all(homesAfter, { after, count: PAGE });
    for (const { fingerprint, project, environment, uses } of rows) {
      const found = counts.get(`${toHex(fingerprint)} ${project}/${environment}`) ?? 0;
      held.delete(toHex(fingerprint));
      if (found !== uses)
        faults.push(`a value of ${project}/${environment} is counted ${uses} times and held ${found} times`);
    }
    if (rows.length < PAGE) break;
    after = rows.at(-1)!.fingerprint;
  }
  return held.size === 0 ? faults : [...faults, `${held.size} values have no home`];
};
