import type { Migration } from './run.ts';

/**
 * A page less for each write: values are found by their version and by their tag, never by their fingerprint, and an index
 * of fingerprints is written at another place for every value that comes and every value that goes.
 */
export const fewerPages: Migration = {
  id: 7,
  name: 'fewer-pages',
  sql: 'DROP INDEX version_value_fingerprint;',
};
