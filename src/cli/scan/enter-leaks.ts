import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { hasCode } from '#kernel';
import type { Discovery, ScanReport } from '#scanner';
import type { Context } from '../context.ts';
import type { Place } from '../memory.ts';
import type { Server } from '../session.ts';
import type { Kept, StoreAnswer } from './ask-store.ts';
import type { ScanWish } from './choose-source.ts';
import type { Belongs } from './known-files.ts';
import { type NamedSource, nameSource } from './name-source.ts';

/** Limits of the wire: values in one request, places of each, places that are gone. */
const MOST_SEEN = 100;
const MOST_PLACES = 50;
const MOST_GONE = 1_000;

export type LeakEntry = {
  /** The scan as it was, with what the baseline accepts. */
  readonly found: ScanReport;
  /** What is left of it. */
  readonly reported: ReadonlySet<Discovery>;
  readonly answer: StoreAnswer;
  readonly places: readonly Place[];
  /** Whether a value lies in a file where it belongs, and so is no leak. */
  readonly belongs: Belongs;
};

/** Tells the store where its values lie, and where they do not any more, so that its findings open and end. */
export const enterLeaks = async (context: Context, server: Server, wish: ScanWish, entry: LeakEntry): Promise<void> => {
  const source = await nameSource(context, wish);
  if (source === null) return;
  const total = { opened: 0, closed: 0 };
  for (const place of entry.places) {
    try {
      const { opened, closed } = await enterPlace(context, server, wish, source, entry, place);
      total.opened += opened;
      total.closed += closed;
    } catch (error) {
      const where = `${place.project}/${place.environment}`;
      if (hasCode(error, 'deeds.denied') || hasCode(error, 'control.foreign')) {
        if (seenAt(source, entry, place).length > 0)
          context.terminal.say(`Not entered as a finding of ${where}: you may not open findings there.`);
      } else if (hasCode(error, 'http.too_many'))
        context.terminal.say(`Not entered as a finding of ${where}: ${(error as Error).message}`);
      else throw error;
    }
  }
  if (total.opened + total.closed > 0)
    context.terminal.say(
      `Findings in the store: ${total.opened} opened, ${total.closed} closed. See them: chatelaine findings --rule leaked`,
    );
};

type Seen = { readonly name: string; readonly places: { readonly file: string; readonly line: number | null }[] };

const enterPlace = async (
  context: Context,
  server: Server,
  wish: ScanWish,
  source: NamedSource,
  entry: LeakEntry,
  params: Place,
): Promise<{ readonly opened: number; readonly closed: number }> => {
  const seen = seenAt(source, entry, params);
  const gone = await goneFrom(context, server, wish, source, entry, params);
  const total = { opened: 0, closed: 0 };
  for (let at = 0; at < Math.max(seen.length, Math.ceil((gone.length * MOST_SEEN) / MOST_GONE)); at += MOST_SEEN) {
    const from = (at / MOST_SEEN) * MOST_GONE;
    const { opened, closed } = await server.call('leaks.record', {
      params,
      body: { source: source.name, seen: seen.slice(at, at + MOST_SEEN), gone: gone.slice(from, from + MOST_GONE) },
    });
    total.opened += opened;
    total.closed += closed;
  }
  return total;
};

/** What the baseline accepts was decided about already. */
const seenAt = (source: NamedSource, { answer, reported, belongs }: LeakEntry, place: Place): readonly Seen[] => {
  const seen = new Map<string, Seen>();
  for (const [discovery, kept] of answer.kept) {
    const here = kept.find((one) => isAt(one, place));
    if (here === undefined || !reported.has(discovery)) continue;
    const files = new Map(
      discovery.occurrences
        .filter((one) => !belongs(one.path, here))
        .map((one) => [source.fileOf(one), one.line] as const),
    );
    if (files.size === 0) continue;
    const places = [...files].slice(0, MOST_PLACES).map(([file, line]) => ({ file, line }));
    const known = seen.get(here.item.name);
    seen.set(here.item.name, {
      name: here.item.name,
      places: [...(known?.places ?? []), ...places].slice(0, MOST_PLACES),
    });
  }
  return [...seen.values()];
};

const isAt = ({ place }: Kept, { project, environment }: Place): boolean =>
  place.project === project && place.environment === environment;

/**
 * Leaks of before whose place this scan looked through wholly without finding the value. In doubt it is still there: a
 * scan with gaps or exceptions proves nothing, and neither does one whose lists were cut.
 */
const goneFrom = async (
  context: Context,
  server: Server,
  wish: ScanWish,
  source: NamedSource,
  { found, answer }: LeakEntry,
  params: Place,
): Promise<readonly string[]> => {
  const isWhole = found.gaps.length === 0 && answer.gaps.length === 0 && wish.exclude.length === 0;
  if (source.covers === 'other' || !isWhole) return [];
  const still = new Set<string>();
  const endless = new Set<string>();
  for (const [{ occurrences, facts }, kept] of answer.kept)
    for (const { item } of kept.filter((one) => isAt(one, params))) {
      if (facts['places'] !== undefined) endless.add(item.path);
      for (const one of occurrences) still.add(`${item.path} ${item.version} ${source.fileOf(one)}`);
    }
  const isCovered = source.covers === 'history' ? () => true : treeCover(context, wish, source, found);
  const gone: string[] = [];
  for await (const leak of server.items('leaks.list', { params, query: { source: source.name, limit: '500' } }))
    if (!endless.has(leak.path) && !still.has(`${leak.path} ${leak.version} ${leak.file}`) && isCovered(leak.file))
      gone.push(leak.id);
  return gone;
};

/** A file that is not there any more, or that lies where this scan looked and was not left out. */
const treeCover = (
  context: Context,
  { places }: ScanWish,
  source: NamedSource,
  { skipped }: ScanReport,
): ((file: string) => boolean) => {
  const roots = (places.length === 0 ? ['.'] : places).map((place) =>
    source.fileOf({ path: resolve(context.directory, place) }),
  );
  const left = skipped.map(({ path }) => source.fileOf({ path }));
  const isLeftOutUnnamed = skipped.some(({ path }) => path.startsWith('('));
  const lies = (file: string, folder: string): boolean =>
    folder === '.' || file === folder || file.startsWith(`${folder}/`) || file.startsWith(`${folder}!`);
  return (file) => {
    if (!roots.some((root) => lies(file, root))) return false;
    const [onDisk = file] = file.split('!');
    if (!existsSync(source.onDisk(onDisk))) return true;
    return !isLeftOutUnnamed && !left.some((path) => lies(file, path));
  };
};
