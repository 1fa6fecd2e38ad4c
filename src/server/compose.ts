import { type Clock, Duration, type JsonObject, type Random, type Signer, newId } from '#kernel';
import { type Deeds, type Failures, claim, openDeeds, openFailures } from '#deeds';
import type { House } from '#http';
import { type Identity, type IdentityPorts, openIdentity } from '#identity';
import {
  type Installation,
  type UseSignals,
  isCredential,
  knownPlaces,
  openUseSignals,
  readInstallation,
  storeInstallation,
  whereIs,
} from '#inventory';
import { type AnchorPlace, type HeadRow, programEntry } from '#ledger';
import { type Policy, type RightsPorts, keepAnOwner, openPolicy } from '#policy';
import { type SealProvider, type Sealing, openSealing, sealingError } from '#sealing';
import type { Engine } from '#storage';
import { type CarePlaces, openCare } from './care.ts';
import { checkStart, ownKey } from './check-start.ts';
import { allDeeds } from './deeds.ts';
import { GUARDED_FROM_THE_START, openGuard } from './open-guard.ts';
import { type SealControl, openSealControl } from './seal-control.ts';

export type ComposeOptions = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  /** Guards the root key; undefined where a person brings a passphrase. */
  readonly provider: SealProvider | undefined;
  readonly version: string;
  /** Compared at every unlock; left out where an older copy is to be accepted. */
  readonly anchor?: AnchorPlace | undefined;
  readonly backups?: string | undefined;
  readonly around?: CarePlaces['around'];
  readonly onCommit: (head: HeadRow) => void;
  readonly health: () => Promise<JsonObject>;
};

export type Composed = House & {
  readonly seal: SealControl;
  /** Makes the installation: root key, ledger, first entry. Only where there is none. */
  create(first: { readonly demo: boolean; readonly posture: string; readonly provider: SealProvider }): Promise<void>;
  /** Reads what is there; called once at start, before anything is served. */
  look(): Promise<Installation | undefined>;
};

/** The only place that knows every room: one `open…` line per room. */
export const compose = (options: ComposeOptions): Composed => {
  const { engine, clock, random, provider, version, anchor, backups, around, onCommit, health } = options;
  const started = clock.monotonic();
  let installation: Installation | undefined;
  const known = (): Installation => {
    if (installation === undefined) throw new Error('The installation was not looked at yet.');
    return installation;
  };

  const sealing: Sealing = openSealing(random);
  const signer = (): Signer => {
    if (seal.isOpening()) throw sealingError('locked', 'The keys are being taken up.');
    return sealing.signer(known().origin);
  };
  const keys = {
    tokenMacs: () => sealing.macs('token'),
    rowMac: () => sealing.mac('row'),
    rowMacs: () => sealing.macs('row'),
  };
  engine.guard.useKeys(keys.rowMacs);
  const identityPorts: IdentityPorts = {
    clock,
    random,
    keys,
    requireOwnerWithout: (tx, without, now) => keepAnOwner(tx, grantPorts, { identity: without }, now),
  };
  const identity: Identity = openIdentity(identityPorts);
  const grantPorts: RightsPorts = {
    ...identityPorts,
    places: knownPlaces,
    knows: (tx, id) => identity.knows(tx, id),
    isActive: (tx, id) => identity.isActive(tx, id),
    isCredential,
    whereIs,
  };
  const policy: Policy = openPolicy({ clock, keys });
  const deeds: Deeds = openDeeds({
    engine,
    clock,
    random,
    signer,
    identity,
    policy,
    followKeys: async () => {
      await sealing.follow(engine, provider);
      await seal.followLock();
    },
    onCommit,
  });
  const failures: Failures = openFailures(clock);
  const uses: UseSignals = openUseSignals({
    clock,
    write: (work) =>
      deeds.housekeep(async (tx) => {
        await claim(tx, ['use-signals']);
        await work(tx);
      }),
  });
  const inspect = async (): Promise<void> => {
    if (anchor !== undefined) await checkStart(engine, ownKey({ sealing, installation: known }), anchor);
    await openGuard(house);
  };
  const seal: SealControl = openSealControl({ engine, sealing, deeds, clock, provider, inspect });

  const house: Composed = {
    engine,
    clock,
    random,
    sealing,
    identity,
    policy,
    identityPorts,
    grantPorts,
    deeds,
    failures,
    seal,
    care: openCare(() => house, { anchor, backups, around }),
    secrets: { deeds, sealing, engine, clock, random, uses },
    installation: known,
    version,
    uptime: () => Duration.ofMs(Math.floor(clock.monotonic() - started)),
    health,

    async create({ demo, posture, provider: guard }) {
      const prepared = await sealing.prepareFirst(guard);
      const origin = `chatelaine/${newId('log', random).slice(4)}`;
      await deeds.found(
        () => sealing.signer(origin),
        async (tx, now) => {
          installation = { origin, demo, posture, createdAt: now, kitConfirmedAt: null };
          await sealing.storeFirst(tx, prepared, now);
          await storeInstallation(tx, installation);
          return [programEntry('installation.init', now, GUARDED_FROM_THE_START)];
        },
      );
    },
    async look() {
      installation = await engine.read(readInstallation);
      await engine.read((tx) => sealing.look(tx));
      await deeds.refresh();
      return installation;
    },
  };
  deeds.register(allDeeds(house));
  return house;
};
