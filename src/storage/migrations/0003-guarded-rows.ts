import type { Migration } from './run.ts';

/**
 * Codes for the rows that decide about places and credentials, the newest code of every guarded row that was ever
 * changed (null for a removed one), and in the head row the code over all of those. Filled at the first unlocking.
 */
export const guardedRows: Migration = {
  id: 3,
  name: 'guarded-rows',
  sql: `
ALTER TABLE installation ADD COLUMN mac BLOB;
ALTER TABLE project ADD COLUMN mac BLOB;
ALTER TABLE environment ADD COLUMN mac BLOB;
ALTER TABLE credential ADD COLUMN mac BLOB;
ALTER TABLE ledger_head ADD COLUMN guard BLOB;

CREATE TABLE row_state (
  of_table TEXT NOT NULL,
  id TEXT NOT NULL,
  mac BLOB,
  revision INTEGER NOT NULL,
  PRIMARY KEY (of_table, id)
) STRICT;
CREATE INDEX row_state_revision ON row_state (revision);
`,
};
