import { availableParallelism } from 'node:os';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  MAX_RULES_FILE,
  type ScanReport,
  type Source,
  checkRules,
  scan,
  searchDigest,
  stagedSource,
  threads,
} from '#scanner';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { type Acceptance, accept, acceptanceOf, baselineFile, weigh } from './baseline-file.ts';
import { type Fingerprinters, openFingerprinters } from './fingerprint-key.ts';
import { count } from '../text.ts';
import type { Chosen, ScanWish } from './choose-source.ts';
import { readBounded } from './read-bounded.ts';
import { openVerdicts } from './verdict-file.ts';
import { type Format, writeReport } from './write-report.ts';

export type ScanRun = ScanWish & {
  readonly format: Format;
  readonly output: string | undefined;
  readonly rules: string | undefined;
  readonly workers: number | undefined;
  readonly reveal: boolean;
  /** Also what reviewers of custom integrations look for. */
  readonly integration: boolean;
  readonly baseline: string | undefined;
  readonly accept: string | undefined;
  readonly until: string | undefined;
  readonly owner: string | undefined;
  readonly 'fingerprint-key-file': string | undefined;
  /** Ask a store which values it keeps. */
  readonly match: boolean;
  /** Take in what it does not keep. */
  readonly adopt: boolean;
  readonly project: string | undefined;
  readonly environment: string | undefined;
};

/** More threads than that wait for the disk. */
const MOST_THREADS = 4;

/** Scans, writes the report, and gives it back for the exit code. */
export const runScan = async (context: Context, run: ScanRun): Promise<ScanReport> => {
  const acceptance = acceptanceOf(context, run);
  const fingerprinters = openFingerprinters(context, {
    keyFile: run['fingerprint-key-file'],
    make: acceptance !== null,
  });
  const baseline = baselineFile(context, run.baseline);
  const rules = run.rules === undefined ? [] : await readRules(resolve(context.directory, run.rules));
  const search = { rules };
  const isHistory = run.git || run.github !== undefined || run.pushed !== undefined;
  const verdicts = isHistory ? openVerdicts(context.environment, await searchDigest(search)) : undefined;
  const tools = { environment: context.environment, asHook: run.staged || run.pushed !== undefined };
  const chosen: Chosen = run.staged
    ? { source: stagedSource({ folder: context.directory, tools }), subject: 'what is staged', repository: null }
    : await (await import('./choose-source.ts')).chooseSource(context, run, tools, verdicts);
  const store = run.match || run.adopt ? await (await import('./with-store.ts')).openStore(context, run) : undefined;
  const bar = context.terminal.progress('scanning');
  const workers = run.workers ?? Math.min(MOST_THREADS, availableParallelism());
  const leaks = await scan(chosen.source, {
    ...search,
    clock: context.clock,
    signal: context.signal,
    onProgress: ({ done, total }) => bar.at(done, total ?? undefined),
    // This thread looks through its share, too.
    ...(workers > 1 ? { workers: { factory: threads, count: workers - 1 } } : {}),
    ...(verdicts === undefined ? {} : { verdicts }),
  });
  const found = run.integration ? await withIntegrations(leaks, chosen.source, context.signal) : leaks;
  bar.end();
  verdicts?.keep();
  const isNamed = run.baseline !== undefined && acceptance === null;
  const left = weigh(context, found, baseline, isNamed, fingerprinters);
  const weighed = store === undefined ? left : await store.weigh(found, left);
  const report =
    chosen.repository === null
      ? weighed
      : await (await import('#scanner/sources')).withCommits(weighed, chosen.repository, tools, context.signal);
  await writeReport(context, report, {
    format: run.format,
    output: run.output,
    reveal: run.reveal,
    subject: chosen.subject,
    version: version(),
    fingerprint: (discovery) => fingerprinters.own?.of(discovery) ?? null,
  });
  return acceptance === null ? report : acceptAll(context, report, baseline, acceptance, fingerprinters);
};

/** The modules are read once more: they are few, and the scan keeps none of them. */
const withIntegrations = async (report: ScanReport, source: Source, signal: AbortSignal): Promise<ScanReport> => {
  const { checkIntegrations } = await import('#scanner/integration');
  const { discoveries, gaps } = await checkIntegrations(source, signal);
  const known = new Set(report.gaps.map(({ path, code }) => `${code} ${path}`));
  return {
    ...report,
    discoveries: [...report.discoveries, ...discoveries],
    gaps: [...report.gaps, ...gaps.filter(({ path, code }) => !known.has(`${code} ${path}`))],
  };
};

/** What was accepted counts no more; what has no name without a key still does. */
const acceptAll = (
  context: Context,
  report: ScanReport,
  file: string,
  acceptance: Acceptance,
  fingerprinters: Fingerprinters,
): ScanReport => {
  const leaks = report.discoveries.filter(({ confidence }) => confidence !== 'note');
  const nameless = accept(leaks, file, acceptance, fingerprinters);
  context.terminal.say(
    `${count(leaks.length - nameless.length, 'credential')} accepted until ${acceptance.until}, in ${file}.`,
  );
  return { ...report, discoveries: nameless };
};

const readRules = async (file: string) => {
  const { parse } = await import('yaml');
  const text = readBounded(file, 'The file of rules', { most: MAX_RULES_FILE });
  let document: unknown;
  try {
    // JSON is YAML, too. Aliases that explode end in an error of the parser.
    document = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw cliError('unreadable', 'The file of rules cannot be read as JSON or YAML.', { place: file }, error);
  }
  return checkRules(document);
};

const version = (): string =>
  (JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8')) as { version: string })
    .version;
