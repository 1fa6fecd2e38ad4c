export { withCommits } from '../with-commits.ts';
export { type ArchiveOptions, archiveSource } from './archive/archive.ts';
export { ARCHIVE_LIMITS, type ArchiveLimits } from './archive/limits.ts';
export { type HistoryOptions, historySource } from './git/git-history.ts';
export { type GitHubOptions, gitHubSource, parseGitHubName } from './git/github.ts';
export { type Git, type GitOptions, NO_GIT, firstComplaint } from './git/run-git.ts';
export { openWorkingTree } from './git/working-tree.ts';
export type { Revisions } from './git/list-objects.ts';
export { type Push, type PushOptions, pushSource, readPushLines } from './git/push-range.ts';
export { type ImageOptions, imageSource } from './image.ts';
export { type StdinOptions, stdinSource } from './stdin.ts';
export { type TreeOptions, treeSource } from './tree.ts';
export {
  type FetchUrl,
  type Page,
  type PageFacts,
  URL_LIMITS,
  type UrlLimits,
  type UrlOptions,
  openPage,
} from './url.ts';
