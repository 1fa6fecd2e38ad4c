import type { RootOperationNode, TableNode } from 'kysely';

/**
 * Tables whose change cannot turn an allowed deed into a denied one. A write to any other table bumps the
 * revision, and every decision taken before it is taken again: forgetting a table here costs time, never safety.
 */
const QUIET: ReadonlySet<string> = new Set([
  'ledger_entry',
  'ledger_tile',
  'ledger_block',
  'ledger_head',
  'version',
  'data_key',
  'version_value',
  'value_home',
  'consumer',
  'finding',
  'rendering',
  'pending_event',
  'idempotent_answer',
  'schema_migration',
  'token_use',
  'use_signal',
]);

/** True when running this query makes earlier decisions stale. */
export const bumpsRevision = (query: RootOperationNode): boolean => {
  switch (query.kind) {
    case 'SelectQueryNode':
      return false;
    case 'InsertQueryNode':
      return query.into === undefined || !QUIET.has(tableName(query.into));
    case 'UpdateQueryNode':
      return !(query.table?.kind === 'TableNode' && QUIET.has(tableName(query.table as TableNode)));
    case 'DeleteQueryNode':
      return !query.from.froms.every((from) => from.kind === 'TableNode' && QUIET.has(tableName(from as TableNode)));
    default:
      return true;
  }
};

/** Tables that grow with every deed, and what may be done to them without changing what anything else was read as. */
const GROWING: ReadonlyMap<string, readonly RootOperationNode['kind'][]> = new Map([
  // An entry that binds a version comes with the change of that version's row, in the same commit.
  ['ledger_entry', ['InsertQueryNode']],
  ['ledger_tile', ['InsertQueryNode']],
  ['ledger_block', ['InsertQueryNode']],
  ['ledger_head', ['UpdateQueryNode']],
  ['token_use', ['UpdateQueryNode']],
]);

/** True when running this query leaves everything as it was that is remembered until the next change; see `memo.ts`. */
export const onlyAppends = (query: RootOperationNode): boolean => {
  const table =
    query.kind === 'InsertQueryNode' ? query.into : query.kind === 'UpdateQueryNode' ? query.table : undefined;
  return table?.kind === 'TableNode' && GROWING.get(tableName(table as TableNode))?.includes(query.kind) === true;
};

const tableName = (node: TableNode): string => node.table.identifier.name;
