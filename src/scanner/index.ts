export {
  type Candidate,
  type Detector,
  type FileDetector,
  type Hit,
  MAX_WHOLE_FILE,
  type WholeFile,
  type Window,
} from './detector.ts';
export type { Discovery, Finding, Occurrence } from './finding.ts';
export { type Search, searchDigest } from './open-plan.ts';
export { clausesOf, placeOf } from './report/describe-place.ts';
export { htmlReport } from './report/html-report.ts';
export { jsonReport } from './report/json-report.ts';
export { junitReport } from './report/junit-report.ts';
export type { ReportContext, WriteReport } from './report/report-options.ts';
export { sarifReport } from './report/sarif-report.ts';
export { shownValue } from './report/shown-value.ts';
export type { Alphabet, ChecksumId, Near, Part, Rule } from './rule.ts';
export { checkRules } from './rules-file.ts';
export { type ScanReport, exitCodeOf } from './scan-report.ts';
export { type ScanOptions, scan } from './scan.ts';
export type { Content, Gap, Origin, Progress, Skipped, Source, Unit, Yield } from './unit.ts';
export type { Verdicts } from './verdicts.ts';
export { threads } from './workers/threads.ts';
