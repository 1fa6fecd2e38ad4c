import type { AliasNode, ColumnUpdateNode, OperationNode, RootOperationNode, TableNode, UpdateQueryNode } from 'kysely';

/**
 * Tables whose rows decide who may do what. Each row carries a code (`mac`) of its room; beyond that the guard knows
 * the newest code of every row that was ever changed. Given is the column that names a row.
 */
export const KEYS = {
  installation: 'id',
  recovery_kit: 'id',
  identity: 'id',
  token: 'accessor',
  role_grant: 'id',
  policy: 'id',
  rule_exception: 'id',
  project: 'id',
  environment: 'id',
  credential: 'id',
} as const;

export type GuardedTable = keyof typeof KEYS;

export const GUARDED_TABLES = Object.keys(KEYS) as readonly GuardedTable[];

/** How a statement changes rows of a guarded table; the row's name and code are fields of its input. */
export type GuardedWrite = {
  readonly table: GuardedTable;
  readonly key: string;
  readonly effect: 'insert' | 'update' | 'delete';
};

/** Where a statement's rows hold the name and the code of a guarded row. */
export type GuardedColumns = { readonly table: GuardedTable; readonly key: string; readonly mac: string };

/**
 * What running this query does to a guarded table; undefined when it leaves every code as it is. Read from the query
 * itself, so that no statement can be forgotten.
 */
export const guardedWrite = (query: RootOperationNode): GuardedWrite | undefined => {
  switch (query.kind) {
    case 'InsertQueryNode':
      return writeTo(query.into, query.onConflict === undefined ? 'insert' : 'update');
    case 'UpdateQueryNode':
      return setsCode(query) ? writeTo(query.table, 'update') : undefined;
    case 'DeleteQueryNode':
      return writeTo(query.from.froms[0], 'delete');
    default:
      return undefined;
  }
};

/** The guarded rows that a query of one table gives. A join says itself what it gives; see `StatementOptions`. */
export const guardedColumns = (query: RootOperationNode): readonly GuardedColumns[] => {
  if (query.kind !== 'SelectQueryNode') return [];
  const table = guardedName(query.from?.froms[0]);
  return table === undefined ? [] : [{ table, key: KEYS[table], mac: 'mac' }];
};

const writeTo = (node: OperationNode | undefined, effect: GuardedWrite['effect']): GuardedWrite | undefined => {
  const table = guardedName(node);
  return table === undefined ? undefined : { table, key: KEYS[table], effect };
};

const setsCode = ({ updates }: UpdateQueryNode): boolean =>
  updates?.some(({ column }: ColumnUpdateNode) => column.kind === 'ColumnNode' && nameOf(column) === 'mac') === true;

const nameOf = (node: OperationNode): string => (node as unknown as { column: { name: string } }).column.name;

const guardedName = (node: OperationNode | undefined): GuardedTable | undefined => {
  if (node?.kind === 'AliasNode') return guardedName((node as AliasNode).node);
  if (node?.kind !== 'TableNode') return undefined;
  const { name } = (node as TableNode).table.identifier;
  return Object.hasOwn(KEYS, name) ? (name as GuardedTable) : undefined;
};
