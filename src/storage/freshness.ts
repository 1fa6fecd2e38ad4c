import type { RootOperationNode, TableNode } from 'kysely';

/**
 * Tables whose change cannot turn an allowed deed into a denied one. A write to any other table bumps the
 * revision, and every decision taken before it is taken again: forgetting a table here costs time, never safety.
 */
const QUIET: ReadonlySet<string> = new Set([
  'ledger_entry',
  'ledger_tile',
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

const tableName = (node: TableNode): string => node.table.identifier.name;
