import type { Migration } from './run.ts';

/**
 * Where a resource occurs in the ledger, in blocks that are written once. The index it replaces was written at another
 * place for each entry: a page of it for every credential read.
 */
export const ledgerBlocks: Migration = {
  id: 5,
  name: 'ledger-blocks',
  sql: `
CREATE TABLE ledger_block (
  n INTEGER PRIMARY KEY,
  resources BLOB NOT NULL
) STRICT;

DROP INDEX ledger_entry_resource;
`,
};
