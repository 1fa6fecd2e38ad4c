import { concat, toBase64, utf8 } from '#kernel';
import { treeError } from './errors.ts';
import { sha256 } from './primitives.ts';
import { exactBase64 } from './text.ts';

/** Signature type of a plain Ed25519 note signature (C2SP signed-note). */
const ED25519 = 0x01;

/** The public half of a note's key: all that someone needs to check a ledger. */
export type VerifierKey = {
  /** Non-empty, without white space and `+`; for a ledger, its origin. */
  readonly name: string;
  /** The 32-bit key ID of signed-note. */
  readonly id: number;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
};

export const isKeyName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);

/** Key ID = first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key). */
export const verifierKey = (name: string, publicKey: Uint8Array): VerifierKey => {
  if (!isKeyName(name)) throw treeError('key_malformed', 'A key name is not empty and has no white space and no "+".');
  if (publicKey.length !== 32)
    throw treeError('key_malformed', `An Ed25519 public key has 32 bytes; this one has ${publicKey.length}.`);
  const digest = sha256(concat(utf8(`${name}\n`), Uint8Array.of(ED25519), publicKey));
  return {
    name,
    id: new DataView(digest.buffer).getUint32(0),
    publicKey: Uint8Array.from(publicKey),
  };
};

/** `name+hash+base64`, the form Go's `sumdb/note` reads. */
export const formatVerifierKey = ({ name, id, publicKey }: VerifierKey): string =>
  `${name}+${id.toString(16).padStart(8, '0')}+${toBase64(concat(Uint8Array.of(ED25519), publicKey))}`;

export const parseVerifierKey = (text: string): VerifierKey => {
  const [, name = '', id = '', base64 = ''] = /^([^+]{1,512})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(text) ?? [];
  const encoded = exactBase64(base64);
  if (encoded === null || encoded.length !== 33)
    throw treeError('key_malformed', 'This is not a verifier key: it should read name+12345678+base64.');
  if (encoded[0] !== ED25519)
    throw treeError('key_malformed', `The key is of type ${encoded[0]}; only Ed25519 (type 1) is supported.`);
  const key = verifierKey(name, encoded.subarray(1));
  if (key.id !== parseInt(id, 16))
    throw treeError('key_malformed', 'The verifier key is damaged: its hash does not fit its name and key.');
  return key;
};
