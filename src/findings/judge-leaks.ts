import { type Random, newId } from '#kernel';
import { type CredentialRow, credentialById } from '#inventory';
import { standingOf } from '#secrets';
import type { ReadTx, WriteTx } from '#storage';
import { MAX_TEXT } from './finding.ts';
import { type LeakRow, leaksStanding } from './leak-tables.ts';
import type { FindingRule } from './rules.ts';
import { type FindingRow, findingsUnder, insertFinding, updateFinding } from './tables.ts';

const RULE: FindingRule = 'leaked';

export type Where = { readonly project: string; readonly environment: string };

/** A finding as it has to be from now on. */
export type LeakChange = {
  readonly isNew: boolean;
  readonly row: Omit<FindingRow, 'id'> & { readonly id: string | null };
};

/**
 * Compares the findings about leaks with where values lie: one for each credential with a live version at some place.
 * It ends with the proof: the version is not in force any more, or a later scan of each place did not find it.
 *
 * @param fresh credentials that were just found at a place nobody knew: what was excused was not excused there
 */
export const judgeLeaks = async (
  tx: ReadTx,
  { project, environment }: Where,
  fresh: ReadonlySet<string>,
  now: number,
): Promise<readonly LeakChange[]> => {
  const standing = Map.groupBy(await tx.all(leaksStanding, { project, environment }), (leak) => leak.credential);
  const known = await tx.all(findingsUnder, { project, environment, rule: RULE });
  const changes: LeakChange[] = [];
  const seen = new Set<string>();
  const proofs = new Map<string, string>();
  for (const [id, leaks] of standing) {
    const credential = await tx.one(credentialById, { id });
    if (credential === undefined) continue;
    const { live, proof } = await judge(tx, credential, leaks);
    proofs.set(id, proof);
    if (live.length === 0) continue;
    seen.add(credential.name);
    const row = known.find(({ place }) => place === credential.name);
    const summary = describe(live).slice(0, MAX_TEXT);
    if (row === undefined)
      changes.push({
        isNew: true,
        row: {
          ...opened(now),
          id: null,
          project,
          environment,
          credential: id,
          rule: RULE,
          place: credential.name,
          summary,
        },
      });
    else if (row.state === 'closed' || (row.state === 'excused' && fresh.has(id)))
      changes.push({ isNew: true, row: { ...row, ...opened(now), credential: id, summary } });
    else if (row.summary !== summary) changes.push({ isNew: false, row: { ...row, summary } });
  }
  for (const row of known)
    if (row.state !== 'closed' && !seen.has(row.place))
      changes.push({
        isNew: false,
        row: { ...row, state: 'closed', closed_at: now, summary: (await endOf(tx, row, proofs)).slice(0, MAX_TEXT) },
      });
  return changes;
};

/** Why a finding ends, for whoever asks a year later. */
const endOf = async (tx: ReadTx, row: FindingRow, proofs: ReadonlyMap<string, string>): Promise<string> => {
  const id = row.credential ?? '';
  const credential = await tx.one(credentialById, { id });
  if (credential === undefined) return 'the credential was destroyed';
  const proof = proofs.get(id);
  if (proof === undefined) return 'each place was looked through again, and it is not there any more';
  return proof === '' ? `it is called ${credential.name} now` : proof;
};

/** Writes what was judged. Gives how many opened and closed. */
export const storeLeakChanges = async (
  tx: WriteTx,
  changes: readonly LeakChange[],
  random: Random,
): Promise<{ readonly opened: number; readonly closed: number }> => {
  for (const { row } of changes) {
    const { id } = row;
    if (id === null) await tx.run(insertFinding, { ...row, id: newId('fnd', random) });
    else await tx.run(updateFinding, { ...row, id });
  }
  return {
    opened: changes.filter(({ isNew }) => isNew).length,
    closed: changes.filter(({ row }) => row.state === 'closed').length,
  };
};

const opened = (now: number) => ({ state: 'open', opened_at: now, excused_until: null, closed_at: null });

/** The places of versions that still open something, and why the others do not count. */
const judge = async (
  tx: ReadTx,
  credential: CredentialRow,
  leaks: readonly LeakRow[],
): Promise<{ readonly live: readonly (LeakRow & { readonly version: number | null })[]; readonly proof: string }> => {
  const live: (LeakRow & { version: number | null })[] = [];
  const ended: string[] = [];
  for (const [serial, places] of Map.groupBy(leaks, (leak) => leak.serial)) {
    const now = await standingOf(tx, credential, serial);
    if (now?.isLive === true) live.push(...places.map((leak) => ({ ...leak, version: now.version })));
    else if (now === null) ended.push('the version that was found is destroyed');
    else if (now.standing === 'earlier')
      ended.push(`version ${now.version} was replaced by version ${credential.current_number}`);
    else ended.push(`the credential is ${credential.state}`);
  }
  return { live, proof: ended.join('; ') };
};

const describe = (live: readonly (LeakRow & { readonly version: number | null })[]): string => {
  const [first, ...more] = live.toSorted(byPlace);
  const { version, file, line, source } = first!;
  const where = `${line === null ? file : `${file}:${line}`} of ${source}`;
  const rest = more.length === 0 ? '' : ` and ${more.length} more ${more.length === 1 ? 'place' : 'places'}`;
  return `version ${version ?? 'pending'}, in ${where}${rest}`;
};

const byPlace = (a: LeakRow, b: LeakRow): number => {
  const [one, other] = [`${a.source} ${a.file}`, `${b.source} ${b.file}`];
  return one < other ? -1 : one > other ? 1 : 0;
};
