import { type Signer, toBase64 } from '#kernel';
import { treeError } from './errors.ts';
import { HASH_BYTES } from './merkle.ts';
import { openNote, signNote } from './note.ts';
import { exactBase64, exactDecimal } from './text.ts';
import type { VerifierKey } from './verifier-key.ts';

/**
 * What a log signs about itself (C2SP tlog-checkpoint v1.0.0):
 *
 *     origin          which log: the name of its key
 *     size            number of entries, decimal
 *     root            base64 of the RFC 9162 root at that size
 *     extension…      further non-empty lines; we write none and carry foreign ones along
 */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly extensions: readonly string[];
};

/** The text of the note, ending in a newline. */
export const formatCheckpoint = (checkpoint: Checkpoint): string => {
  const { origin, size, root, extensions } = checkpoint;
  const text = [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join('');
  // Whatever could be read back as another checkpoint is refused here, before it is signed.
  const read = parseCheckpoint(text);
  if (read.origin !== origin || read.size !== size || read.extensions.length !== extensions.length)
    throw malformed('a line holds a newline');
  return text;
};

/** Reads the text of a note whose signature was checked. */
export const parseCheckpoint = (text: string): Checkpoint => {
  if (!text.endsWith('\n')) throw malformed('its last line does not end');
  const [origin = '', sizeLine = '', rootLine = '', ...extensions] = text.slice(0, -1).split('\n');
  const size = exactDecimal(sizeLine);
  const root = exactBase64(rootLine);
  if (origin === '') throw malformed('it has no origin');
  if (size === null) throw malformed('its size is not a plain decimal number');
  if (root === null || root.length !== HASH_BYTES) throw malformed('its root is not 32 bytes in base64');
  if (extensions.includes('')) throw malformed('it has an empty line');
  return { origin, size, root, extensions };
};

/** A signed note over the log's size and root; the origin is the signer's name. */
export const signCheckpoint = (signer: Signer, size: number, root: Uint8Array): string =>
  signNote(formatCheckpoint({ origin: signer.name, size, root, extensions: [] }), [signer]);

/** The checkpoint in a note that this key signed, of the log that bears the key's name. */
export const openCheckpoint = (note: string | Uint8Array, key: VerifierKey): Checkpoint => {
  const checkpoint = parseCheckpoint(openNote(note, [key]).text);
  // One key may sign notes of several kinds and logs; the origin says which log this is.
  if (checkpoint.origin !== key.name)
    throw treeError('checkpoint_origin', `The checkpoint is of "${checkpoint.origin}", the key of "${key.name}".`);
  return checkpoint;
};

const malformed = (why: string) => treeError('checkpoint_malformed', `This is not a checkpoint: ${why}.`);
