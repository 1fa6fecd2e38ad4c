import type { Migration } from './run.ts';

/**
 * The first schema. Columns hold text, 53-bit integers and bytes only; times are milliseconds since 1970; JSON is
 * text; `mac` is the room's message authentication code over the row, so that whoever can write the database
 * cannot make himself a caller.
 */
export const foundation: Migration = {
  id: 1,
  name: 'foundation',
  sql: `
CREATE TABLE installation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  origin TEXT NOT NULL,
  demo INTEGER NOT NULL,
  posture TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  kit_confirmed_at INTEGER
) STRICT;

CREATE TABLE root_key (
  term INTEGER PRIMARY KEY,
  provider TEXT NOT NULL,
  parameters TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE keyring (
  scope TEXT NOT NULL,
  purpose TEXT NOT NULL,
  term INTEGER NOT NULL,
  root_term INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (scope, purpose, term)
) STRICT;

CREATE TABLE ledger_entry (
  idx INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  rule TEXT NOT NULL,
  resource TEXT NOT NULL,
  note TEXT,
  head_version INTEGER,
  head_hash BLOB,
  salt BLOB NOT NULL,
  caller TEXT,
  address TEXT,
  agent TEXT,
  path TEXT,
  personal_salt BLOB,
  personal_hash BLOB NOT NULL,
  commitment BLOB NOT NULL
) STRICT;
CREATE INDEX ledger_entry_resource ON ledger_entry (resource, idx);
CREATE INDEX ledger_entry_caller ON ledger_entry (caller, idx);
CREATE INDEX ledger_entry_head ON ledger_entry (resource, head_version, idx) WHERE head_version IS NOT NULL;

CREATE TABLE ledger_tile (
  level INTEGER NOT NULL,
  n INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, n)
) STRICT;

CREATE TABLE ledger_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL,
  edge BLOB NOT NULL,
  checkpoint TEXT NOT NULL,
  revision INTEGER NOT NULL,
  minimum INTEGER NOT NULL
) STRICT;

CREATE TABLE pending_event (
  n INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  address TEXT,
  count INTEGER NOT NULL,
  chain BLOB NOT NULL
) STRICT;

CREATE TABLE identity (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  operator INTEGER NOT NULL,
  os_user INTEGER,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  mac BLOB NOT NULL
) STRICT;

CREATE TABLE token (
  accessor TEXT PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  identity TEXT NOT NULL REFERENCES identity (id),
  parent TEXT,
  kind TEXT NOT NULL,
  display TEXT NOT NULL,
  factors TEXT NOT NULL,
  scope TEXT,
  addresses TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  max_expires_at INTEGER,
  period INTEGER,
  renewable INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  revoked_at INTEGER,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX token_identity ON token (identity);
CREATE INDEX token_parent ON token (parent);
CREATE INDEX token_expires ON token (expires_at);

CREATE TABLE token_use (
  accessor TEXT PRIMARY KEY REFERENCES token (accessor) ON DELETE CASCADE,
  used INTEGER NOT NULL
) STRICT;

CREATE TABLE role_grant (
  id TEXT PRIMARY KEY,
  identity TEXT NOT NULL REFERENCES identity (id),
  role TEXT NOT NULL,
  project TEXT,
  environment TEXT,
  prefix TEXT,
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  ends_at INTEGER,
  revoked_at INTEGER,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX role_grant_identity ON role_grant (identity);

CREATE TABLE policy (
  id TEXT PRIMARY KEY,
  project TEXT,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  mac BLOB NOT NULL
) STRICT;

CREATE TABLE rule_exception (
  id TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  resource TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  ends_at INTEGER NOT NULL,
  mac BLOB NOT NULL
) STRICT;
CREATE INDEX rule_exception_resource ON rule_exception (resource);

CREATE TABLE project (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  posture TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT;

CREATE TABLE environment (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL REFERENCES project (id),
  name TEXT NOT NULL,
  production INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (project, name)
) STRICT;

CREATE TABLE credential (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL REFERENCES project (id),
  environment TEXT NOT NULL REFERENCES environment (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  original_name TEXT,
  kind TEXT NOT NULL,
  system TEXT,
  owner TEXT,
  purpose TEXT,
  tier TEXT NOT NULL,
  tier_declared TEXT,
  state TEXT NOT NULL,
  state_reason TEXT,
  provenance TEXT NOT NULL,
  rotation_ms INTEGER,
  expires_at INTEGER,
  current_number INTEGER NOT NULL,
  custom_metadata TEXT NOT NULL,
  max_versions INTEGER NOT NULL,
  cas_required INTEGER NOT NULL,
  delete_after_ms INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (environment, name_key)
) STRICT;
CREATE INDEX credential_list ON credential (environment, name);

CREATE TABLE state_change (
  credential TEXT NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  was TEXT,
  is_now TEXT NOT NULL,
  reason TEXT,
  PRIMARY KEY (credential, n)
) STRICT;

CREATE TABLE consumer (
  credential TEXT NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  detail TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (credential, kind, place)
) STRICT;

CREATE TABLE data_key (
  credential TEXT PRIMARY KEY REFERENCES credential (id) ON DELETE CASCADE,
  scope TEXT NOT NULL,
  term INTEGER NOT NULL,
  wrapped BLOB NOT NULL
) STRICT;
CREATE INDEX data_key_term ON data_key (scope, term);

CREATE TABLE version (
  credential TEXT NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
  serial INTEGER NOT NULL,
  number INTEGER,
  state TEXT NOT NULL,
  envelope BLOB,
  hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  deleted_at INTEGER,
  destroyed_at INTEGER,
  PRIMARY KEY (credential, serial),
  UNIQUE (credential, number)
) STRICT;

CREATE TABLE value_home (
  fingerprint BLOB PRIMARY KEY,
  project TEXT NOT NULL,
  environment TEXT NOT NULL,
  credential TEXT NOT NULL,
  uses INTEGER NOT NULL
) STRICT;

CREATE TABLE version_value (
  credential TEXT NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
  serial INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  leaf TEXT NOT NULL,
  PRIMARY KEY (credential, serial, leaf)
) STRICT;
CREATE INDEX version_value_fingerprint ON version_value (fingerprint);

CREATE TABLE finding (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL,
  environment TEXT NOT NULL,
  credential TEXT,
  rule TEXT NOT NULL,
  place TEXT NOT NULL,
  summary TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  excused_until INTEGER,
  closed_at INTEGER,
  UNIQUE (project, environment, rule, place)
) STRICT;

CREATE TABLE rendering (
  project TEXT NOT NULL,
  environment TEXT NOT NULL,
  target TEXT NOT NULL,
  format TEXT NOT NULL,
  plan BLOB NOT NULL,
  written_hash BLOB,
  written_at INTEGER,
  PRIMARY KEY (project, environment, target)
) STRICT;

CREATE TABLE original (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL,
  environment TEXT NOT NULL,
  place TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  sealed BLOB,
  kept_at INTEGER NOT NULL,
  destroyed_at INTEGER
) STRICT;

CREATE TABLE wrapped_answer (
  accessor TEXT PRIMARY KEY REFERENCES token (accessor) ON DELETE CASCADE,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  path TEXT NOT NULL
) STRICT;

CREATE TABLE idempotent_answer (
  caller TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  sealed BLOB,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (caller, idempotency_key)
) STRICT;
`,
};
