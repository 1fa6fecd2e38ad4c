import { availableParallelism } from 'node:os';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ScanReport, checkRules, scan, searchDigest, threads, withCommits } from '#scanner';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { type ScanWish, chooseSource } from './choose-source.ts';
import { openVerdicts } from './verdict-file.ts';
import { type Format, writeReport } from './write-report.ts';

export type ScanRun = ScanWish & {
  readonly format: Format;
  readonly output: string | undefined;
  readonly rules: string | undefined;
  readonly workers: number | undefined;
  readonly reveal: boolean;
};

/** More threads than that wait for the disk. */
const MOST_THREADS = 4;

/** Scans, writes the report, and gives it back for the exit code. */
export const runScan = async (context: Context, run: ScanRun): Promise<ScanReport> => {
  const rules = run.rules === undefined ? [] : await readRules(resolve(context.directory, run.rules));
  const search = { rules };
  const isHistory = run.git || run.github !== undefined || run.pushed !== undefined;
  const verdicts = isHistory ? openVerdicts(context.environment, await searchDigest(search)) : undefined;
  const tools = { environment: context.environment, asHook: run.staged || run.pushed !== undefined };
  const chosen = await chooseSource(context, run, tools, verdicts);
  const bar = context.terminal.progress('scanning');
  const count = run.workers ?? Math.min(MOST_THREADS, availableParallelism());
  const found = await scan(chosen.source, {
    ...search,
    clock: context.clock,
    signal: context.signal,
    onProgress: ({ done, total }) => bar.at(done, total ?? undefined),
    ...(count > 1 ? { workers: { factory: threads, count } } : {}),
    ...(verdicts === undefined ? {} : { verdicts }),
  });
  bar.end();
  verdicts?.keep();
  const report =
    chosen.repository === null ? found : await withCommits(found, chosen.repository, tools, context.signal);
  writeReport(context, report, {
    format: run.format,
    output: run.output,
    reveal: run.reveal,
    subject: chosen.subject,
    version: version(),
    fingerprint: () => null,
  });
  return report;
};

const readRules = async (file: string) => {
  const { parse } = await import('yaml');
  let document: unknown;
  try {
    // JSON is YAML, too. Aliases that explode end in an error of the parser.
    document = parse(readFileSync(file, 'utf8'), { maxAliasCount: 100 });
  } catch (error) {
    throw cliError('unreadable', 'The file of rules cannot be read as JSON or YAML.', { place: file }, error);
  }
  return checkRules(document);
};

const version = (): string =>
  (JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8')) as { version: string })
    .version;
