import { z } from 'zod';
import { ChatelaineError, type Signer, utf8 } from '#kernel';
import { type VerifierKey, openNote, parseVerifierKey, signNote } from '#ledger';
import { MIGRATIONS } from '#storage';
import { serverError } from '../errors.ts';

export const MANIFEST = 'manifest.note';
const FORMAT = 'chatelaine-backup/1';
export const LARGEST_MANIFEST = 262_144;

const schema = z.strictObject({
  format: z.literal(FORMAT),
  /** Of the program that wrote it. */
  version: z.string().max(64),
  origin: z.string().max(256),
  /** Milliseconds since 1970. */
  madeAt: z.number().int(),
  /** Steps of the schema, in order. */
  steps: z.array(z.string().max(64)).min(1).max(1_000),
  /** The ledger's checkpoint inside, a signed note. */
  checkpoint: z.string().max(65_536),
  verifierKey: z.string().max(1_024),
  tables: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z_]{1,64}$/),
      rows: z.number().int().min(0),
      bytes: z.number().int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

/** What a backup says about itself: its first member, a note signed with the ledger's key (C2SP signed-note). */
export type Manifest = Readonly<z.output<typeof schema>>;
export type TableManifest = Manifest['tables'][number];

/** Anybody can encrypt to the kit; only the installation can sign. JSON in one line can never be read as a checkpoint. */
export const signManifest = (manifest: Omit<Manifest, 'format'>, signer: Signer): Uint8Array =>
  utf8(signNote(`${JSON.stringify({ format: FORMAT, ...manifest })}\n`, [signer]));

/**
 * Reads a manifest. With `key`, printed in the kit, only one that this installation signed; without, one that agrees
 * with itself. Errors: `server.malformed_backup`, `server.foreign_backup`, `server.newer_backup`.
 */
export const openManifest = (note: Uint8Array, key: VerifierKey | null): Manifest => {
  const manifest = parse(note);
  try {
    openNote(note, [key ?? parseVerifierKey(manifest.verifierKey)]);
  } catch (error) {
    if (!(error instanceof ChatelaineError)) throw error;
    throw serverError(
      'foreign_backup',
      `The backup is not signed by ${key?.name ?? manifest.origin}: ${error.message}`,
    );
  }
  const unknown = manifest.steps.findIndex((name, i) => MIGRATIONS[i]?.name !== name);
  if (unknown >= 0)
    throw serverError(
      'newer_backup',
      `The backup was made by version ${manifest.version}, whose schema has step "${manifest.steps[unknown]}".`,
      {
        version: manifest.version,
      },
    );
  return manifest;
};

const parse = (note: Uint8Array): Manifest => {
  const line = new TextDecoder().decode(note).split('\n', 1)[0]!;
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    throw serverError('malformed_backup', 'This backup cannot be read: its manifest is not JSON.');
  }
  const result = schema.safeParse(content);
  if (!result.success)
    throw serverError('malformed_backup', 'This backup cannot be read: its manifest is of another form.');
  return result.data;
};
