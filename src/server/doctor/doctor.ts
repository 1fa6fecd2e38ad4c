import { ChatelaineError, type Clock, Duration } from '#kernel';
import { isPendingIntact } from '#deeds';
import type { Examination } from '#http';
import { checkIdentities } from '#identity';
import { type CredentialPlace, allProjects, checkPlaces, credentialPlacesAfter, readInstallation } from '#inventory';
import {
  type AnchorPlace,
  type LedgerCheck,
  type VerifierKey,
  checkAnchor,
  checkLedger,
  rootAt,
  tileSource,
  verifierKey,
} from '#ledger';
import { checkRights } from '#policy';
import { type Sealing, checkKit } from '#sealing';
import { checkVersions } from '#secrets';
import { type Engine, type ReadTx, checkDatabase, openInspection } from '#storage';
import { lockInForce } from '../shared-lock.ts';
import { isPlausible } from '../watch-clock.ts';
import { type Check, fromFaults, good, warning } from './check.ts';
import { type Surroundings, checkSurroundings } from './surroundings.ts';

export type { Check } from './check.ts';

export type DoctorInput = {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Unlocked, where keys are at hand; without, everything that can be seen without keys. */
  readonly sealing?: Sealing | undefined;
  /** The ledger's key; taken from `sealing` when left out. */
  readonly key?: VerifierKey | undefined;
  readonly anchor?: AnchorPlace | undefined;
  /** Files around the database. */
  readonly around?: Surroundings | undefined;
};

const RESTORE =
  'Nothing was changed. Keep a copy as evidence, then restore the newest backup that passes: chatelaine restore --check FILE.';
/** A clock may be this far behind the newest entry: machines' clocks differ. */
const SLACK = Duration.of(5, 'm');

/**
 * Looks whether database and ledger tell one story, in one snapshot, without writing. Every check is there every time,
 * in this order, so that a missing one is noticed.
 */
export const doctor = async (input: DoctorInput): Promise<readonly Check[]> => {
  const { engine, clock, sealing, around } = input;
  const unlocked = sealing?.state() === 'unlocked' ? sealing : undefined;
  const inside = await engine.snapshot(async (tx) => {
    const database = await checkSchema(tx, engine);
    // A damaged or foreign schema cannot be asked anything further.
    if (database.some(({ id, state }) => id === 'schema' && state === 'bad')) return database;
    const installation = await readInstallation(tx);
    const key =
      input.key ??
      (unlocked === undefined || installation === undefined
        ? null
        : verifierKey(installation.origin, unlocked.signer(installation.origin).publicKey));
    const ledger = await checkLedger(tx, key);
    const places = await allPlaces(tx);
    return [
      ...database,
      ...ledgerChecks(ledger),
      await anchorCheck(tx, input.anchor, key, ledger),
      await pendingCheck(tx),
      ...(await versionChecks(tx, places, unlocked)),
      await keyCheck(tx, sealing ?? undefined),
      ...(await rowChecks(tx, unlocked)),
      await kitCheck(tx, unlocked, installation?.kitConfirmedAt ?? null),
      clockCheck(clock, ledger),
    ];
  });
  return [...inside, ...(around === undefined ? [] : await checkSurroundings(around, clock))];
};

/** 0 when nothing is bad, 1 otherwise. */
export const doctorExit = (checks: readonly Check[]): number => (checks.some(({ state }) => state === 'bad') ? 1 : 0);

export const examinationOf = (checks: readonly Check[]): Examination => ({
  bad: checks.filter(({ state }) => state === 'bad').length,
  warnings: checks.filter(({ state }) => state === 'warning').length,
  checks: checks.map((check) => ({ ...check })),
});

const checkSchema = async (tx: ReadTx, { kind, place }: Engine): Promise<readonly Check[]> => {
  const { steps, known, damage, orphans } = await checkDatabase(tx);
  const schema = steps === known ? [] : [`${place} is at step ${steps}; this version knows ${known}`];
  return [
    fromFaults('schema', 'Schema', schema, {
      looked: `step ${steps}`,
      remedy:
        steps > known
          ? 'A newer version wrote it: run that one, or a newer one.'
          : 'Start it once with this version: it migrates, after a copy.',
    }),
    fromFaults('pages', 'Database file', damage, {
      looked: kind === 'sqlite' ? 'pages and indexes are sound' : 'PostgreSQL answers for its pages; ask pg_amcheck',
      remedy: RESTORE,
    }),
    fromFaults('references', 'References between rows', orphans, {
      looked: 'every row refers to rows that are there',
      remedy: RESTORE,
    }),
  ];
};

const ledgerChecks = (ledger: LedgerCheck): readonly Check[] => {
  const { entryFaults, treeFaults, size, redacted, redactionsRecorded, signed, checkpoint } = ledger;
  const redactions =
    redacted === redactionsRecorded ? [] : [`${redacted} entries are redacted, ${redactionsRecorded} by record`];
  return [
    fromFaults('ledger-entries', 'Entries of the ledger', entryFaults, {
      looked: `${size} entries are what was committed to`,
      remedy: RESTORE,
    }),
    fromFaults('ledger-tree', 'Tree and checkpoint', treeFaults, {
      looked: `the signed root covers ${checkpoint?.size ?? 0} entries`,
      remedy: RESTORE,
    }),
    signed || checkpoint === null
      ? fromFaults('ledger-signature', 'Signature', signed ? [] : ['it cannot be checked'], {
          looked: 'it is our own key’s',
          remedy: RESTORE,
        })
      : warning(
          'ledger-signature',
          'Signature',
          'not checked: no key is at hand',
          'Unlock, or give the verifier key of the recovery kit: --key.',
        ),
    fromFaults('redactions', 'Redactions', redactions, {
      looked: `${redacted} entries, each by a recorded deed`,
      remedy: RESTORE,
    }),
  ];
};

const anchorCheck = async (
  tx: ReadTx,
  anchor: AnchorPlace | undefined,
  key: VerifierKey | null,
  { size }: LedgerCheck,
): Promise<Check> => {
  const [id, title] = ['anchor', 'Anchor'];
  if (anchor === undefined) return warning(id, title, 'not looked at', 'Say where it is: --anchor-file FILE.');
  const anchored = await anchor.read();
  if (anchored === undefined)
    return warning(
      id,
      title,
      'there is none: an older copy of the database would not be noticed',
      'It is written at the next commit.',
    );
  if (key === null)
    return warning(
      id,
      title,
      'not checked: no key is at hand',
      'Unlock, or give the verifier key of the recovery kit.',
    );
  try {
    await checkAnchor(anchored, key, size, (at) => rootAt(tileSource(tx), at));
    return good(id, title, 'the ledger goes on from what it remembers');
  } catch (error) {
    if (!(error instanceof ChatelaineError)) throw error;
    return { id, title, state: 'bad', detail: error.message, remedy: error.hint ?? RESTORE };
  }
};

const pendingCheck = async (tx: ReadTx): Promise<Check> =>
  fromFaults(
    'pending',
    'Events that wait for unlocking',
    (await isPendingIntact(tx)) ? [] : ['their chain is broken: one was changed or removed'],
    {
      looked: 'their chain is whole',
      remedy: 'Unlock: they become entries, marked as broken. Find out who can write the database.',
    },
  );

const allPlaces = async (tx: ReadTx): Promise<readonly CredentialPlace[]> => {
  const places: CredentialPlace[] = [];
  for (let after = ''; ;) {
    const page = await tx.all(credentialPlacesAfter, { after, count: 1_000 });
    places.push(...page);
    if (page.length < 1_000) return places;
    after = page.at(-1)!.id;
  }
};

const versionChecks = async (
  tx: ReadTx,
  places: readonly CredentialPlace[],
  sealing: Sealing | undefined,
): Promise<readonly Check[]> => {
  const { faults, warnings, homeFaults, versions } = await checkVersions(tx, places, sealing);
  const opened =
    sealing === undefined
      ? 'agree with the ledger; not opened, because no key is at hand'
      : 'open and agree with the ledger';
  return [
    fromFaults('versions', 'Values', faults, {
      looked: `${versions} versions of ${places.length} credentials ${opened}`,
      remedy: RESTORE,
    }),
    fromFaults('history', 'Older versions', warnings, {
      looked: 'as many as are kept',
      remedy: 'Expected where the number of kept versions was once lower.',
      state: 'warning',
    }),
    fromFaults('value-homes', 'Homes of values', homeFaults, {
      looked: 'each value is counted as often as it is held',
      remedy: RESTORE,
    }),
  ];
};

const keyCheck = async (tx: ReadTx, sealing: Sealing | undefined): Promise<Check> => {
  const [id, title] = ['keys', 'Keys'];
  if (sealing === undefined)
    return warning(id, title, 'not looked at: no key is at hand', 'Unlock, or give the key file.');
  const projects = await tx.all(allProjects, {});
  const faults = await sealing.check(
    tx,
    projects.map((project) => project.id),
  );
  const isLockSound = sealing.state() !== 'unlocked' || (await lockInForce(tx, sealing)).sound;
  const lockFaults = isLockSound ? [] : ['the lock of all processes is not as it was written last'];
  return fromFaults(id, title, [...faults, ...lockFaults], {
    looked: `the keyring of ${projects.length} projects is complete`,
    remedy: RESTORE,
  });
};

const rowChecks = async (tx: ReadTx, sealing: Sealing | undefined): Promise<readonly Check[]> => {
  const rows = [
    ['row-states', 'Newest states of rows', 'the code over all of them is ours'],
    ['rights', 'Identities, tokens and grants', 'every row is as it was written last'],
    ['places', 'Places, credentials and the kit', 'every row is as it was written last'],
  ] as const;
  if (sealing === undefined)
    return rows.map(([id, title]) =>
      warning(id, title, 'not checked: no key is at hand', 'Unlock, or give the key file.'),
    );
  const inspection = await openInspection(tx, sealing.macs('row'));
  const rights = [...(await checkIdentities(tx, inspection)), ...(await checkRights(tx, inspection))];
  const others = [...(await checkPlaces(tx, inspection)), ...(await checkKit(tx, inspection))];
  const faults = [inspection.faults, rights, others];
  return rows.map(([id, title, looked], i) => fromFaults(id, title, faults[i]!, { looked, remedy: CHANGED }));
};

const CHANGED =
  'No such row is used. Still somebody could write the database. Find out who, then restore the newest backup that passes.';

const kitCheck = async (tx: ReadTx, sealing: Sealing | undefined, confirmedAt: number | null): Promise<Check> => {
  const [id, title] = ['kit', 'Recovery kit'];
  try {
    if (sealing !== undefined && (await sealing.kit(tx)) === undefined)
      return warning(
        id,
        title,
        'there is none: losing this machine would lose every value',
        'Make one: chatelaine kit.',
      );
  } catch (error) {
    if (!(error instanceof ChatelaineError)) throw error;
    return {
      id,
      title,
      state: 'bad',
      detail: error.message,
      remedy: 'Make a new one: chatelaine kit. Find out who can write the database.',
    };
  }
  return confirmedAt === null
    ? warning(
        id,
        title,
        'nobody said that it lies in a safe place',
        'Print it, put it away, then: chatelaine kit confirm.',
      )
    : good(id, title, `put away on ${new Date(confirmedAt).toISOString().slice(0, 10)}`);
};

const clockCheck = (clock: Clock, { newestAt }: LedgerCheck): Check => {
  const now = clock.now();
  const faults = [
    ...(isPlausible(clock) ? [] : [`the clock says ${new Date(now).toISOString().slice(0, 10)}`]),
    ...(newestAt !== null && newestAt - now > SLACK.ms
      ? [`the newest entry is ${Math.round((newestAt - now) / 1_000)} s ahead of it`]
      : []),
  ];
  return fromFaults('clock', 'Clock', faults, {
    looked: 'plausible',
    remedy: 'Set it: ends of grants and tokens depend on it.',
    state: 'warning',
  });
};
