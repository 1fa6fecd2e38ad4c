import { type Signer, concat, toBase64, utf8 } from '#kernel';
import { treeError } from './errors.ts';
import { verifyEd25519 } from './primitives.ts';
import { exactBase64, exactText } from './text.ts';
import { type VerifierKey, isKeyName, verifierKey } from './verifier-key.ts';

/** C2SP signed-note demands 16 at least; a post-quantum one has 5 kB. */
const MAX_SIGNATURES = 64;
const MAX_NOTE_BYTES = 524_288;

export type NoteSignature = {
  readonly name: string;
  readonly keyId: number;
  /** Without the key ID. */
  readonly signature: Uint8Array;
};

/**
 * A signed note as C2SP signed-note v1.0.0 draws it:
 *
 *     text, ending in a newline
 *     (empty line)
 *     — <key name> base64(key ID, 4 bytes ‖ signature)      one line or more
 *
 * Nothing of a parsed note may be believed; `openNote` gives what was signed.
 */
export type UnverifiedNote = {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

/** Signs a text that ends in a newline with each signer. */
export const signNote = (text: string, signers: readonly Signer[]): string => {
  if (!text.endsWith('\n') || !isNoteText(text))
    throw treeError('note_malformed', 'A note is text that ends in a newline and has no other control characters.');
  if (signers.length === 0) throw treeError('note_unsigned', 'A note needs a signer.');
  const message = utf8(text);
  const lines = signers.map((signer) => {
    const { name, id } = verifierKey(signer.name, signer.publicKey);
    return `— ${name} ${toBase64(concat(keyIdBytes(id), signer.sign(message)))}\n`;
  });
  return `${text}\n${lines.join('')}`;
};

/** Takes a note apart without checking any signature. */
export const parseNote = (note: string | Uint8Array): UnverifiedNote => {
  if (note.length > MAX_NOTE_BYTES) throw malformed(`it is longer than ${MAX_NOTE_BYTES} bytes`);
  const whole = typeof note === 'string' ? note : exactText(note);
  if (whole === null || !isNoteText(whole)) throw malformed('it is not plain UTF-8 text');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n')) throw malformed('it has no signatures after an empty line');
  const lines = whole.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignature) };
};

/**
 * The text of a note that at least one of these keys signed. Signatures by others are ignored; a wrong one by a
 * known key condemns the whole note.
 */
export const openNote = (
  note: string | Uint8Array,
  keys: readonly VerifierKey[],
): { readonly text: string; readonly signedBy: readonly VerifierKey[] } => {
  const { text, signatures } = parseNote(note);
  const message = utf8(text);
  const signedBy = new Set<VerifierKey>();
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((known) => known.name === name && known.id === keyId);
    if (key === undefined) continue;
    if (!verifyEd25519(key.publicKey, message, signature))
      throw treeError('signature_wrong', `The signature by ${name} does not fit the note.`, {
        name,
      });
    signedBy.add(key);
  }
  if (signedBy.size === 0)
    throw treeError(
      'note_unsigned',
      `The note is not signed by ${keys.map(({ name }) => name).join(', ') || 'any known key'}.`,
      {
        signatures: signatures.map(({ name, keyId }) => `${name}+${keyId.toString(16).padStart(8, '0')}`),
      },
    );
  return { text, signedBy: [...signedBy] };
};

const parseSignature = (line: string): NoteSignature => {
  const [, name = '', base64 = ''] = /^— ([^ ]+) ([^ ]+)$/u.exec(line) ?? [];
  const bytes = exactBase64(base64);
  if (bytes === null || bytes.length < 5 || !isKeyName(name)) throw malformed('a signature line is not well formed');
  return { name, keyId: new DataView(bytes.buffer).getUint32(0), signature: bytes.slice(4) };
};

const keyIdBytes = (id: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, id);
  return bytes;
};

/** Valid Unicode without ASCII control characters other than newline. */
// oxlint-disable-next-line no-control-regex -- the standard forbids exactly these
const isNoteText = (text: string): boolean => text.isWellFormed() && !/[\x00-\x09\x0b-\x1f]/.test(text);

const malformed = (why: string) => treeError('note_malformed', `This is not a signed note: ${why}.`);
