import { statement } from '#storage';
import { sql } from 'kysely';

export type Tables = {
  ledger_entry: EntryRow;
  ledger_tile: TileRow;
  ledger_block: BlockRow;
  ledger_head: HeadRow;
};

export type EntryRow = {
  readonly idx: number;
  readonly at: number;
  readonly action: string;
  readonly outcome: string;
  readonly rule: string;
  readonly resource: string;
  readonly note: string | null;
  readonly head_version: number | null;
  readonly head_hash: Uint8Array | null;
  readonly salt: Uint8Array;
  /** The personal part is null once redacted. */
  readonly caller: string | null;
  readonly address: string | null;
  readonly agent: string | null;
  readonly path: string | null;
  readonly personal_salt: Uint8Array | null;
  readonly personal_hash: Uint8Array;
  readonly commitment: Uint8Array;
};

/** Tiles of level 1 and up; level 0 is the entries themselves. */
export type TileRow = { readonly level: number; readonly n: number; readonly hashes: Uint8Array };

/** Where resources occur in the entries from `n * BLOCK_WIDTH` on; see `block.ts`. */
export type BlockRow = { readonly n: number; readonly resources: Uint8Array };

/** The one row that every commit ends in; on PostgreSQL its lock orders the commits of all processes. */
export type HeadRow = {
  readonly id: number;
  readonly size: number;
  readonly edge: Uint8Array;
  readonly checkpoint: string;
  readonly revision: number;
  /** Entries below it were archived; the tree keeps its shape. */
  readonly minimum: number;
  /** The code over size, revision and the newest states of guarded rows; null in a database of before there was one. */
  readonly guard: Uint8Array | null;
};

type Nothing = Record<never, never>;

/** Written into the text: SQLite prepares a statement anew whenever a bound LIMIT changes hands, four times the cost. */
const ONE = sql.lit(1);

export const readHead = statement<Tables, Nothing, HeadRow>((db) =>
  db.selectFrom('ledger_head').selectAll().where('id', '=', 1),
);

/** PostgreSQL's `FOR UPDATE`; SQLite has one writer and needs no lock. */
export const lockHeadPostgres = statement<Tables, Nothing, HeadRow>((db) =>
  db.selectFrom('ledger_head').selectAll().where('id', '=', 1).forUpdate(),
);

export const insertHead = statement<Tables, HeadRow>((db, row) =>
  db.insertInto('ledger_head').values({
    id: row.id,
    size: row.size,
    edge: row.edge,
    checkpoint: row.checkpoint,
    revision: row.revision,
    minimum: row.minimum,
    guard: row.guard,
  }),
);

export const updateHead = statement<Tables, Omit<HeadRow, 'id' | 'minimum'>>((db, row) =>
  db
    .updateTable('ledger_head')
    .set({
      size: row.size,
      edge: row.edge,
      checkpoint: row.checkpoint,
      revision: row.revision,
      guard: row.guard,
    })
    .where('id', '=', 1),
);

export const insertEntry = statement<Tables, EntryRow>((db, row) =>
  db.insertInto('ledger_entry').values({
    idx: row.idx,
    at: row.at,
    action: row.action,
    outcome: row.outcome,
    rule: row.rule,
    resource: row.resource,
    note: row.note,
    head_version: row.head_version,
    head_hash: row.head_hash,
    salt: row.salt,
    caller: row.caller,
    address: row.address,
    agent: row.agent,
    path: row.path,
    personal_salt: row.personal_salt,
    personal_hash: row.personal_hash,
    commitment: row.commitment,
  }),
);

export const entryAt = statement<Tables, { idx: number }, EntryRow>((db, { idx }) =>
  db.selectFrom('ledger_entry').selectAll().where('idx', '=', idx),
);

/** The entry that was appended last. */
export const newestEntry = statement<Tables, Nothing, Pick<EntryRow, 'idx' | 'at'>>((db) =>
  db.selectFrom('ledger_entry').select(['idx', 'at']).orderBy('idx', 'desc').limit(ONE),
);

export const entriesFrom = statement<Tables, { from: number; count: number }, EntryRow>((db, { from, count }) =>
  db.selectFrom('ledger_entry').selectAll().where('idx', '>=', from).orderBy('idx').limit(count),
);

export const commitmentsFrom = statement<Tables, { from: number; to: number }, Pick<EntryRow, 'idx' | 'commitment'>>(
  (db, { from, to }) =>
    db
      .selectFrom('ledger_entry')
      .select(['idx', 'commitment'])
      .where('idx', '>=', from)
      .where('idx', '<', to)
      .orderBy('idx'),
);

/** What opens the public part of an entry. */
export type PublicRow = Omit<EntryRow, 'caller' | 'address' | 'agent' | 'path' | 'personal_salt'>;

const PUBLIC_COLUMNS = [
  'idx',
  'at',
  'action',
  'outcome',
  'rule',
  'resource',
  'note',
  'head_version',
  'head_hash',
  'salt',
  'personal_hash',
  'commitment',
] as const satisfies readonly (keyof PublicRow)[];

/** The entry that binds the highest version of the resource. */
export const headEntry = statement<Tables, { resource: string }, PublicRow>((db, { resource }) =>
  db
    .selectFrom('ledger_entry')
    .select(PUBLIC_COLUMNS)
    .where('resource', '=', resource)
    .where('head_version', 'is not', null)
    .orderBy('head_version', 'desc')
    .orderBy('idx', 'desc')
    .limit(ONE),
);

/** The newest entry that binds one version of the resource. */
export const versionEntry = statement<Tables, { resource: string; version: number }, PublicRow>(
  (db, { resource, version }) =>
    db
      .selectFrom('ledger_entry')
      .select(PUBLIC_COLUMNS)
      .where('resource', '=', resource)
      .where('head_version', '=', version)
      .orderBy('idx', 'desc')
      .limit(ONE),
);

/** The entry of the lowest version, `from` or higher, that was ever bound to this hash. */
export const entryBoundTo = statement<Tables, { resource: string; hash: Uint8Array; from: number }, PublicRow>(
  (db, { resource, hash, from }) =>
    db
      .selectFrom('ledger_entry')
      .select(PUBLIC_COLUMNS)
      .where('resource', '=', resource)
      .where('head_version', '>=', from)
      .where('head_hash', '=', hash)
      .orderBy('head_version')
      .orderBy('idx')
      .limit(ONE),
);

export const tileAt = statement<Tables, { level: number; n: number }, TileRow>((db, { level, n }) =>
  db.selectFrom('ledger_tile').selectAll().where('level', '=', level).where('n', '=', n),
);

/** Adds hashes at the end of a tile, making it when it is new. */
export const growTile = statement<Tables, TileRow>((db, row) =>
  db
    .insertInto('ledger_tile')
    .values({ level: row.level, n: row.n, hashes: row.hashes })
    .onConflict((conflict) => conflict.columns(['level', 'n']).doUpdateSet({ hashes: row.hashes })),
);

/** The resources of a block's entries, in order. */
export const resourcesFrom = statement<Tables, { from: number; to: number }, Pick<EntryRow, 'resource'>>(
  (db, { from, to }) =>
    db.selectFrom('ledger_entry').select('resource').where('idx', '>=', from).where('idx', '<', to).orderBy('idx'),
);

export const putBlock = statement<Tables, BlockRow>((db, row) =>
  db
    .insertInto('ledger_block')
    .values({ n: row.n, resources: row.resources })
    .onConflict((conflict) => conflict.column('n').doUpdateSet({ resources: row.resources })),
);

export const newestBlock = statement<Tables, Nothing, Pick<BlockRow, 'n'>>((db) =>
  db.selectFrom('ledger_block').select('n').orderBy('n', 'desc').limit(ONE),
);

/** Blocks before `below`, the newest first. */
export const blocksBelow = statement<Tables, { below: number; count: number }, BlockRow>((db, { below, count }) =>
  db.selectFrom('ledger_block').selectAll().where('n', '<', below).orderBy('n', 'desc').limit(count),
);

export const redactEntry = statement<Tables, { idx: number }>((db, { idx }) =>
  db
    .updateTable('ledger_entry')
    .set({ caller: null, address: null, agent: null, path: null, personal_salt: null })
    .where('idx', '=', idx),
);

/** Indexes of entries that name an identity or an address: what a redaction covers. */
export const entriesNaming = statement<Tables, { caller: string }, Pick<EntryRow, 'idx'>>((db, { caller }) =>
  db.selectFrom('ledger_entry').select('idx').where('caller', '=', caller).orderBy('idx'),
);

/** Every tile above the entries; few: one row in 65,536 entries for each level. */
export const allTiles = statement<Tables, Nothing, TileRow>((db) =>
  db.selectFrom('ledger_tile').selectAll().orderBy('level').orderBy('n'),
);

/** Whether the program noted this of itself. Reads every entry where it did not. */
export const programEntryOf = statement<Tables, { action: string }, Pick<EntryRow, 'idx' | 'note'>>((db, { action }) =>
  db
    .selectFrom('ledger_entry')
    .select(['idx', 'note'])
    .where('action', '=', action)
    .where('resource', '=', 'installation')
    .orderBy('idx')
    .limit(ONE),
);
