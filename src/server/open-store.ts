import { dirname, join } from 'node:path';
import { type Clock, Secret } from '#kernel';
import { makeFolder } from '#kernel/node';
import { type Engine, copyDatabase, migrate, openPostgres, openSqlite } from '#storage';

export type StoreOptions = {
  readonly folder: string;
  readonly databaseUrl: string | undefined;
  readonly backups: string;
  readonly clock: Clock;
  readonly onFatal: (error: Error) => void;
};

/** Opens the database and brings its schema up to date, with a copy beside it before anything changes. */
export const openStore = async ({ folder, databaseUrl, backups, clock, onFatal }: StoreOptions): Promise<Engine> => {
  // SQLite's opening makes the folder and says what is wrong with it; beside PostgreSQL it holds socket and ballast.
  if (databaseUrl !== undefined) makeFolder(folder);
  const engine =
    databaseUrl === undefined
      ? openSqlite({ folder, onFatal })
      : await openPostgres({ url: Secret.fromText(databaseUrl), onFatal });
  try {
    await migrate(engine, clock.now(), async (from) => {
      if (engine.kind !== 'sqlite') return;
      const file = join(backups, `before-migration-${from}-${clock.now()}.db`);
      makeFolder(dirname(file));
      await copyDatabase(engine, file);
    });
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
};
