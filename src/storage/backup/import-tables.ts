import { fromBase64, utf8Text } from '#kernel';
import { type Engine, type ReadTx, type WriteTx, openWriter } from '../engine.ts';
import { storageError } from '../errors.ts';
import { rawRows } from '../raw.ts';
import { type Value, type Values, statement } from '../statement.ts';
import { columnNames, tableNames } from './catalog.ts';

/** Longest line: a kept original of a few megabytes, in base64. */
const LONGEST_LINE = 67_108_864;
/** Rows inserted at once. */
const BATCH = 500;

export type ImportedTable = { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> };

/**
 * Fills an empty, migrated database with what `exportTables` wrote, in one commit: all of it or nothing. Gives the rows
 * of each table. Errors: `storage.not_empty`, `storage.malformed_backup`, and whatever `tables` or `check` throws.
 *
 * @param check looks at the rows of each table before they are kept
 */
export const importTables = (
  engine: Engine,
  tables: AsyncIterable<ImportedTable>,
  check: (counts: ReadonlyMap<string, number>) => void = () => {},
): Promise<ReadonlyMap<string, number>> =>
  openWriter(engine).commit(async (tx) => {
    const empty = new Set(await emptyTables(tx, engine.place));
    const counts = new Map<string, number>();
    for await (const { name, bytes } of tables) {
      if (!empty.delete(name)) throw malformed(`the table "${name.slice(0, 64)}" is unknown or comes twice`);
      counts.set(name, await importRows(tx, name, bytes));
    }
    check(counts);
    return counts;
  });

/** Whether nothing was ever kept here. Errors: `storage.not_empty`. */
export const requireEmpty = async (engine: Engine): Promise<void> => {
  await engine.read((tx) => emptyTables(tx, engine.place));
};

const emptyTables = async (tx: ReadTx, place: string): Promise<readonly string[]> => {
  const names = await tableNames(tx);
  for (const name of names)
    if ((await rawRows(tx, `SELECT 1 AS found FROM ${name} LIMIT 1`)).length > 0)
      throw storageError('not_empty', `${place} holds data already.`, { place });
  return names;
};

const importRows = async (tx: WriteTx, table: string, bytes: AsyncIterable<Uint8Array>): Promise<number> => {
  const known = await columnNames(tx, table);
  let insert: ReturnType<typeof insertInto> | undefined;
  let columns: readonly string[] = [];
  let batch: Values[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    if (insert !== undefined) await tx.runMany(insert, batch);
    count += batch.length;
    batch = [];
  };
  for await (const line of linesOf(bytes)) {
    const parsed = parseLine(line);
    if (insert === undefined) {
      columns = checkColumns(table, parsed, known);
      insert = insertInto(table, columns);
      continue;
    }
    if (parsed.length !== columns.length) throw malformed(`a row of ${table} has ${parsed.length} values`);
    batch.push(Object.fromEntries(columns.map((name, i) => [name, stored(parsed[i])])));
    if (batch.length >= BATCH) await flush();
  }
  await flush();
  return count;
};

const insertInto = (table: string, columns: readonly string[]) =>
  statement<Record<string, Values>, Values>((db, input) =>
    db.insertInto(table).values(Object.fromEntries(columns.map((name) => [name, input[name]!])) as never),
  );

/** Names go into SQL, so only those that the schema has itself. */
const checkColumns = (table: string, header: readonly unknown[], known: readonly string[]): readonly string[] => {
  if (header.length !== known.length || !known.every((name) => header.includes(name)))
    throw malformed(`the columns of ${table} are not those of its schema`);
  return header as readonly string[];
};

const linesOf = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield textOf([...parts, chunk.subarray(start, end)]);
      parts = [];
      length = 0;
      start = end + 1;
    }
    parts.push(chunk.slice(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE) throw malformed(`a line is longer than ${LONGEST_LINE} bytes`);
  }
  if (length > 0) throw malformed('a table ends inside a line');
};

const textOf = (parts: readonly Uint8Array[]): string => {
  try {
    return utf8Text(Buffer.concat(parts));
  } catch {
    throw malformed('a line is not UTF-8');
  }
};

const parseLine = (line: string): readonly unknown[] => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw malformed('a line is not JSON');
  }
  if (!Array.isArray(parsed)) throw malformed('a line is not an array');
  return parsed;
};

const stored = (value: unknown): Value => {
  if (value === null || typeof value === 'string' || Number.isSafeInteger(value)) return value as Value;
  const bytes = typeof value === 'object' && 'bytes' in value ? value.bytes : undefined;
  if (typeof bytes !== 'string') throw malformed('a value is neither text, integer, bytes nor null');
  try {
    return fromBase64(bytes);
  } catch {
    throw malformed('bytes are not base64');
  }
};

const malformed = (why: string) => storageError('malformed_backup', `This backup cannot be read: ${why}.`);
