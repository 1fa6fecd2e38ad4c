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
export type { Discovery, Finding, Occurrence } from './finding.ts';
export { type Guideline, guidelineOf } from './guidelines.ts';
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
export { type ArchiveOptions, archiveSource } from './sources/archive/archive.ts';
export { ARCHIVE_LIMITS, type ArchiveLimits } from './sources/archive/limits.ts';
export { type HistoryOptions, historySource } from './sources/git/git-history.ts';
export { type GitHubOptions, gitHubSource, parseGitHubName } from './sources/git/github.ts';
export type { Revisions } from './sources/git/list-objects.ts';
export { type Push, type PushOptions, pushSource, readPushLines } from './sources/git/push-range.ts';
export type { GitTools } from './sources/git/run-git.ts';
export { type StagedOptions, stagedSource } from './sources/git/staged.ts';
export { type ImageOptions, imageSource } from './sources/image.ts';
export { type StdinOptions, stdinSource } from './sources/stdin.ts';
export { type TreeOptions, treeSource } from './sources/tree.ts';
export {
  type FetchUrl,
  type Page,
  type PageFacts,
  URL_LIMITS,
  type UrlLimits,
  type UrlOptions,
  openPage,
} from './sources/url.ts';
export type { Content, Gap, Origin, Progress, Skipped, Source, Unit, Yield } from './unit.ts';
export type { Verdicts } from './verdicts.ts';
export { threads } from './workers/threads.ts';
export { type FilesCopy, copyFiles } from './replace/copy-files.ts';
export { type Known, openMask } from './replace/mask.ts';
export { openRedaction } from './replace/redaction.ts';
export { withCommits } from './with-commits.ts';
export { checkIntegration } from './integration/check-integration.ts';
export type { PythonFile } from './integration/python.ts';
export { checkIntegrations } from './integration/read-integrations.ts';
