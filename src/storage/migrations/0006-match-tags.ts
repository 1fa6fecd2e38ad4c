import type { Migration } from './run.ts';

/**
 * By what a value is recognised when a scan finds it somewhere (null: a version of before there were tags, empty: too
 * short for one), and where scans found values that are kept.
 */
export const matchTags: Migration = {
  id: 6,
  name: 'match-tags',
  sql: `
ALTER TABLE version_value ADD COLUMN match_tag BLOB;
CREATE INDEX version_value_match ON version_value (match_tag);

CREATE TABLE leak (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL,
  environment TEXT NOT NULL,
  credential TEXT NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
  serial INTEGER NOT NULL,
  source TEXT NOT NULL,
  file TEXT NOT NULL,
  line INTEGER,
  seen_at INTEGER NOT NULL,
  seen_by TEXT NOT NULL,
  gone_at INTEGER,
  UNIQUE (credential, serial, source, file)
) STRICT;
CREATE INDEX leak_place ON leak (project, environment, source);
`,
};
