export { type AcceptRollback, acceptRollback } from './accept-rollback.ts';
export { type Anchor, type AnchorPlace, checkAnchor, openAnchor } from './anchor.ts';
export { type AppendResult, type Appended, append, createHead, lockHead, readHeadRow } from './append.ts';
export { type BoundVersion, allBindings } from './bindings.ts';
export { type LedgerCheck, checkLedger, publishedEntries } from './check-ledger.ts';
export {
  type EntryDraft,
  type Opening,
  type Outcome,
  type PersonalPart,
  type PublicPart,
  commitmentOf,
  encodeEntry,
  programEntry,
} from './entry.ts';
export { ledgerError } from './errors.ts';
export { bindingOf, bindingTo, headOf } from './heads.ts';
export { type ListEntries, listEntries } from './list-entries.ts';
export { type EntryProof, type ProveEntry, proveEntry, showEntry } from './prove-entry.ts';
export { type RedactEntries, redactEntries } from './redact-entries.ts';
export {
  type OpenedEntry,
  entryJson,
  faultOf,
  hasEntry,
  openRow,
  newestTime,
  readEntry,
  tileSource,
} from './read-entries.ts';
export { readBundle } from './read-bundle.ts';
export {
  type PublishedFiles,
  type VerifyPublished,
  publishedKey,
  publishedTiles,
  verifyPublished,
} from './published.ts';
export { receiptFor, wasAppended } from './receipts.ts';
export type { HeadRow } from './tables.ts';
export { type TileSource, readTile, rootAt } from './tree/tile-source.ts';
export { type Tile, parseTilePath, tilePath, tileWidth } from './tree/tiles.ts';
export { type Checkpoint, openCheckpoint } from './tree/checkpoint.ts';
export { openNote, signNote } from './tree/note.ts';
export { proveConsistency, verifyConsistency } from './tree/proof.ts';
export { type ProvenEntry, verifyProofFile } from './tree/proof-file.ts';
export { type LogFault, type LogReport } from './tree/verify.ts';
export { type VerifierKey, formatVerifierKey, parseVerifierKey, verifierKey } from './tree/verifier-key.ts';
