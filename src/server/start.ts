import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import {
  type ChatelaineError,
  type Clock,
  Duration,
  type JsonObject,
  type Random,
  type Secret,
  hasCode,
} from '#kernel';
import { makeFolder } from '#kernel/node';
import { pend } from '#deeds';
import { inspectAll } from '#findings';
import { createApp } from '#http';
import { type Anchor, newestTime, openAnchor, programEntry } from '#ledger';
import { passphraseProvider } from '#sealing';
import { oweScrub, scrubOwed, tagOlderVersions } from '#secrets';
import type { Engine } from '#storage';
import { openSchedule } from './backup/schedule.ts';
import { type Composed, compose } from './compose.ts';
import { diskState, dropBallast, keepBallast, watchDisk } from './disk.ts';
import { serverError } from './errors.ts';
import { fileAnchor } from './file-anchor.ts';
import { followOthers } from './follow-others.ts';
import { openStore } from './open-store.ts';
import { type OsUser, type Owner, ensureOwner } from './owner.ts';
import type { Plan } from './plan.ts';
import { isPlausible, watchClock } from './watch-clock.ts';

/** How long running requests may take to finish when the program stops. */
const DRAIN = Duration.of(10, 's');
const EVERY_MINUTE_MS = 60_000;
/** Rounds of housekeeping between two inspections of the inventory. */
const ROUNDS_AN_HOUR = 60;
/** Clock differences at start below this are not worth an entry: two machines' clocks differ as much. */
const CLOCK_SLACK_MS = 5_000;

export type StartOptions = {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly version: string;
  readonly demo: boolean;
  readonly user: OsUser;
  /** Asked for where a passphrase guards the root key; undefined where nobody is there to give one. */
  readonly passphrase?: (purpose: 'new' | 'unlock') => Promise<Secret | undefined>;
  /** The disk failed to sync: nothing may go on. */
  readonly onFatal: (error: Error) => void;
};

export type Running = {
  readonly house: Composed;
  /** Null while locked, and where nobody who operates it can be told from a forged row. */
  readonly owner: Owner | null;
  /** Why it stayed locked, with what to do; null where it is unlocked or waits for a passphrase. */
  readonly whyLocked: ChatelaineError | null;
  readonly isFirstStart: boolean;
  readonly url: string;
  readonly socket: string | null;
  /** Drains, records the stop, closes. Safe to call twice. */
  stop(reason: string): Promise<void>;
};

/** Opens the store, unlocks, checks, serves. What cannot be trusted stops it here, before anything is served. */
export const start = async (options: StartOptions): Promise<Running> => {
  const { plan, clock, version, log } = options;
  if (!isPlausible(clock))
    throw serverError('clock_wrong', `The clock says ${new Date(clock.now()).toISOString().slice(0, 10)}.`);
  const anchorFile = fileAnchor(plan.anchorFile);
  await anchorFile.probe();
  const engine = await openStore({
    folder: plan.folder,
    databaseUrl: plan.databaseUrl,
    backups: plan.backups,
    clock,
    onFatal: options.onFatal,
  });
  try {
    const anchor = openAnchor(anchorFile);
    const house = compose({
      engine,
      clock,
      random: options.random,
      provider: plan.provider,
      version,
      anchor: anchorFile,
      backups: plan.backups,
      around: {
        folder: plan.folder,
        keyFile: plan.seal === 'key-file' ? plan.keyFile : undefined,
        backups: plan.backups,
      },
      onCommit: ({ checkpoint }) => anchor.keep(checkpoint),
      health: () => readHealth(plan, anchor),
    });
    // Before unlocking, which is the first to write an entry of its own.
    const newest = await engine.read(newestTime);
    const { isFirstStart, whyLocked } = await openHouse(options, house);
    const owner =
      house.sealing.state() === 'unlocked' ? await settleIn(options, house, newest) : await waitLocked(house);
    await keepBallast(plan.folder).catch((error: unknown) => log.warn({ err: error }, 'no ballast'));
    const app = await createApp(house, plan.http, log);
    const { url, socket } = await serve(app, plan);
    const housekeeping = [keepHouse(house, plan, log), followOthers(house, log)];
    let stopped: Promise<void> | undefined;
    return {
      house,
      owner,
      whyLocked,
      isFirstStart,
      url,
      socket,
      stop(reason) {
        stopped ??= shutDown({ house, engine, app, anchor, plan, housekeeping, reason });
        return stopped;
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
};

type Opened = { readonly isFirstStart: boolean; readonly whyLocked: ChatelaineError | null };

/** Creates the installation on the first start, unlocks it on later ones. */
const openHouse = async ({ plan, demo, passphrase, log }: StartOptions, house: Composed): Promise<Opened> => {
  const existing = await house.look();
  const ask = async (purpose: 'new' | 'unlock') =>
    plan.provider === undefined ? await passphrase?.(purpose) : undefined;
  if (existing === undefined) {
    const phrase = await ask('new');
    const provider = plan.provider ?? (phrase === undefined ? undefined : passphraseProvider(phrase));
    if (provider === undefined)
      throw serverError('bad_setting', 'The first start needs a passphrase from a person.', { source: 'seal' });
    await house.create({ demo, posture: plan.posture, provider });
    for (const warning of provider.warnings?.() ?? []) log.warn(warning);
    return { isFirstStart: true, whyLocked: null };
  }
  const phrase = await ask('unlock');
  const tries = plan.provider !== undefined || phrase !== undefined;
  const whyLocked = tries ? await unlockOrStayLocked(house, phrase, log) : null;
  for (const warning of plan.provider?.warnings?.() ?? []) log.warn(warning);
  return { isFirstStart: false, whyLocked };
};

/** Nothing can be signed yet: the start is entered, at its own time, by the first act of unlocking. */
const waitLocked = async ({ deeds, clock }: Composed): Promise<null> => {
  const event = { at: clock.now(), action: 'installation.start', outcome: 'allowed', address: 'local' } as const;
  await deeds.housekeep((tx) => pend(tx, event));
  return null;
};

/**
 * A key that is not there leaves the house locked but reachable, so that the recovery kit can unlock it; so does a lock
 * that somebody asked for, which only a person ends.
 */
const unlockOrStayLocked = async (
  { seal }: Composed,
  phrase: Secret | undefined,
  log: Logger,
): Promise<ChatelaineError | null> => {
  try {
    await (phrase === undefined ? seal.unlockUnlessLocked() : seal.unlock(phrase, 'local'));
    return null;
  } catch (error) {
    if (!hasCode(error, 'sealing.key_missing') && !hasCode(error, 'sealing.locked')) throw error;
    log.warn({ err: error }, `${error.message} ${error.hint ?? ''}`);
    return error;
  }
};

/** What an unlocked house does first: note the start and a clock that jumped, know its owner. */
const settleIn = async (
  { clock, user }: StartOptions,
  house: Composed,
  newest: number | undefined,
): Promise<Owner | null> => {
  const { origin } = house.installation();
  await house.deeds.record(async (_tx, now) => {
    const step = newest !== undefined && newest - clock.now() > CLOCK_SLACK_MS;
    return [
      ...(step
        ? [
            programEntry(
              'installation.clock-step',
              now,
              `the newest entry is ${Math.round((newest - now) / 1_000)} s ahead`,
            ),
          ]
        : []),
      programEntry('installation.start', now, origin),
    ];
  });
  return ensureOwner(house, user);
};

const serve = async (
  app: FastifyInstance,
  { listen, socket, http }: Plan,
): Promise<{ url: string; socket: string | null }> => {
  const tcp = app.listener();
  await listenOn(tcp, listen);
  if (socket !== null) {
    try {
      await listenOnSocket(app.listener({ plain: true }), socket);
    } catch (error) {
      // What listens keeps a program alive that did not start.
      tcp.close();
      throw error;
    }
  }
  const address = tcp.address();
  const port = typeof address === 'object' && address !== null ? address.port : listen.port;
  const host = listen.host === '127.0.0.1' || listen.host === '::1' ? 'localhost' : listen.host;
  return { url: `${http.tls === null ? 'http' : 'https'}://${host}:${port}`, socket };
};

const listenOnSocket = async (server: Server, socket: string): Promise<void> => {
  makeFolder(dirname(socket));
  const there = lstatSync(socket, { throwIfNoEntry: false });
  if (there !== undefined && !there.isSocket())
    throw serverError('bad_setting', `${socket} is there, and is no socket.`, { source: 'socket' });
  // One left by a process that was killed; the folder's lock says that nobody serves on it now.
  rmSync(socket, { force: true });
  await listenOn(server, socket);
  chmodSync(socket, 0o600);
};

const listenOn = (server: Server, address: string | Plan['listen']): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const place = typeof address === 'string' ? address : `${address.host}:${address.port}`;
      reject(
        error.code === 'EADDRINUSE'
          ? serverError('address_in_use', `Something serves on ${place} already.`, { place }, error)
          : serverError(
              'bad_setting',
              `Nothing can be served on ${place}: ${error.code ?? error.message}.`,
              { source: 'listen' },
              error,
            ),
      );
    });
    if (typeof address === 'string') server.listen(address, resolve);
    else server.listen({ host: address.host, port: address.port }, resolve);
  });

/** What has to be done again and again: counted failures become entries, a clock that steps is noted, backups are made. */
const keepHouse = (house: Composed, plan: Plan, log: Logger): NodeJS.Timeout => {
  let rounds = 0;
  oweScrub(house.engine);
  const lookAtClock = watchClock(house.clock);
  const backUp = openSchedule(house, plan.backups);
  const lookAtDisk = watchDisk(plan.folder, ({ level, freeBytes }) => {
    if (level === 'good') log.info({ freeBytes }, 'the disk has room again');
    else log.warn({ freeBytes }, `the disk is ${level}: free space on the volume of ${plan.folder}`);
  });
  const round = async (): Promise<void> => {
    await lookAtDisk();
    // Has nothing to do with the keys, and must not keep the rest from being done.
    await scrubOwed(house.engine).catch((error: unknown) => log.warn({ err: error }, 'cleaning up what was destroyed'));
    await house.secrets.uses.flush();
    if (house.sealing.state() !== 'unlocked') return;
    const step = lookAtClock();
    await house.deeds.record(async (_tx, now) => [
      ...house.failures.take(),
      ...(step === null ? [] : [programEntry('installation.clock-step', now, `${step.byMs} ms`)]),
    ]);
    if (rounds++ % ROUNDS_AN_HOUR === 0) await inspectAll(house);
    const made = await backUp();
    if (made !== null) log.info({ file: made.file, bytes: made.bytes }, 'backed up');
    await tagOlderVersions(house.secrets);
  };
  const timer = setInterval(() => {
    round().catch((error: unknown) => log.error({ err: error }, 'housekeeping'));
  }, EVERY_MINUTE_MS);
  return timer.unref();
};

type Closing = {
  readonly house: Composed;
  readonly engine: Engine;
  readonly app: FastifyInstance;
  readonly anchor: Anchor;
  readonly plan: Plan;
  readonly housekeeping: readonly (NodeJS.Timeout | undefined)[];
  readonly reason: string;
};

const shutDown = async ({ house, engine, app, anchor, plan, housekeeping, reason }: Closing): Promise<void> => {
  for (const timer of housekeeping) clearInterval(timer);
  await app.drain(DRAIN);
  await house.deeds.close();
  await house.secrets.uses.flush().catch(() => undefined);
  if (house.sealing.state() === 'unlocked') {
    await dropBallast(plan.folder);
    await house.deeds
      .record(async (_tx, now) => [...house.failures.take(true), programEntry('installation.stop', now, reason)])
      .catch(() => undefined);
    await keepBallast(plan.folder).catch(() => undefined);
  }
  await anchor.idle();
  house.sealing.lock();
  if (plan.socket !== null) rmSync(plan.socket, { force: true });
  await engine.close();
};

const readHealth = async (plan: Plan, anchor: Anchor): Promise<JsonObject> => {
  const disk = await diskState(plan.folder).catch(() => null);
  return {
    disk: disk === null ? null : { free_bytes: disk.freeBytes, level: disk.level },
    anchor: anchor.failure() === undefined ? 'good' : 'not written',
    seal: plan.seal,
  };
};
