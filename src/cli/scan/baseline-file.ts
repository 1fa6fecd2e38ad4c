import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Accepted, type Discovery, type ScanReport, applyBaseline, formatBaseline, parseBaseline } from '#scanner';
import type { Context } from '../context.ts';
import { cliError } from '../errors.ts';
import { count } from '../text.ts';
import { replaceFile } from '../write-file.ts';
import type { Fingerprinters } from './fingerprint-key.ts';
import { readBounded } from './read-bounded.ts';

const DEFAULT = '.chatelaine-baseline';
const MODE = 0o644;
/** Bytes: 10,000 lines with long reasons. */
const LARGEST = 8 * 1024 * 1024;
const DAY = 86_400_000;
/** What is accepted for longer than that is nobody's exception any more. */
const LONGEST_DAYS = 731;

export type Acceptance = { readonly reason: string; readonly until: string; readonly owner: string };

export const baselineFile = (context: Context, named: string | undefined): string =>
  resolve(context.directory, named ?? DEFAULT);

/** The report without what somebody decided to leave, which is told beside it. */
export const weigh = (
  context: Context,
  report: ScanReport,
  file: string,
  isNamed: boolean,
  fingerprinters: Fingerprinters,
): ScanReport => {
  if (!isNamed && !existsSync(file)) return report;
  const today = new Date(context.clock.now()).toISOString().slice(0, 10);
  const { left, accepted, ended, unreadable } = applyBaseline(
    report.discoveries,
    read(file),
    fingerprinters.all,
    today,
  );
  if (accepted.length > 0) context.terminal.say(`${count(accepted.length, 'credential')} accepted by the baseline.`);
  for (const { rule, until, owner } of ended)
    context.terminal.say(`Accepted until ${until} by ${owner}, and over: ${rule}.`);
  if (unreadable > 0)
    context.terminal.say(
      `${count(unreadable, 'line')} of the baseline under another key: name it with --fingerprint-key-file.`,
    );
  return { ...report, discoveries: left };
};

/** Adds what was found to the baseline. Gives what has no name without a key, and so is not in it. */
export const accept = (
  discoveries: readonly Discovery[],
  file: string,
  { reason, until, owner }: Acceptance,
  { all }: Fingerprinters,
): readonly Discovery[] => {
  const before = existsSync(file) ? read(file) : [];
  const nameless: Discovery[] = [];
  const added = discoveries.flatMap((discovery): readonly Accepted[] => {
    const fingerprint = all.map((one) => one.of(discovery)).find((name) => name !== null);
    if (fingerprint === undefined || fingerprint === null) {
      nameless.push(discovery);
      return [];
    }
    return [{ fingerprint, rule: discovery.rule, until, owner, reason }];
  });
  replaceFile(file, formatBaseline([...before, ...added]), { mode: MODE });
  return nameless;
};

/** Errors: wrong use, when a part is missing, or the day is none, past, or years away. */
export const acceptanceOf = (
  context: Context,
  given: {
    readonly accept: string | undefined;
    readonly until: string | undefined;
    readonly owner: string | undefined;
  },
): Acceptance | null => {
  const { accept: reason, until, owner } = given;
  if (reason === undefined && until === undefined && owner === undefined) return null;
  if (reason === undefined || until === undefined || owner === undefined)
    throw cliError(
      'wrong_use',
      'What is accepted has a reason (--accept), a last day (--until) and an owner (--owner).',
      { command: 'scan' },
    );
  const end = Date.parse(`${until}T00:00:00Z`);
  const now = context.clock.now();
  if (!/^\d{4}-\d\d-\d\d$/.test(until) || Number.isNaN(end) || end < now - DAY || end > now + LONGEST_DAYS * DAY)
    throw cliError('wrong_use', '--until is a day from today on, two years ahead at most, as YYYY-MM-DD.', {
      command: 'scan',
    });
  return { reason, until, owner };
};

const read = (file: string): readonly Accepted[] =>
  parseBaseline(readBounded(file, 'The baseline', { most: LARGEST, found: true }));
