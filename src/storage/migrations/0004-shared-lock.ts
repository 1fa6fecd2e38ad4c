import type { Migration } from './run.ts';

/** The lock that holds for every process of an installation, and how often credentials were used without being read. */
export const sharedLock: Migration = {
  id: 4,
  name: 'shared-lock',
  sql: `
CREATE TABLE shared_lock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  serial INTEGER NOT NULL,
  locked INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;

CREATE TABLE use_signal (
  credential TEXT NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  counts TEXT NOT NULL,
  PRIMARY KEY (credential, identity)
) STRICT;
`,
};
