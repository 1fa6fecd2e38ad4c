import type { Discovery } from '../finding.ts';
import { scannerError } from '../errors.ts';
import type { Fingerprint, Fingerprinter } from './fingerprint.ts';

/** A value that somebody decided to leave where it is, for a reason, until a day. */
export type Accepted = {
  readonly fingerprint: Fingerprint;
  readonly rule: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string;
  readonly owner: string;
  readonly reason: string;
};

/**
 * The file: a heading, then one line a value, sorted, so that two branches that add lines merge without a conflict.
 *
 *     # Chatelaine baseline 1: fingerprint rule until owner reason
 *     k3f0a:9c…e1 mqtt-password 2027-01-31 ada test broker in CI, on loopback only
 *
 * No value, no guessable hash, no path, no line number, no commit: a rebase changes nothing in it.
 */
const HEADING = '# Chatelaine baseline 1: fingerprint rule until owner reason';
/** Lines; a longer list is no list of exceptions. */
const MOST = 10_000;
const LINE =
  /^(?<fingerprint>(?:k[\da-f]{4}|a):[\da-f]{40}) (?<rule>[a-z\d-]{1,100}) (?<until>\d{4}-\d\d-\d\d) (?<owner>\S{1,100}) (?<reason>\S.{0,499})$/;

/** Errors: `scanner.baseline`, with the line. */
export const parseBaseline = (text: string): readonly Accepted[] => {
  const lines = text.split(/\r?\n/);
  if (lines.length > MOST) throw scannerError('baseline', `The baseline has more than ${MOST} lines.`, { line: MOST });
  return lines.flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const groups = LINE.exec(line)?.groups;
    if (groups === undefined || !isDay(groups['until']!))
      throw scannerError('baseline', `Line ${index + 1} of the baseline is none.`, { line: index + 1 });
    const { fingerprint, rule, until, owner, reason } = groups;
    return [{ fingerprint: fingerprint!, rule: rule!, until: until!, owner: owner!, reason: reason! }];
  });
};

const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

export const formatBaseline = (accepted: readonly Accepted[]): string => {
  const byValue = new Map(accepted.map((one) => [one.fingerprint, one]));
  const lines = [...byValue.values()].map(
    ({ fingerprint, rule, until, owner, reason }) =>
      `${fingerprint} ${rule} ${until} ${oneWord(owner)} ${reason.replaceAll(/\s+/g, ' ').trim().slice(0, 500)}`,
  );
  return `${[HEADING, ...lines.toSorted()].join('\n')}\n`;
};

const oneWord = (text: string): string => text.trim().replaceAll(/\s+/g, '_').slice(0, 100);

export type Weighed = {
  /** What still counts. */
  readonly left: readonly Discovery[];
  readonly accepted: readonly { readonly discovery: Discovery; readonly by: Accepted }[];
  /** Accepted once, and over: these count again, and the report says so. */
  readonly ended: readonly Accepted[];
  /** Lines made under another key: nobody can say here what they accept. */
  readonly unreadable: number;
};

/** `today` as `YYYY-MM-DD`, in UTC. */
export const applyBaseline = (
  discoveries: readonly Discovery[],
  baseline: readonly Accepted[],
  fingerprinters: readonly Fingerprinter[],
  today: string,
): Weighed => {
  const byFingerprint = new Map(baseline.map((one) => [one.fingerprint, one]));
  const rules = new Set(baseline.filter(({ fingerprint }) => fingerprint.startsWith('a:')).map(({ rule }) => rule));
  const left: Discovery[] = [];
  const accepted: { discovery: Discovery; by: Accepted }[] = [];
  const ended: Accepted[] = [];
  for (const discovery of discoveries) {
    const by = fingerprinters
      // A name without a key costs a tenth of a second: asked only where the baseline has one of that rule.
      .filter((one) => !one.isSlow || rules.has(discovery.rule))
      .map((one) => byFingerprint.get(one.of(discovery) ?? ''))
      .find((one) => one !== undefined);
    if (by === undefined) left.push(discovery);
    else if (by.until < today) {
      ended.push(by);
      left.push(discovery);
    } else accepted.push({ discovery, by });
  }
  const unreadable = baseline.filter(({ fingerprint }) => !fingerprinters.some((one) => one.couldBe(fingerprint)));
  return { left, accepted, ended, unreadable: unreadable.length };
};
