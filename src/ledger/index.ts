export { type Anchor, type AnchorPlace, checkAnchor, openAnchor } from './anchor.ts';
export { type AppendResult, type Appended, append, createHead, lockHead, readHeadRow } from './append.ts';
export { type EntryDraft, type Opening, type Outcome, type PersonalPart, type PublicPart, commitmentOf, encodeEntry, programEntry } from './entry.ts';
export { ledgerError } from './errors.ts';
export { bindingOf, headOf } from './heads.ts';
export { type OpenedEntry, entryJson, faultOf, openRow, readEntry, tileSource } from './read-entries.ts';
export { receiptFor, wasAppended } from './receipts.ts';
export type { HeadRow } from './tables.ts';
