import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Secret } from '#kernel';
import { makeFolder } from '#kernel/node';
import { pendUnserved } from '#deeds';
import { type VerifierKey, checkLedger, parseVerifierKey, readHeadRow } from '#ledger';
import { ageDecrypt } from '#sealing';
import { type Engine, type ImportedTable, MIGRATIONS, importTables, migrate, openSqlite, requireEmpty } from '#storage';
import { type Check, doctor } from '../doctor/doctor.ts';
import { serverError } from '../errors.ts';
import { LARGEST_MANIFEST, MANIFEST, type Manifest, openManifest } from './manifest.ts';
import { memberName } from './make-backup.ts';
import { type TarMember, readTar } from './tar.ts';

export type RestoreInput = {
  readonly file: string;
  /** age identity from the kit. From a prompt or a file, never from the command line. */
  readonly identity: Secret;
  /** Verifier key from the kit; null when only the backup's own word is at hand. */
  readonly key: VerifierKey | null;
  readonly clock: Clock;
};

export type Restored = {
  readonly manifest: Manifest;
  /** Whether the signature was checked against a key from elsewhere. */
  readonly proven: boolean;
  readonly rows: number;
};

/**
 * Restores into a data folder that does not exist yet or is empty. On any fault the folder is as empty as before.
 * Errors: `server.folder_not_empty`, `sealing.wrong_key`, `sealing.damaged`, `server.malformed_backup`, `server.foreign_backup`.
 */
export const restoreFolder = async (folder: string, input: RestoreInput): Promise<Restored> => {
  makeFolder(folder);
  if ((await readdir(folder)).length > 0)
    throw serverError('folder_not_empty', `${folder} is not empty.`, { place: folder });
  const engine = openSqlite({ folder });
  try {
    const restored = await restoreInto(engine, input);
    await engine.close();
    return restored;
  } catch (error) {
    await engine.close();
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    throw error;
  }
};

/**
 * Restores into an empty database of either engine, whichever the backup came from; in one commit, checked against the
 * manifest while it is read and against its own ledger afterwards.
 */
export const restoreInto = async (engine: Engine, { file, identity, key, clock }: RestoreInput): Promise<Restored> => {
  const members = readTar(await ageDecrypt(identity, await open(file)));
  const manifest = openManifest(await readManifest(members), key);
  await migrate(engine, clock.now(), undefined, MIGRATIONS.slice(0, manifest.steps.length));
  await requireEmpty(engine);
  const rows = await importTables(engine, tablesOf(members, manifest), (found) => checkCounts(found, manifest));
  await migrate(engine, clock.now());
  await checkRestored(engine, manifest);
  await pendUnserved(engine, { at: clock.now(), action: 'installation.restore', outcome: 'allowed', address: 'local' });
  return { manifest, proven: key !== null, rows: [...rows.values()].reduce((sum, count) => sum + count, 0) };
};

export type BackupCheck = Restored & { readonly checks: readonly Check[]; readonly bad: boolean };

/** Restores into a sandbox that nobody serves, has the doctor look at it, and removes it. `recover` may unlock it. */
export const checkBackup = async (
  input: RestoreInput,
  recover?: (engine: Engine) => Promise<Parameters<typeof doctor>[0]['sealing']>,
): Promise<BackupCheck> => {
  const folder = await mkdtemp(join(tmpdir(), 'chatelaine-check-'));
  const engine = openSqlite({ folder });
  try {
    const restored = await restoreInto(engine, input);
    const sealing = await recover?.(engine);
    const key = input.key ?? parseVerifierKey(restored.manifest.verifierKey);
    const checks = await doctor({ engine, clock: input.clock, key, sealing });
    return { ...restored, checks, bad: checks.some(({ state }) => state === 'bad') };
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
};

const open = async (file: string): Promise<ReadableStream<Uint8Array>> => {
  await access(file, constants.R_OK).catch((error: unknown) => {
    throw serverError('unreadable_file', `The backup ${file} cannot be read.`, { place: file }, error);
  });
  return ReadableStream.from<Uint8Array>(createReadStream(file) as AsyncIterable<Uint8Array>);
};

const readManifest = async (members: AsyncGenerator<TarMember>): Promise<Uint8Array> => {
  const next = await members.next();
  const first = next.done === true ? undefined : next.value;
  if (first === undefined || first.name !== MANIFEST || first.size > LARGEST_MANIFEST)
    throw malformed('it does not begin with a manifest');
  return Buffer.concat(await Array.fromAsync(first.bytes));
};

/** The tables in the order of the manifest, each refused at its end when it is not what the manifest says. */
const tablesOf = async function* (
  members: AsyncGenerator<TarMember>,
  { tables }: Manifest,
): AsyncGenerator<ImportedTable> {
  let next = 0;
  for await (const { name, size, bytes } of members) {
    const expected = tables[next++];
    if (expected === undefined || memberName(expected.name) !== name || expected.bytes !== size)
      throw malformed(`"${name.slice(0, 100)}" is not what the manifest says comes there`);
    const hash = createHash('sha256');
    yield { name: expected.name, bytes: hashed(bytes, hash) };
    if (hash.digest('hex') !== expected.sha256)
      throw malformed(`the table ${expected.name} is not the one that was signed`);
  }
  if (next !== tables.length) throw malformed(`the table ${tables[next]!.name} is missing`);
};

const hashed = async function* (
  bytes: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
};

const checkCounts = (found: ReadonlyMap<string, number>, { tables }: Manifest): void => {
  for (const { name, rows } of tables)
    if (found.get(name) !== rows) throw malformed(`the table ${name} has ${found.get(name) ?? 0} rows, not ${rows}`);
};

/** What was restored must be the ledger that the manifest speaks of, whole. */
const checkRestored = async (engine: Engine, { checkpoint, verifierKey }: Manifest): Promise<void> => {
  const faults = await engine.snapshot(async (tx) => {
    const check = await checkLedger(tx, parseVerifierKey(verifierKey));
    const other = (await readHeadRow(tx))?.checkpoint === checkpoint ? [] : ['its checkpoint is not the manifest’s'];
    return [...other, ...check.treeFaults, ...check.entryFaults];
  });
  if (faults.length > 0) throw malformed(`its ledger is damaged: ${faults.slice(0, 5).join('; ')}`);
};

const malformed = (why: string) => serverError('malformed_backup', `This backup cannot be read: ${why}.`);
