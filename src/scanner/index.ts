export { type Accepted, type Weighed, applyBaseline, formatBaseline, parseBaseline } from './baseline/baseline.ts';
export { type Fingerprinter, isFingerprintKey, keyedFingerprints, slowFingerprints } from './baseline/fingerprint.ts';
export {
  type Candidate,
  type Detector,
  type FileDetector,
  type Hit,
  MAX_WHOLE_FILE,
  type WholeFile,
  type Window,
} from './detector.ts';
export { isPractice } from './filters/context.ts';
export type { Discovery, Finding, Managed, Occurrence } from './finding.ts';
export { type Search, searchDigest } from './open-plan.ts';
export { describeManaged, withManaged } from './report/describe-managed.ts';
export { clausesOf, placeOf } from './report/describe-place.ts';
export { shownValue } from './report/shown-value.ts';
export type { Alphabet, ChecksumId, Near, Part, Rule } from './rule.ts';
export { MAX_RULES_FILE, checkRules } from './rules-file.ts';
export { type ScanReport, exitCodeOf } from './scan-report.ts';
export { type ScanOptions, scan } from './scan.ts';
export type { GitTools } from './sources/git/run-git.ts';
export { type StagedOptions, stagedSource } from './sources/git/staged.ts';
export type { Content, Gap, Origin, Progress, Skipped, Source, Unit, Yield } from './unit.ts';
export type { Verdicts } from './verdicts.ts';
export { threads } from './workers/threads.ts';
