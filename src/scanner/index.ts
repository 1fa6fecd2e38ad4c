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
export type { Alphabet, ChecksumId, Near, Part, Rule } from './rule.ts';
export { type ScanReport, exitCodeOf } from './scan-report.ts';
export type { Content, Gap, Origin, Progress, Skipped, Source, Unit, Yield } from './unit.ts';
