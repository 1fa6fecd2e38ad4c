import type { Migration } from './run.ts';

/** What the recovery kit needs: the root key a second time, under the kit's key, and the kit's public halves. */
export const recovery: Migration = {
  id: 2,
  name: 'recovery',
  sql: `
CREATE TABLE root_key_copy (
  provider TEXT PRIMARY KEY,
  term INTEGER NOT NULL,
  parameters TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_kit (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  token TEXT NOT NULL,
  recovery_key BLOB NOT NULL,
  backup_recipient TEXT NOT NULL,
  mac BLOB NOT NULL
) STRICT;
`,
};
