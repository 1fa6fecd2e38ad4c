import { chmodSync } from 'node:fs';
import { backup } from 'node:sqlite';
import type { Engine } from '../engine.ts';
import { openReading } from './connection.ts';

/**
 * Copies an embedded database while it is in use, page by page, to a file of mode 0600. The copy is one commit's
 * state; ATTACH is denied, so VACUUM INTO is not the way.
 */
export const copyDatabase = async (engine: Engine, file: string): Promise<void> => {
  const connection = openReading(engine.place);
  try {
    await backup(connection.db, file);
    chmodSync(file, 0o600);
  } finally {
    connection.close();
  }
};
