import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Secret } from '#kernel';
import { systemClock, systemRandom } from '#kernel/node';
import { openLog } from '#http';
import { type OsUser, operatorToken, signInCode } from './owner.ts';
import { defaultPlaces } from './places.ts';
import { planStart } from './plan.ts';
import { readSettings } from './read-settings.ts';
import type { SettingName } from './settings.ts';
import { type Running, start } from './start.ts';

export type Flags = Readonly<Record<string, string | boolean>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** What starting needs of the terminal. */
export type Attendant = {
  /** Asks a person without showing what is typed; undefined where nobody is there. */
  askSecret(question: string): Promise<Secret | undefined>;
};

/** A program that runs, with what a person wants to know about it. */
export type Up = Running & {
  readonly demo: boolean;
  readonly folder: string;
  /** Null where something else than a key file guards the root key. */
  readonly keyFile: string | null;
  readonly anchorFile: string;
  /** A one-time code for a browser or another machine; only at the first start. */
  readonly signIn: Secret | null;
  readonly isKitConfirmed: boolean;
  /** Resolves when it was stopped by a signal or a fault; with the exit code. */
  readonly ended: Promise<number>;
};

/** Exit code after a fault that lets nothing go on. */
const FATAL = 70;

/** The real start: creates, unlocks, serves until it is told to stop. */
export const up = async (
  flags: Flags,
  environment: Environment,
  version: string,
  attendant: Attendant,
): Promise<Up> => {
  const places = defaultPlaces(environment);
  const named = environment['CHATELAINE_CONFIG'];
  const file = named ?? (existsSync(places.config) ? places.config : undefined);
  const plan = planStart(readSettings({ flags, environment, file }), places, environment);
  return run({ plan, version, demo: false, attendant });
};

/** The try-out: a throwaway folder with a key beside it, marked as a demo everywhere, gone when it ends. */
export const demo = async (flags: Flags, environment: Environment, version: string): Promise<Up> => {
  const folder = mkdtempSync(join(tmpdir(), 'chatelaine-demo-'));
  const inside: Readonly<Partial<Record<SettingName, string>>> = {
    data: join(folder, 'data'),
    'key-file': join(folder, 'root.key'),
    'anchor-file': join(folder, 'anchor'),
    'backup-folder': join(folder, 'backups'),
    'log-level': 'error',
  };
  const settings = readSettings({ flags: { ...inside, ...flags }, environment: {}, file: undefined });
  const plan = planStart(settings, defaultPlaces(environment), {});
  const nobody = { askSecret: async () => undefined };
  try {
    const running = await run({ plan, version, demo: true, attendant: nobody });
    const stop = async (reason: string): Promise<void> => {
      await running.stop(reason);
      rmSync(folder, { recursive: true, force: true });
    };
    return { ...running, stop, ended: running.ended.finally(() => rmSync(folder, { recursive: true, force: true })) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
};

type RunOptions = {
  readonly plan: ReturnType<typeof planStart>;
  readonly version: string;
  readonly demo: boolean;
  readonly attendant: Attendant;
};

/** A container may run under a number that no user has. */
const currentUser = (): OsUser => {
  const uid = process.getuid?.() ?? null;
  try {
    return { name: userInfo().username, uid };
  } catch {
    return { name: 'owner', uid };
  }
};

const run = async ({ plan, version, demo: isDemo, attendant }: RunOptions): Promise<Up> => {
  const log = openLog(plan.logLevel);
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => (end = resolve));
  const running = await start({
    plan,
    clock: systemClock,
    random: systemRandom,
    log,
    version,
    demo: isDemo,
    user: currentUser(),
    passphrase: (purpose) =>
      attendant.askSecret(purpose === 'new' ? 'New passphrase (12 characters or more): ' : 'Passphrase: '),
    onFatal: (error) => {
      log.fatal({ err: error }, 'stopping');
      end(FATAL);
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => {
      running.stop(signal).then(
        () => end(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping');
          end(FATAL);
        },
      );
    });
  if (plan.operatorTokenFile !== undefined && running.owner !== null)
    await writeToken(plan.operatorTokenFile, await operatorToken(running.house, running.owner)).catch(
      async (error: unknown) => {
        // It serves already, and whoever asked for the token could not go on.
        await running.stop('no operator token');
        throw error;
      },
    );
  const signIn = running.isFirstStart && running.owner !== null ? await signInCode(running.house, running.owner) : null;
  return {
    ...running,
    demo: isDemo,
    folder: plan.folder,
    keyFile: plan.seal === 'key-file' ? plan.keyFile : null,
    anchorFile: plan.anchorFile,
    signIn,
    isKitConfirmed: running.house.installation().kitConfirmedAt !== null,
    ended,
  };
};

const writeToken = (file: string, token: Secret): Promise<void> =>
  writeFile(file, `${token.revealText()}\n`, { mode: 0o600 });
