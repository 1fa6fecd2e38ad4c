import { Secret } from '#kernel';
import { type Engine, openPostgres, openSqlite } from '#storage';

/** Where the rooms lie: a folder, or a database that several processes may share. */
export type CrashPlace =
  | { readonly kind: 'sqlite'; readonly folder: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly schema: string };

export const openPlace = async (place: CrashPlace, onFatal?: (error: Error) => void): Promise<Engine> =>
  place.kind === 'sqlite'
    ? openSqlite({ folder: place.folder, ...(onFatal && { onFatal }) })
    : openPostgres({ url: Secret.fromText(place.url), schema: place.schema, ...(onFatal && { onFatal }) });
