import { setImmediate } from 'node:timers/promises';
import { ChatelaineError, timingSafeEqual } from '#kernel';
import type { ReadTx } from '#storage';
import { blockFaults } from './check-blocks.ts';
import { encodeEntry } from './entry.ts';
import { faultOf, tileSource, uncheckedEntry } from './read-entries.ts';
import { type EntryRow, type HeadRow, type TileRow, allTiles, entriesFrom, readHead } from './tables.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from './tree/checkpoint.ts';
import { EMPTY_FRONTIER, type Frontier, encodeEdge, extendFrontier, rootOfFrontier } from './tree/frontier.ts';
import { HASH_BYTES, leafHash } from './tree/merkle.ts';
import { parseNote } from './tree/note.ts';
import { frontierAt } from './tree/tile-source.ts';
import { tileWidth } from './tree/tiles.ts';
import type { VerifierKey } from './tree/verifier-key.ts';
import { verifyLog } from './tree/verify.ts';

const PAGE = 1_000;
/** Faults listed one by one. */
const MOST = 50;

export type LedgerCheck = {
  /** Entries that the checkpoint covers; null where no checkpoint can be read. */
  readonly checkpoint: Checkpoint | null;
  /** Whether a key was at hand and the signature is its own. */
  readonly signed: boolean;
  readonly size: number;
  readonly minimum: number;
  /** Entries whose personal part is gone, and how many the ledger says were redacted. */
  readonly redacted: number;
  readonly redactionsRecorded: number;
  /** When the newest entry was made; null in an empty ledger. */
  readonly newestAt: number | null;
  /** What is wrong with single entries. */
  readonly entryFaults: readonly string[];
  /** What is wrong with tree, tiles, edge, checkpoint and the index by resource. */
  readonly treeFaults: readonly string[];
};

/**
 * Reads the whole ledger in one transaction and rebuilds its tree. Without a key everything but the signature.
 *
 * @param tx of one snapshot: a ledger that grows meanwhile would not fit its own head
 */
export const checkLedger = async (tx: ReadTx, key: VerifierKey | null): Promise<LedgerCheck> => {
  const head = await tx.one(readHead, {});
  if (head === undefined) return NO_LEDGER;
  const { checkpoint, fault } = readCheckpoint(head.checkpoint, key);
  const walked = await walk(tx, head);
  const faults = [
    ...(fault === null ? [] : [fault]),
    ...(await treeFaults(tx, head, walked, checkpoint, key)),
    ...(await blockFaults(tx)),
  ].slice(0, MOST);
  return {
    checkpoint,
    signed: key !== null && checkpoint !== null,
    size: walked.frontier.size,
    minimum: head.minimum,
    redacted: walked.redacted,
    redactionsRecorded: walked.redactionsRecorded,
    newestAt: walked.newestAt,
    entryFaults: walked.faults,
    treeFaults: faults,
  };
};

const NO_LEDGER: LedgerCheck = {
  checkpoint: null,
  signed: false,
  size: 0,
  minimum: 0,
  redacted: 0,
  redactionsRecorded: 0,
  newestAt: null,
  entryFaults: [],
  treeFaults: ['there is no ledger'],
};

const readCheckpoint = (
  note: string,
  key: VerifierKey | null,
): { checkpoint: Checkpoint | null; fault: string | null } => {
  try {
    return {
      checkpoint: key === null ? parseCheckpoint(parseNote(note).text) : openCheckpoint(note, key),
      fault: null,
    };
  } catch (error) {
    if (!(error instanceof ChatelaineError)) throw error;
    return { checkpoint: null, fault: `the checkpoint: ${error.message}` };
  }
};

type Walked = {
  readonly frontier: Frontier;
  /** Hashes of tiles above the entries, as they ought to be: `level/n` to offset and hash. */
  readonly tiles: ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>;
  readonly redacted: number;
  readonly redactionsRecorded: number;
  readonly newestAt: number | null;
  readonly faults: readonly string[];
};

/** One pass over the entries: each against its commitment, all of them into a tree. */
const walk = async (tx: ReadTx, head: HeadRow): Promise<Walked> => {
  let frontier = head.minimum === 0 ? EMPTY_FRONTIER : await frontierOrEmpty(tx, head.minimum);
  let [redacted, redactionsRecorded] = [0, 0];
  let newestAt: number | null = null;
  const tiles = new Map<string, Map<number, Uint8Array>>();
  const faults: string[] = [];
  const report = (fault: string): void => {
    if (faults.length < MOST) faults.push(fault);
  };
  for await (const rows of pages(tx)) {
    for (const row of rows) {
      const fault = faultOf(uncheckedEntry(row)) ?? halfRedacted(row);
      if (fault !== null) report(`entry ${row.idx}: ${fault}`);
      if (row.personal_salt === null) redacted++;
      redactionsRecorded += recordedRedactions(row);
      newestAt = Math.max(newestAt ?? row.at, row.at);
    }
    const expected = frontier.size;
    const misplaced = rows.findIndex(({ idx }, i) => idx !== expected + i);
    if (misplaced >= 0) report(`entry ${expected + misplaced} is missing; ${rows[misplaced]!.idx} stands in its place`);
    const extended = extendFrontier(
      frontier,
      rows.map(({ commitment }) => leafHash(encodeEntry(commitment))),
    );
    frontier = extended.frontier;
    for (const { level, index, offset, hash } of extended.completed) {
      const place = `${level}/${index}`;
      tiles.set(place, (tiles.get(place) ?? new Map<number, Uint8Array>()).set(offset, hash));
    }
  }
  return { frontier, tiles, redacted, redactionsRecorded, newestAt, faults };
};

/** A redaction takes all five columns; whoever took some hides something or left something. */
const halfRedacted = ({ caller, address, agent, path, personal_salt }: EntryRow): string | null => {
  const gone = [caller, address, agent, path, personal_salt].filter((part) => part === null).length;
  return gone === 0 || gone === 5 ? null : 'its personal part is redacted by half';
};

const frontierOrEmpty = async (tx: ReadTx, minimum: number): Promise<Frontier> => {
  try {
    return await frontierAt(tileSource(tx), minimum);
  } catch (error) {
    if (error instanceof ChatelaineError) return EMPTY_FRONTIER;
    throw error;
  }
};

const pages = async function* (tx: ReadTx): AsyncGenerator<readonly EntryRow[]> {
  for (let from = Number.MIN_SAFE_INTEGER; ;) {
    // SQLite answers at once, so without this nobody else in the process would be served until the end.
    await setImmediate();
    const rows = await tx.all(entriesFrom, { from, count: PAGE });
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    from = rows.at(-1)!.idx + 1;
  }
};

/** `redact-entries.ts` writes how many it redacted into its own entry's note. */
const recordedRedactions = ({ action, outcome, note }: EntryRow): number =>
  action === 'ledger.redact' && outcome === 'allowed' ? Number(/^(\d{1,15}) entr/.exec(note ?? '')?.[1] ?? 0) : 0;

const treeFaults = async (
  tx: ReadTx,
  head: HeadRow,
  { frontier, tiles }: Walked,
  checkpoint: Checkpoint | null,
  key: VerifierKey | null,
): Promise<readonly string[]> => {
  const faults: string[] = [];
  if (head.size !== frontier.size) faults.push(`the head counts ${head.size} entries; there are ${frontier.size}`);
  if (!timingSafeEqual(head.edge, encodeEdge(frontier))) faults.push('the right edge is not that of the entries');
  if (checkpoint !== null && !sameTree(checkpoint, frontier))
    faults.push(...(await locate(tx, head, checkpoint, frontier, key)));
  faults.push(...tileFaults(await tx.all(allTiles, {}), tiles, frontier.size));
  return faults.slice(0, MOST);
};

const sameTree = ({ size, root }: Checkpoint, frontier: Frontier): boolean =>
  size === frontier.size && timingSafeEqual(root, rootOfFrontier(frontier));

/** Why the entries do not give the signed root, as far as the key and the stored tiles tell. */
const locate = async (
  tx: ReadTx,
  head: HeadRow,
  checkpoint: Checkpoint,
  frontier: Frontier,
  key: VerifierKey | null,
): Promise<readonly string[]> => {
  const plain = `the ${frontier.size} entries do not give the root that the checkpoint states for ${checkpoint.size}`;
  if (key === null) return [plain];
  const { faults } = await verifyLog({
    checkpointNote: head.checkpoint,
    verifierKey: key,
    entries: publishedEntries(tx),
    tiles: tileSource(tx),
    ...(head.minimum === 0 ? {} : { start: await frontierOrEmpty(tx, head.minimum) }),
  });
  return faults.length === 0 ? [plain] : faults.map(({ message }) => message);
};

/** The entries as anyone may see them, in order. */
export const publishedEntries = async function* (tx: ReadTx): AsyncGenerator<Uint8Array> {
  for await (const rows of pages(tx)) for (const { commitment } of rows) yield encodeEntry(commitment);
};

const tileFaults = (
  rows: readonly TileRow[],
  expected: ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>,
  size: number,
): readonly string[] => {
  const faults: string[] = [];
  const stored = new Map(rows.map((row) => [`${row.level}/${row.n}`, row]));
  for (const [place, hashes] of expected) {
    const row = stored.get(place);
    if (row === undefined) faults.push(`tile ${place} is missing`);
    else
      for (const [offset, hash] of hashes) {
        const found = row.hashes.subarray(offset * HASH_BYTES, (offset + 1) * HASH_BYTES);
        if (timingSafeEqual(found, hash)) continue;
        faults.push(`tile ${place} is wrong from its hash ${offset} on`);
        break;
      }
  }
  for (const { level, n, hashes } of rows)
    if (hashes.length !== tileWidth(level, n, size) * HASH_BYTES)
      faults.push(
        `tile ${level}/${n} has ${hashes.length} bytes; ${tileWidth(level, n, size) * HASH_BYTES} belong there`,
      );
  return faults;
};
