import type { Discovery } from '../finding.ts';
import type { ScanReport } from '../scan-report.ts';

/** What the writers of reports need besides the report. */
export type ReportContext = {
  /** Of the program, for the reader to know whose rules these were. */
  readonly version: string;
  /** What was scanned, in a person's words: `git history of .`. */
  readonly subject: string;
  /**
   * The keyed fingerprint of a discovery's value, or null where there is no key: reports tell then by rule and place
   * only whether two of them speak of the same thing.
   */
  readonly fingerprint: (discovery: Discovery) => string | null;
};

export type WriteReport = (report: ScanReport, context: ReportContext) => string;
