import type { ReadTx } from '#storage';
import { BLOCK_WIDTH, placesOf } from './block.ts';
import type { Outcome } from './entry.ts';
import { type EntryRow, type Tables, blocksBelow, newestBlock } from './tables.ts';

/** Who, what, when, from where, with which outcome; what is left out narrows nothing. */
export type EntryFilter = {
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
  readonly caller?: string | undefined;
  readonly action?: string | undefined;
  readonly resource?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly address?: string | undefined;
  /** Milliseconds since 1970; from inclusive, to exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
};

/** Blocks fetched at once: 400 kB. */
const BLOCKS_AT_ONCE = 64;
/** Entries fetched at once: the engines bind 32,766 values at least. */
const PLACES_AT_ONCE = 512;

/** Entries to look at: those of a range of indexes, or single ones. */
type Span = { readonly from: number; readonly to: number } | { readonly places: readonly number[] };

/** Entries with an index below `before` that the filter lets through, newest first. */
export const selectEntries = async (
  tx: ReadTx,
  filter: EntryFilter,
  before: number,
  limit: number,
): Promise<readonly EntryRow[]> => {
  const { resource } = filter;
  if (resource === undefined) return select(tx, filter, { from: 0, to: before }, limit);
  const rows: EntryRow[] = [];
  for await (const span of spansOf(tx, resource, before)) {
    rows.push(...(await select(tx, filter, span, limit - rows.length)));
    if (rows.length >= limit) break;
  }
  return rows;
};

/**
 * Where entries of the resource may be, the newest first: by the blocks, and whole ranges where there are none, such as
 * the entries since the last full block and those of before there were blocks.
 */
const spansOf = async function* (tx: ReadTx, resource: string, before: number): AsyncGenerator<Span> {
  let end = before;
  let below = ((await tx.one(newestBlock, {}))?.n ?? -1) + 1;
  for (let page; page === undefined || page.length === BLOCKS_AT_ONCE;) {
    page = await tx.all(blocksBelow, { below, count: BLOCKS_AT_ONCE });
    const places: number[] = [];
    for (const { n, resources } of page) {
      const [start, over] = [n * BLOCK_WIDTH, (n + 1) * BLOCK_WIDTH];
      below = n;
      if (start >= before) continue;
      if (over < end) {
        yield* inPieces(places.splice(0));
        yield { from: over, to: end };
      }
      for (const place of placesOf(resources, resource)) if (start + place < before) places.push(start + place);
      end = start;
    }
    yield* inPieces(places);
  }
  if (end > 0) yield { from: 0, to: end };
};

const inPieces = function* (places: readonly number[]): Generator<Span> {
  for (let i = 0; i < places.length; i += PLACES_AT_ONCE) yield { places: places.slice(i, i + PLACES_AT_ONCE) };
};

const select = (tx: ReadTx, filter: EntryFilter, span: Span, limit: number): Promise<EntryRow[]> =>
  tx.query<Tables, EntryRow>((db) => {
    let query = db.selectFrom('ledger_entry').selectAll();
    query =
      'places' in span
        ? query.where('idx', 'in', span.places)
        : query.where('idx', '>=', span.from).where('idx', '<', span.to);
    for (const column of ['caller', 'action', 'resource', 'outcome', 'address'] as const)
      if (filter[column] !== undefined) query = query.where(column, '=', filter[column]);
    if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
    if (filter.to !== undefined) query = query.where('at', '<', filter.to);
    if (filter.project !== undefined) {
      const place = filter.environment === undefined ? filter.project : `${filter.project}/${filter.environment}`;
      // A range, because LIKE would read names as patterns. A redacted entry has no place and belongs to nobody's list.
      query = query.where((eb) =>
        eb.or([eb('path', '=', place), eb.and([eb('path', '>=', `${place}/`), eb('path', '<', `${place}0`)])]),
      );
    }
    return query.orderBy('idx', 'desc').limit(limit);
  });
