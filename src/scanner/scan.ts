import type { Clock } from '#kernel';
import { grouping } from './group.ts';
import { crossChecks } from './home/index.ts';
import { type Search, planFor } from './open-plan.ts';
import type { Plan } from './plan.ts';
import { type Handed, type Scanned, scanContent } from './scan-content.ts';
import type { ScanReport } from './scan-report.ts';
import type { Gap, Origin, Progress, Skipped, Source, Unit, Yield } from './unit.ts';
import type { Verdicts } from './verdicts.ts';
import type { Pool } from './workers/pool.ts';
import type { WorkerFactory } from './workers/protocol.ts';

export type ScanOptions = Search & {
  readonly clock: Clock;
  /** Threads beside the caller's, for large inputs. Started once there is enough to do. */
  readonly workers?: { readonly factory: WorkerFactory; readonly count: number };
  readonly verdicts?: Verdicts;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
};

/** Units after which threads are started: below, they cost more than they bring. */
const ENOUGH_UNITS = 300;
/** The same in bytes, where sizes are known. */
const ENOUGH_BYTES = 32 * 1024 * 1024;
/** Units and known bytes that are handed over at once. */
const BATCH_UNITS = 48;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Looks through everything a source yields. Findings, gaps and coverage go to the report; nothing throws but a fault of
 * the program itself. An aborted scan is reported as far as it came, with the gap `interrupted`.
 */
export const scan = async (source: Source, options: ScanOptions): Promise<ScanReport> => {
  const started = options.clock.monotonic();
  const signal = options.signal ?? new AbortController().signal;
  const desk = openDesk(options);
  // Once the source has started what it waits for (git, a page), and not before: the plan is made meanwhile.
  queueMicrotask(() => desk.prepare());
  const take = async (from: AsyncIterable<Yield>): Promise<void> => {
    for await (const given of from) {
      if (given.type === 'unit') await desk.take(given.unit);
      else if (given.type === 'gap') desk.gaps.push(given.gap);
      else if (given.type === 'skipped') desk.skipped.push(given.skipped);
      else if (given.type === 'known') desk.fromCache += given.units;
      else options.onProgress?.(given.progress);
      if (signal.aborted) break;
      if (desk.archives.length > 0) await openAll();
    }
  };
  /** Archives that nobody called so. */
  const openAll = async (): Promise<void> => {
    const { openFile } = await import('./sources/archive/archive.ts');
    for (const { file, path, origin } of desk.archives.splice(0)) await take(openFile(file, path, origin, signal));
  };
  try {
    await take(source(signal));
    if (!signal.aborted) await desk.finish();
    if (!signal.aborted && desk.archives.length > 0) {
      await openAll();
      await desk.finish();
    }
  } finally {
    await desk.close();
  }
  if (signal.aborted && !desk.gaps.some(({ code }) => code === 'interrupted'))
    desk.gaps.push({ path: '', code: 'interrupted', message: 'The scan was stopped before its end. Scan again.' });
  const { discoveries: grouped, full } = desk.groups.finish();
  // What only the whole shows: one password on three devices. Imported only where something was found.
  const discoveries = grouped.length === 0 ? grouped : (await import('./home/cross-checks.ts')).crossChecks(grouped);
  if (full)
    desk.gaps.push({ path: '', code: 'too_many', message: 'More than 20,000 credentials; the rest is not listed.' });
  return {
    discoveries: crossChecks(discoveries),
    gaps: desk.gaps,
    skipped: desk.skipped,
    covered: { units: desk.units, bytes: desk.bytes, fromCache: desk.fromCache },
    took: options.clock.monotonic() - started,
  };
};

/** Where units are taken in, given to whoever looks through them, and results gathered. */
const openDesk = (options: ScanOptions) => {
  const under = new Map<Handed, Pick<Unit, 'origin' | 'isMember'>>();
  let planned: Promise<Plan> | null = null;
  let plan: Plan | null = null;
  let pool: Pool | null = null;
  let batch: Handed[] = [];
  let batchBytes = 0;
  let seen = 0;
  let seenBytes = 0;

  const desk = {
    groups: grouping(),
    gaps: [] as Gap[],
    skipped: [] as Skipped[],
    /** To be opened: their first bytes said what they are. */
    archives: [] as { readonly file: string; readonly path: string; readonly origin: Origin }[],
    units: 0,
    bytes: 0,
    fromCache: 0,

    prepare(): void {
      planned ??= planFor(options);
      // Told to whoever takes a unit; a scan without any needs no plan.
      planned.catch(() => {});
    },

    async take(unit: Unit): Promise<void> {
      const handed: Handed = { path: unit.path, size: unit.size, mode: unit.mode ?? null, content: unit.content };
      seen++;
      seenBytes += unit.size ?? 0;
      const movable = unit.content.type === 'path' || unit.content.type === 'bytes';
      if (
        options.workers === undefined ||
        !movable ||
        (pool === null && seen < ENOUGH_UNITS && seenBytes < ENOUGH_BYTES)
      ) {
        gather(handed, unit, await scanHere(handed));
        return;
      }
      const { isMember, origin } = unit;
      under.set(handed, isMember === undefined ? { origin } : { origin, isMember });
      batch.push(handed);
      batchBytes += unit.size ?? 0;
      if (batch.length >= BATCH_UNITS || batchBytes >= BATCH_BYTES) await handOver();
    },
    async finish(): Promise<void> {
      if (batch.length > 0) await handOver();
      await pool?.settle();
    },
    async close(): Promise<void> {
      await pool?.close();
    },
  };

  const thePlan = (): Promise<Plan> => (planned ??= planFor(options));

  const scanHere = async (handed: Handed): Promise<Scanned> => {
    plan ??= await thePlan();
    return scanContent(plan, handed);
  };

  const gather = (
    { content, path }: Handed,
    { isMember = false, origin }: Pick<Unit, 'origin' | 'isMember'>,
    { found, bytes, gap, packed }: Scanned,
  ): void => {
    if (gap !== null) desk.gaps.push(gap);
    // An image is opened by its own source.
    if (packed && content.type === 'path' && origin.type !== 'image')
      desk.archives.push({ file: content.file, path, origin });
    if (gap === null || bytes > 0) desk.units++;
    desk.bytes += bytes;
    desk.groups.add(path, origin, found);
    // A clean member says nothing of the archive, whose blob it is.
    const isWhole = origin.type === 'blob' && !isMember && !packed;
    if (isWhole && gap === null && found.length === 0) options.verdicts?.addClean(origin.id);
  };

  const settled = (unit: Handed, scanned: Scanned): void => {
    gather(unit, under.get(unit)!, scanned);
    under.delete(unit);
  };

  const openWorkers = async (): Promise<Pool | null> => {
    const { workers, builtin, rules = [] } = options;
    if (workers === undefined) return null;
    // Rules that do not fit are told of here, by this thread: those others would only die of them.
    await (await thePlan()).loadWords();
    const { openPool } = await import('./workers/pool.ts');
    const setup = { ...(builtin === undefined ? {} : { builtin }), rules };
    return openPool(workers.factory, workers.count, setup, (units, scanned) =>
      units.forEach((unit, i) => settled(unit, scanned[i]!)),
    );
  };

  const handOver = async (): Promise<void> => {
    pool ??= await openWorkers();
    const full = batch;
    batch = [];
    batchBytes = 0;
    if (pool?.offer(full) === true) return;
    // All have enough to do: this thread does its share instead of waiting, and then hears what they have done.
    for (const unit of full) settled(unit, await scanHere(unit));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return desk;
};
