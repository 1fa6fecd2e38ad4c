import { ChatelaineError, timingSafeEqual, toBase64 } from '#kernel';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { EMPTY_FRONTIER, type Frontier, extendFrontier, rootOfFrontier } from './frontier.ts';
import { type Damage, locateDamage } from './locate-damage.ts';
import { leafHash } from './merkle.ts';
import { proveConsistency, verifyConsistency } from './proof.ts';
import { type TileSource, rootAt } from './tile-source.ts';
import { TILE_WIDTH } from './tiles.ts';
import type { VerifierKey } from './verifier-key.ts';

export type LogToVerify = {
  /** The newest checkpoint: a signed note. */
  readonly checkpointNote: string | Uint8Array;
  readonly verifierKey: VerifierKey;
  /** The published entries, from `start.size` on, in order. Streamed; only tiles make us keep 32 bytes for each. */
  readonly entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** A checkpoint pinned earlier, as a signed note: what it covers must not have changed since. */
  readonly previousCheckpoint?: string | Uint8Array;
  /** Tiles published or copied elsewhere: they tell which entry is wrong. Believed only as far as the checkpoint proves them. */
  readonly tiles?: TileSource;
  /** Where the entries begin when older ones are archived: the right edge at the minimum index. */
  readonly start?: Frontier;
};

/** One thing that is wrong. Indexes count from 0. */
export type LogFault =
  /** The note, its signature, its key or its origin: `code` as in the table of errors. */
  | {
      readonly kind: 'checkpoint';
      readonly which: 'newest' | 'previous';
      readonly code: string;
      readonly message: string;
    }
  /** Entries are missing at the end, [from, to). */
  | {
      readonly kind: 'truncated';
      readonly from: number;
      readonly to: number;
      readonly message: string;
    }
  /** More entries than the checkpoint covers. */
  | {
      readonly kind: 'surplus';
      readonly from: number;
      readonly to: number;
      readonly message: string;
    }
  /** The newest checkpoint is older than the pinned one. */
  | {
      readonly kind: 'rollback';
      readonly from: number;
      readonly to: number;
      readonly message: string;
    }
  /** Two checkpoints, both signed, of which neither continues the other: the log told two stories. */
  | { readonly kind: 'fork'; readonly from: number; readonly to: number; readonly message: string }
  | Damage;

export type LogReport = {
  readonly ok: boolean;
  /** Null when the note cannot be believed. */
  readonly checkpoint: Checkpoint | null;
  /** Entries there are, with those before `start`. */
  readonly size: number;
  /** Root over the entries up to the checkpoint's size. */
  readonly root: Uint8Array | null;
  readonly faults: readonly LogFault[];
};

/** Rebuilds a log from its entries and says exactly what is wrong. Never throws on what a log holds. */
export const verifyLog = async (log: LogToVerify): Promise<LogReport> => {
  const faults: LogFault[] = [];
  const checkpoint = openOrFault('newest', log.checkpointNote, log.verifierKey, faults);
  const previous =
    log.previousCheckpoint === undefined
      ? null
      : openOrFault('previous', log.previousCheckpoint, log.verifierKey, faults);
  if (checkpoint === null) return { ok: false, checkpoint, size: log.start?.size ?? 0, root: null, faults };

  const rebuilt = await rebuild(log, [previous?.size ?? 0, checkpoint.size]);
  const { size, leaves, rootAfter } = rebuilt;
  if (size > checkpoint.size)
    faults.push({
      kind: 'surplus',
      from: checkpoint.size,
      to: size,
      message: `There are ${size} entries; the checkpoint covers ${checkpoint.size}.`,
    });
  const root = rootAfter.get(Math.min(size, checkpoint.size)) ?? null;
  const intact = size >= checkpoint.size && root !== null && timingSafeEqual(root, checkpoint.root);
  const pinnedRoot = previous === null ? undefined : rootAfter.get(previous.size);
  if (!intact) {
    const proven = previous !== null && pinnedRoot !== undefined && timingSafeEqual(pinnedRoot, previous.root);
    faults.push(...(await describeDamage(log, checkpoint, size, leaves, proven ? previous.size : 0)));
  }
  if (previous !== null)
    faults.push(...(await compareWithPinned(log, previous, checkpoint, intact ? pinnedRoot : undefined)));
  return { ok: faults.length === 0, checkpoint, size, root, faults };
};

const openOrFault = (
  which: 'newest' | 'previous',
  note: string | Uint8Array,
  key: VerifierKey,
  faults: LogFault[],
): Checkpoint | null => {
  try {
    return openCheckpoint(note, key);
  } catch (error) {
    if (!(error instanceof ChatelaineError)) throw error;
    faults.push({
      kind: 'checkpoint',
      which,
      code: error.code,
      message: `The ${which} checkpoint: ${error.message}`,
    });
    return null;
  }
};

type Rebuilt = {
  readonly size: number;
  /** Leaf hashes from `start` on; empty unless there are tiles to compare with. */
  readonly leaves: readonly Uint8Array[];
  /** Roots at the sizes asked for that were reached, and at the end. */
  readonly rootAfter: ReadonlyMap<number, Uint8Array>;
};

const rebuild = async (log: LogToVerify, sizes: readonly number[]): Promise<Rebuilt> => {
  let frontier = log.start ?? EMPTY_FRONTIER;
  let pending: Uint8Array[] = [];
  const leaves: Uint8Array[] = [];
  const rootAfter = new Map<number, Uint8Array>();
  const flush = () => {
    frontier = extendFrontier(frontier, pending).frontier;
    pending = [];
    rootAfter.set(frontier.size, rootOfFrontier(frontier));
  };
  flush();
  for await (const entry of log.entries) {
    const leaf = leafHash(entry);
    pending.push(leaf);
    if (log.tiles !== undefined) leaves.push(leaf);
    const reached = frontier.size + pending.length;
    if (sizes.includes(reached)) flush();
    else if (pending.length >= TILE_WIDTH) frontier = extendFrontier(frontier, pending.splice(0)).frontier;
  }
  flush();
  return { size: frontier.size, leaves, rootAfter };
};

/** Why the entries do not give the checkpoint's root; `proven` entries at the beginning are known to be right. */
const describeDamage = async (
  log: LogToVerify,
  checkpoint: Checkpoint,
  size: number,
  leaves: readonly Uint8Array[],
  proven: number,
): Promise<readonly LogFault[]> => {
  const from = log.start?.size ?? 0;
  const located = log.tiles === undefined ? [] : await locateDamage(log.tiles, checkpoint, from, leaves);
  const short: readonly LogFault[] =
    size >= checkpoint.size
      ? []
      : [
          {
            kind: 'truncated',
            from: size,
            to: checkpoint.size,
            message:
              `There are ${size} entries; the checkpoint covers ${checkpoint.size}.` +
              (log.tiles === undefined ? ' Without tiles nobody can tell where the missing ones stood.' : ''),
          },
        ];
  // A removed entry explains that the last ones seem to be missing.
  if (located.some(({ kind }) => kind === 'removed')) return located;
  if (located.length > 0 || size < checkpoint.size) return [...short, ...located];
  return [
    {
      kind: 'damaged',
      from: Math.max(from, proven),
      to: checkpoint.size,
      message: `The entries ${Math.max(from, proven)} to ${checkpoint.size - 1} do not give the signed root ${toBase64(checkpoint.root)}.`,
    },
  ];
};

/** Compares with the pinned checkpoint: by the rebuilt root where the entries are sound, else by the tiles. */
const compareWithPinned = async (
  log: LogToVerify,
  previous: Checkpoint,
  checkpoint: Checkpoint,
  rebuiltRoot: Uint8Array | undefined,
): Promise<readonly LogFault[]> => {
  if (previous.size > checkpoint.size)
    return [
      {
        kind: 'rollback',
        from: checkpoint.size,
        to: previous.size,
        message: `The checkpoint covers ${checkpoint.size} entries; ${previous.size} were signed before.`,
      },
    ];
  const continues =
    previous.size === checkpoint.size
      ? timingSafeEqual(previous.root, checkpoint.root)
      : rebuiltRoot !== undefined
        ? timingSafeEqual(rebuiltRoot, previous.root)
        : await continuesByTiles(log.tiles, previous, checkpoint);
  if (continues !== false) return [];
  return [
    {
      kind: 'fork',
      from: 0,
      to: previous.size,
      message: `The log of ${checkpoint.size} entries does not continue the one of ${previous.size} that was pinned; both are signed.`,
    },
  ];
};

/** Null where tiles are missing or not those of the checkpoint: then they prove nothing either way. */
const continuesByTiles = async (
  tiles: TileSource | undefined,
  previous: Checkpoint,
  checkpoint: Checkpoint,
): Promise<boolean | null> => {
  if (tiles === undefined) return null;
  try {
    const proof = await proveConsistency(tiles, previous.size, checkpoint.size);
    const oldRoot = await rootAt(tiles, previous.size);
    const claim = {
      oldSize: previous.size,
      oldRoot,
      newSize: checkpoint.size,
      newRoot: checkpoint.root,
      proof,
    };
    // Once the signed new root proves the tiles' old root, a pinned root that differs was another story.
    return verifyConsistency(claim) ? timingSafeEqual(oldRoot, previous.root) : null;
  } catch (error) {
    if (error instanceof ChatelaineError) return null;
    throw error;
  }
};
