import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { storageError } from './errors.ts';
import { bumpsRevision, onlyAppends } from './freshness.ts';
import { type GuardedColumns, type GuardedWrite, guardedColumns, guardedWrite } from './guard/guarded-tables.ts';

/** What a column may hold on both engines: text, integers of 53 bits, bytes, null. */
export type Value = string | number | Uint8Array | null;
export type Values = Readonly<Record<string, Value>>;

export type EngineKind = 'sqlite' | 'postgres';

/** A query of Kysely's that is ready to compile and yields rows of type `Row`. */
type Compilable<Row> = { compile(): CompiledQuery<Row> };
type Build<Tables, In extends Values, Row> = (db: Kysely<Tables>, input: In) => Compilable<Row>;

/**
 * A query as a value: built once per engine with Kysely, prepared once per connection, run with plain values.
 * Rooms keep theirs in `tables.ts`, typed by the room's own tables, so that nobody can query another's.
 */
export type Statement<In extends Values, Row> = {
  readonly compiled: (engine: EngineKind) => Compiled;
  /** Never read; they carry the types. */
  readonly __in?: (input: In) => void;
  readonly __row?: Row;
};

export type Compiled = {
  readonly sql: string;
  /** Binds an input's fields to the places they take in the text. */
  readonly bind: (input: Values) => Value[];
  /** True when running it must make every earlier decision be taken again. */
  readonly bumps: boolean;
  /** True when running it changes nothing that is remembered; see `memo.ts`. */
  readonly appends: boolean;
  /** What running it does to a guarded table. */
  readonly writes: GuardedWrite | undefined;
  /** Where its rows hold what names and proves guarded rows. */
  readonly guarded: readonly GuardedColumns[];
  /** True for SQL as it stands, such as a migration's step, which may take as long as it takes. */
  readonly raw: boolean;
};

export type StatementOptions = {
  /** For a write to a table that decisions depend on, to columns that they do not: earlier decisions stay good. */
  readonly changesNoRight?: boolean;
  /** For a write to a quiet table that takes something away: what was found before it must not be released after it. */
  readonly takesAway?: boolean;
  /** For a join: the guarded rows it gives. */
  readonly guarded?: readonly GuardedColumns[];
  /** For codes given to rows of before there were any: the guard need not keep them. */
  readonly givesFirstCode?: boolean;
};

/** Declares a statement: `statement<Tables, { id: string }, Row>((db, input) => db.selectFrom(…).where('id', '=', input.id))`. */
export const statement = <Tables, In extends Values = Record<never, never>, Row = unknown>(
  build: Build<Tables, In, Row>,
  options: StatementOptions = {},
): Statement<In, Row> => {
  const cache = new Map<EngineKind, Compiled>();
  return {
    compiled(engine) {
      let compiled = cache.get(engine);
      if (compiled === undefined) {
        compiled = compile(builder<Tables>(engine), build);
        if (options.changesNoRight === true) compiled = { ...compiled, bumps: false };
        if (options.takesAway === true) compiled = { ...compiled, bumps: true };
        if (options.guarded !== undefined) compiled = { ...compiled, guarded: options.guarded };
        if (options.givesFirstCode === true) compiled = { ...compiled, writes: undefined };
        cache.set(engine, compiled);
      }
      return compiled;
    },
  };
};

/** For a query whose shape depends on its input (filters, lists of ids). Compiled at every call: 20 to 40 µs. */
export const compileOnce = <Tables, Row>(
  engine: EngineKind,
  build: (db: Kysely<Tables>) => Compilable<Row>,
): Compiled => compile<Tables, Record<never, never>, Row>(builder<Tables>(engine), build);

class Placeholder {
  readonly field: string;
  constructor(field: string) {
    this.field = field;
  }
}

const placeholders = <In>(): In => new Proxy({}, { get: (_, field) => new Placeholder(String(field)) }) as In;

const compile = <Tables, In extends Values, Row>(db: Kysely<Tables>, build: Build<Tables, In, Row>): Compiled => {
  const { sql, parameters, query } = build(db, placeholders<In>()).compile();
  const slots = parameters as readonly (Value | Placeholder)[];
  return {
    sql,
    bumps: bumpsRevision(query),
    appends: onlyAppends(query),
    writes: guardedWrite(query),
    guarded: guardedColumns(query),
    raw: query.kind === 'RawNode',
    bind: (input) => slots.map((slot) => bindSlot(slot, input)),
  };
};

const bindSlot = (slot: Value | Placeholder, input: Values): Value => {
  if (!(slot instanceof Placeholder)) return storable('a constant', slot);
  const value = input[slot.field];
  if (value === undefined) throw new TypeError(`The statement's field ${slot.field} has no value.`);
  return storable(slot.field, value);
};

/**
 * Only what both engines give back unchanged: PostgreSQL has no NUL in text, UTF-8 has no unpaired surrogates (both
 * drivers would write U+FFFD instead), and a float would be rounded by one engine and refused by the other.
 */
const storable = (field: string, value: Value): Value => {
  const refuse = (why: string) => storageError('unstorable', `The value of ${field} ${why}.`, { field });
  switch (typeof value) {
    case 'string':
      if (value.includes('\0')) throw refuse('holds a NUL character');
      if (!value.isWellFormed()) throw refuse('holds half of a surrogate pair');
      return value;
    case 'number':
      if (!Number.isSafeInteger(value)) throw refuse('is not an integer of 53 bits');
      return value;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      throw refuse('is neither text, integer, bytes nor null');
  }
};

const builders = new Map<EngineKind, Kysely<unknown>>();

const builder = <Tables>(engine: EngineKind): Kysely<Tables> => {
  let db = builders.get(engine);
  if (db === undefined) {
    db = new Kysely<unknown>({ dialect: engine === 'sqlite' ? sqliteCompiler : postgresCompiler });
    builders.set(engine, db);
  }
  return db as unknown as Kysely<Tables>;
};

// Kysely only builds and compiles here; our engines run the text on their own connections.
const sqliteCompiler = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
};
const postgresCompiler = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
