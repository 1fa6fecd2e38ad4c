import { type Random, type Signer, concat } from '#kernel';
import type { ReadTx, WriteTx } from '#storage';
import { BLOCK_WIDTH, encodeBlock } from './block.ts';
import { type EntryDraft, commit, encodeEntry } from './entry.ts';
import { ledgerError } from './errors.ts';
import {
  type EntryRow,
  type HeadRow,
  growTile,
  insertEntry,
  insertHead,
  lockHeadPostgres,
  putBlock,
  readHead,
  resourcesFrom,
  tileAt,
  updateHead,
} from './tables.ts';
import { signCheckpoint } from './tree/checkpoint.ts';
import {
  type CompletedTile,
  EMPTY_FRONTIER,
  decodeFrontier,
  encodeEdge,
  extendFrontier,
  rootOfFrontier,
} from './tree/frontier.ts';
import { leafHash } from './tree/merkle.ts';

/** The place of one appended entry. */
export type Appended = { readonly index: number; readonly commitment: Uint8Array; readonly resource: string };

export type AppendResult = { readonly entries: readonly Appended[]; readonly head: HeadRow };

/**
 * Takes the head row for this commit. From here to COMMIT no other process can append, so everything slow comes
 * before. Errors: `ledger.empty`.
 */
export const lockHead = async (tx: WriteTx): Promise<HeadRow> => {
  const head = await tx.one(tx.engine === 'postgres' ? lockHeadPostgres : readHead, {});
  if (head === undefined) throw ledgerError('empty', 'There is no ledger yet.');
  return head;
};

/** The head as the newest commit left it, or undefined before the first. */
export const readHeadRow = (tx: ReadTx): Promise<HeadRow | undefined> => tx.one(readHead, {});

/** Writes the head of an empty ledger; the first append follows in the same commit. */
export const createHead = async (tx: WriteTx, signer: Signer): Promise<HeadRow> => {
  const head: HeadRow = {
    id: 1,
    size: 0,
    edge: new Uint8Array(),
    checkpoint: signCheckpoint(signer, 0, rootOfFrontier(EMPTY_FRONTIER)),
    revision: 1,
    minimum: 0,
    guard: null,
  };
  await tx.run(insertHead, head);
  return head;
};

/**
 * Appends entries and signs the checkpoint that covers them, all in the caller's commit.
 *
 * @param head what `lockHead` gave in this transaction
 * @param bumped whether this commit makes earlier decisions stale
 * @param guard makes the code over the newest states of guarded rows for a head of this size and revision
 */
export const append = async (
  tx: WriteTx,
  head: HeadRow,
  drafts: readonly EntryDraft[],
  bumped: boolean,
  signer: Signer,
  random: Random,
  guard: (size: number, revision: number) => Uint8Array,
): Promise<AppendResult> => {
  const rows = drafts.map((draft, i) => entryRow(draft, head.size + i, random));
  const leaves = rows.map(({ commitment }) => leafHash(encodeEntry(commitment)));
  const { frontier, completed } = extendFrontier(decodeFrontier(head.size, head.edge), leaves);
  await tx.runMany(insertEntry, rows);
  await growTiles(tx, completed);
  await fillBlocks(tx, head.size, frontier.size);
  const revision = head.revision + (bumped ? 1 : 0);
  const next: HeadRow = {
    ...head,
    size: frontier.size,
    edge: encodeEdge(frontier),
    checkpoint: signCheckpoint(signer, frontier.size, rootOfFrontier(frontier)),
    revision,
    guard: guard(frontier.size, revision),
  };
  await tx.run(updateHead, next);
  return { head: next, entries: rows.map(({ idx, commitment, resource }) => ({ index: idx, commitment, resource })) };
};

const entryRow = (draft: EntryDraft, idx: number, random: Random): EntryRow => {
  const { commitment, opening } = commit(draft, random);
  return {
    idx,
    at: draft.at,
    action: draft.action,
    outcome: draft.outcome,
    rule: draft.rule,
    resource: draft.resource,
    note: draft.note,
    head_version: draft.head?.version ?? null,
    head_hash: draft.head?.hash ?? null,
    salt: opening.salt,
    caller: draft.caller,
    address: draft.address,
    agent: draft.agent,
    path: draft.path,
    personal_salt: opening.personalSalt,
    personal_hash: opening.personalHash,
    commitment,
  };
};

/** One hash joins its tile once in 256 entries, so rewriting the row is cheap. */
const growTiles = async (tx: WriteTx, completed: readonly CompletedTile[]): Promise<void> => {
  for (const { level, index, offset, hash } of completed) {
    const hashes = await tileHashes(tx, level, index);
    if (hashes.length !== offset * hash.length)
      throw ledgerError(
        'damaged',
        `Tile ${level}/${index} holds ${hashes.length / hash.length} hashes, not ${offset}.`,
      );
    await tx.run(growTile, { level, n: index, hashes: concat(hashes, hash) });
  }
};

/** Blocks that became full between two sizes. One of which entries are missing is left out: it is searched entry by entry. */
const fillBlocks = async (tx: WriteTx, before: number, size: number): Promise<void> => {
  for (let n = Math.floor(before / BLOCK_WIDTH); (n + 1) * BLOCK_WIDTH <= size; n++) {
    const rows = await tx.all(resourcesFrom, { from: n * BLOCK_WIDTH, to: (n + 1) * BLOCK_WIDTH });
    if (rows.length === BLOCK_WIDTH)
      await tx.run(putBlock, { n, resources: encodeBlock(rows.map(({ resource }) => resource)) });
  }
};

const tileHashes = async (tx: ReadTx, level: number, n: number): Promise<Uint8Array> =>
  (await tx.one(tileAt, { level, n }))?.hashes ?? new Uint8Array();
