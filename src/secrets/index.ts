export { type CheckedPlace, type VersionCheck, checkVersions } from './check-versions.ts';
export {
  type ChangeVersions,
  type DestroyCredential,
  deleteVersions,
  destroyCredential,
  destroyVersions,
  undeleteVersions,
} from './change-versions.ts';
export { type Likeness, type ValueHome, compareText, homeElsewhere, leavesSharedElsewhere } from './compare-value.ts';
export { currentSince } from './current-since.ts';
export { secretsError } from './errors.ts';
export { type SharedLeaf, fingerprintOf } from './homes.ts';
export { type MatchKey, type MatchKeyWish, obtainMatchKey } from './hand-out-match-key.ts';
export { type VersionList, listVersions } from './list-versions.ts';
export { type Match, type MatchValues, type Matches, type Standing, matchValues, standingOf } from './match-values.ts';
export type { SecretsPorts } from './ports.ts';
export { type PromoteVersion, promoteVersion } from './promote-version.ts';
export { refingerprint } from './refingerprint.ts';
export { requireSame } from './same-credential.ts';
export { type ConditionalRead, readIfChanged, tagOf } from './read-if-changed.ts';
export { type ReadVersion, type VersionRead, readVersion } from './read-version.ts';
export { oweScrub, scrubOwed } from './scrub.ts';
export { tagOlderVersions } from './tag-versions.ts';
export { type TransferCredential, transferCredential } from './transfer-credential.ts';
export { lookUpWrapped, unwrapAnswer } from './unwrap-answer.ts';
export { MARK_PLAIN, MARK_SECRET, MAX_VALUE_BYTES, MIN_FINGERPRINTED, parseValue, sealable } from './value.ts';
export { type Verb, checkVerb, isPossible } from './verbs.ts';
export { type VersionMetadata, isDeleted } from './version.ts';
export { type WrapAnswer, type WrappedAnswer, wrapAnswer } from './wrap-answer.ts';
export { notWrapped } from './wrapped-answer.ts';
export {
  DEFAULT_MAX_VERSIONS,
  type Expected,
  type VersionWritten,
  type WriteVersion,
  writeVersion,
} from './write-version.ts';
export { secretsDeeds } from './deeds.ts';
