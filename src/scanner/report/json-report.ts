import type { Discovery } from '../finding.ts';
import { exitCodeOf } from '../scan-report.ts';
import type { WriteReport } from './report-options.ts';
import { shownValue } from './shown-value.ts';

/** Rises when a field is renamed or loses a meaning; new fields do not count. */
export const JSON_REPORT_FORMAT = 1;

/** For programs: everything the page for people has, with lists whole. No value, and nothing made from one without a key. */
export const jsonReport: WriteReport = (report, context) =>
  `${JSON.stringify(
    {
      format: JSON_REPORT_FORMAT,
      tool: { name: 'chatelaine', version: context.version },
      subject: context.subject,
      outcome: { 0: 'clean', 1: 'findings', 3: 'incomplete' }[exitCodeOf(report)],
      complete: report.gaps.length === 0,
      covered: report.covered,
      took: report.took,
      findings: report.discoveries.map((one) => entryOf(one, context.fingerprint(one))),
      gaps: report.gaps,
      skipped: report.skipped,
    },
    null,
    2,
  )}\n`;

const entryOf = (discovery: Discovery, fingerprint: string | null) => {
  const { value, around: _, occurrences, ...said } = discovery;
  return { ...said, shown: shownValue(value), fingerprint, occurrences };
};
