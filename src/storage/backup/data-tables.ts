/** A table with the columns of its primary key, by which it is read in pages. */
export type DataTable = { readonly name: string; readonly key: readonly string[] };

/**
 * Every table, each after those it refers to. A table that is missing here makes `exportTables` refuse and a test
 * fail, so that no backup is silently incomplete. `schema_migration` is not data: restoring migrates.
 */
export const DATA_TABLES: readonly DataTable[] = [
  { name: 'installation', key: ['id'] },
  { name: 'root_key', key: ['term'] },
  { name: 'root_key_copy', key: ['provider'] },
  { name: 'recovery_kit', key: ['id'] },
  { name: 'shared_lock', key: ['id'] },
  { name: 'keyring', key: ['scope', 'purpose', 'term'] },
  { name: 'ledger_entry', key: ['idx'] },
  { name: 'ledger_tile', key: ['level', 'n'] },
  { name: 'ledger_block', key: ['n'] },
  { name: 'ledger_head', key: ['id'] },
  { name: 'pending_event', key: ['n'] },
  { name: 'identity', key: ['id'] },
  { name: 'token', key: ['accessor'] },
  { name: 'token_use', key: ['accessor'] },
  { name: 'role_grant', key: ['id'] },
  { name: 'policy', key: ['id'] },
  { name: 'rule_exception', key: ['id'] },
  { name: 'project', key: ['id'] },
  { name: 'environment', key: ['id'] },
  { name: 'credential', key: ['id'] },
  { name: 'state_change', key: ['credential', 'n'] },
  { name: 'consumer', key: ['credential', 'kind', 'place'] },
  { name: 'data_key', key: ['credential'] },
  { name: 'use_signal', key: ['credential', 'identity'] },
  { name: 'version', key: ['credential', 'serial'] },
  { name: 'value_home', key: ['fingerprint'] },
  { name: 'version_value', key: ['credential', 'serial', 'leaf'] },
  { name: 'finding', key: ['id'] },
  { name: 'leak', key: ['id'] },
  { name: 'rendering', key: ['project', 'environment', 'target'] },
  { name: 'original', key: ['id'] },
  { name: 'row_state', key: ['of_table', 'id'] },
  { name: 'wrapped_answer', key: ['accessor'] },
  { name: 'idempotent_answer', key: ['caller', 'idempotency_key'] },
];
