import { type JsonObject, concat, timingSafeEqual, toHex } from '#kernel';
import type { ReadTx } from '#storage';
import {
  type Opening,
  type Outcome,
  type PersonalPart,
  type PublicPart,
  commitmentOf,
  encodeEntry,
  hashPersonal,
} from './entry.ts';
import { ledgerError } from './errors.ts';
import {
  type EntryRow,
  type PublicRow,
  commitmentsFrom,
  entryAt,
  newestEntry,
  programEntryOf,
  tileAt,
} from './tables.ts';
import { leafHash } from './tree/merkle.ts';
import type { TileSource } from './tree/tile-source.ts';

/** An entry opened: what the ledger knows of one deed. `personal` is null once redacted. */
export type OpenedEntry = {
  readonly index: number;
  readonly commitment: Uint8Array;
  readonly public: PublicPart;
  readonly personal: PersonalPart | null;
  readonly opening: Opening;
};

/** Whether the first entry of an action of the program's own bears this note. Reads every entry where there is none. */
export const hasEntry = async (tx: ReadTx, action: string, note: string | null): Promise<boolean> => {
  const row = await tx.one(programEntryOf, { action });
  return row !== undefined && row.note === note;
};

/** Errors: `ledger.absent`, `ledger.damaged` when the columns and the commitment disagree. */
export const readEntry = async (tx: ReadTx, index: number, size: number): Promise<OpenedEntry> => {
  const row = await tx.one(entryAt, { idx: index });
  if (row === undefined) throw ledgerError('absent', `There is no entry ${index}.`, { size });
  return openRow(row);
};

/** The row as it stands, whether or not it is what was committed to; see `faultOf`. */
export const uncheckedEntry = (row: EntryRow): OpenedEntry => ({
  index: row.idx,
  commitment: row.commitment,
  public: publicPart(row),
  personal: personalPart(row),
  opening: { salt: row.salt, personalSalt: row.personal_salt, personalHash: row.personal_hash },
});

export const openRow = (row: EntryRow): OpenedEntry => {
  const opened = uncheckedEntry(row);
  const fault = faultOf(opened);
  if (fault !== null) throw ledgerError('damaged', `Entry ${row.idx}: ${fault}.`, { index: row.idx });
  return opened;
};

/** Why an opened entry is not what was committed to, or null. Needs no database: auditors call it too. */
export const faultOf = ({ commitment, public: part, personal, opening }: OpenedEntry): string | null => {
  if (!timingSafeEqual(commitmentOf(part, opening.salt, opening.personalHash), commitment))
    return 'what it says is not what was committed to';
  if (personal === null && opening.personalSalt === null) return null;
  if (personal === null || opening.personalSalt === null) return 'its personal part is redacted by half';
  return timingSafeEqual(hashPersonal(personal, opening.personalSalt), opening.personalHash)
    ? null
    : 'who did it is not what was committed to';
};

export const publicPart = (row: PublicRow): PublicPart => ({
  at: row.at,
  action: row.action,
  outcome: row.outcome as Outcome,
  rule: row.rule,
  resource: row.resource,
  note: row.note,
  head: row.head_version === null || row.head_hash === null ? null : { version: row.head_version, hash: row.head_hash },
});

const personalPart = ({ caller, address, agent, path }: EntryRow): PersonalPart | null =>
  caller === null || address === null || agent === null || path === null ? null : { caller, address, agent, path };

/** When the newest entry was made, in milliseconds since 1970; undefined in an empty ledger. */
export const newestTime = async (tx: ReadTx): Promise<number | undefined> => (await tx.one(newestEntry, {}))?.at;

/** The tree's hashes, from the tables. */
export const tileSource = (tx: ReadTx): TileSource => ({
  async leaf(index, count) {
    const rows = await tx.all(commitmentsFrom, { from: index, to: index + count });
    return concat(...rows.map(({ commitment }) => leafHash(encodeEntry(commitment))));
  },
  async tile(level, n) {
    return (await tx.one(tileAt, { level, n }))?.hashes;
  },
});

/** An entry as JSON for people and tools; bytes as hexadecimal. */
export const entryJson = ({ index, commitment, public: part, personal, opening }: OpenedEntry): JsonObject => ({
  index,
  commitment: toHex(commitment),
  at: new Date(part.at).toISOString(),
  action: part.action,
  outcome: part.outcome,
  rule: part.rule,
  resource: part.resource,
  note: part.note,
  head: part.head === null ? null : { version: part.head.version, hash: toHex(part.head.hash) },
  caller: personal?.caller ?? null,
  address: personal?.address ?? null,
  agent: personal?.agent ?? null,
  path: personal?.path ?? null,
  opening: {
    salt: toHex(opening.salt),
    personal_salt: opening.personalSalt === null ? null : toHex(opening.personalSalt),
    personal_hash: toHex(opening.personalHash),
  },
});
