import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { toHex } from '#kernel';
import type { Deed } from '#deeds';
import type { BackupReport, House } from '#http';
import type { Caller } from '#identity';
import { INSTALLATION } from '#inventory';
import { formatVerifierKey, programEntry, readHeadRow, verifierKey } from '#ledger';
import { ageEncrypt, sealingError } from '#sealing';
import { type ExportedTable, MIGRATIONS, type ReadTx, exportTables } from '#storage';
import { writeWhole } from './backup-file.ts';
import { backupName } from './backup-name.ts';
import { MANIFEST, type TableManifest, signManifest } from './manifest.ts';
import { type TarMember, writeTar } from './tar.ts';

/** A file of this name, or one named by the time in a folder: only those are found again and age out. */
export type BackupPlace = { readonly file: string } | { readonly folder: string };

export type BackupMade = {
  readonly file: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** SHA-256 of the file, hexadecimal; the ledger has it too. */
  readonly sha256: string;
  readonly tables: readonly TableManifest[];
};

/**
 * Backs the installation up while it is in use: one commit's state of every table, encrypted with age to
 * the recovery kit. The server cannot read it again. Nothing is written in clear, not even for a moment: the tables are
 * read twice in one snapshot, once for their hashes and once for the file.
 * Errors: `sealing.no_kit`, `sealing.locked`, `deeds.denied`, `server.file_exists`.
 */
export const makeBackup = async (house: House, caller: Caller, to: BackupPlace): Promise<BackupMade> => {
  const { output: recipient } = await house.deeds.perform(backupDeed(house), caller, {});
  const file = 'file' in to ? to.file : join(to.folder, backupName(house.installation().origin, house.clock.now()));
  const made = await house.engine.snapshot(async (tx) => {
    const exported = await exportTables(tx);
    const tables: TableManifest[] = [];
    for (const table of exported) tables.push(await summarise(table));
    const manifest = await manifestOf(house, tx, tables);
    const tar = writeTar(members(manifest, exported, tables), house.clock.now());
    const hash = createHash('sha256');
    const sealed = await ageEncrypt(recipient, ReadableStream.from<Uint8Array>(tar));
    const bytes = await writeWhole(file, hashed(sealed, hash));
    return { file, bytes, sha256: hash.digest('hex'), tables };
  });
  // Afterwards, so that the backup holds its own deed and the ledger the hash of the file.
  await house.deeds.record(async (_tx, now) => [
    programEntry('installation.backed-up', now, `${made.bytes} bytes, sha256 ${made.sha256}`),
  ]);
  return made;
};

/** Decided and recorded before anything is written; gives the recipient that the kit stands for. */
const backupDeed = ({ sealing }: House): Deed<Record<never, never>, string> => ({
  name: 'backup',
  action: 'installation.backup',
  effect: 'reveal',
  facts: async () => ({ resource: INSTALLATION }),
  async find(tx) {
    const kit = await sealing.kit(tx);
    if (kit === undefined) throw sealingError('no_kit', 'There is no recovery kit that could open a backup.');
    return kit.backupRecipient;
  },
  summary: (_input, recipient) => ({
    note: `for ${createHash('sha256').update(recipient).digest('hex').slice(0, 16)}`,
  }),
});

const summarise = async ({ name, lines }: ExportedTable): Promise<TableManifest> => {
  const hash = createHash('sha256');
  let [rows, bytes] = [-1, 0];
  for await (const chunk of lines()) {
    hash.update(chunk);
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows++;
  }
  return { name, rows, bytes, sha256: toHex(hash.digest()) };
};

const manifestOf = async (house: House, tx: ReadTx, tables: readonly TableManifest[]): Promise<Uint8Array> => {
  const { origin } = house.installation();
  const signer = house.sealing.signer(origin);
  return signManifest(
    {
      version: house.version,
      origin,
      madeAt: house.clock.now(),
      steps: MIGRATIONS.map(({ name }) => name),
      checkpoint: (await readHeadRow(tx))?.checkpoint ?? '',
      verifierKey: formatVerifierKey(verifierKey(origin, signer.publicKey)),
      tables: [...tables],
    },
    signer,
  );
};

const members = (
  manifest: Uint8Array,
  exported: readonly ExportedTable[],
  tables: readonly TableManifest[],
): readonly TarMember[] => [
  { name: MANIFEST, size: manifest.length, bytes: once(manifest) },
  ...exported.map(({ name, lines }, i) => ({ name: memberName(name), size: tables[i]!.bytes, bytes: lines() })),
];

export const memberName = (table: string): string => `tables/${table}.jsonl`;

const once = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
};

const hashed = async function* (
  stream: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    hash.update(chunk);
    yield chunk;
  }
};

/** What people and tools are told of it. */
export const backupReport = ({ file, bytes, sha256, tables }: BackupMade): BackupReport => ({
  file,
  bytes,
  sha256,
  rows: tables.reduce((sum, { rows }) => sum + rows, 0),
});
