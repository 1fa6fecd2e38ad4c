import { hasCode } from '#kernel';
import { type Discovery, type ScanReport, withManaged } from '#scanner';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import type { Place } from '../memory.ts';
import { placeOf } from '../place.ts';
import type { Server } from '../session.ts';
import { type StoreAnswer, askStore, managedBy, placesToAsk } from './ask-store.ts';
import type { ScanWish } from './choose-source.ts';
import { enterLeaks } from './enter-leaks.ts';
import { filesWhereValuesBelong } from './known-files.ts';
import { takeFindings } from './take-findings.ts';

export type StoreWish = ScanWish & {
  readonly adopt: boolean;
  readonly project: string | undefined;
  readonly environment: string | undefined;
};

/** A store that a scan asks. */
export type Store = {
  /** The report with what the store says of it; enters leaks there, and takes in what is wanted. */
  weigh(found: ScanReport, left: ScanReport): Promise<ScanReport>;
};

/** Connects before anything is scanned: who asks for a comparison does not want to wait for none. */
export const openStore = async (context: Context, wish: StoreWish): Promise<Store> => {
  const server = await connect(context);
  // What is taken in may be the first of its place, so what --adopt names need not be there.
  const places = await placesToAsk(server, wish.adopt ? { project: undefined, environment: undefined } : wish);
  if (places.length === 0) context.terminal.say('The store keeps nothing yet that you may see.');
  return { weigh: (found, left) => weigh(context, server, wish, places, found, left) };
};

const connect = async (context: Context): Promise<Server> => {
  try {
    return await context.server();
  } catch (error) {
    if (
      !hasCode(error, 'cli.no_server') &&
      !hasCode(error, 'client.unreachable') &&
      !hasCode(error, 'cli.not_signed_in')
    )
      throw error;
    throw cliError(
      'no_store',
      `What was found is compared with a store, and none answers: ${(error as Error).message}`,
      {},
      error,
    );
  }
};

const weigh = async (
  context: Context,
  server: Server,
  wish: StoreWish,
  places: readonly Place[],
  found: ScanReport,
  left: ScanReport,
): Promise<ScanReport> => {
  let answer: StoreAnswer =
    places.length === 0 ? { kept: new Map(), gaps: [] } : await askStore(context, server, places, found.discoveries);
  let asked = places;
  if (wish.adopt) {
    const place = placeOf(context, wish);
    const unkept = left.discoveries.filter((discovery) => !answer.kept.has(discovery));
    const taken = await takeFindings(context, server, place, unkept);
    if (taken.length > 0) {
      answer = joined(answer, await askStore(context, server, [place], taken));
      asked = [
        ...places.filter((one) => one.project !== place.project || one.environment !== place.environment),
        place,
      ];
    }
  }
  const belongs = await filesWhereValuesBelong(context, server, wish, asked);
  await enterLeaks(context, server, wish, {
    found,
    reported: new Set(left.discoveries),
    answer,
    places: asked,
    belongs,
  });
  const report = withManaged(left, (discovery: Discovery) => managedBy(answer.kept.get(discovery)));
  return { ...report, gaps: [...report.gaps, ...answer.gaps] };
};

const joined = (a: StoreAnswer, b: StoreAnswer): StoreAnswer => ({
  kept: new Map([...a.kept, ...b.kept]),
  gaps: [...a.gaps, ...b.gaps],
});
