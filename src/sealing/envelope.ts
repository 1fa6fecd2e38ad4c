import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { type Field, type Random, Secret, canonical, concat } from '#kernel';
import { hmacOf } from '#kernel/node';
import { sealingError } from './errors.ts';

const FORMAT = 1;
const SALT_BYTES = 32;
const COMMITMENT_BYTES = 32;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + SALT_BYTES + COMMITMENT_BYTES;
/** The key is used once, so the nonce may be constant. */
const NONCE = new Uint8Array(12);

/** What an envelope is bound to. It opens under the same fields only, in the same order. */
export type Binding = readonly Field[];

/**
 * Seals a plaintext under a 32-byte key.
 *
 *     envelope   = format (1 byte: 1) ‖ salt (32) ‖ commitment (32) ‖ AES-256-GCM ciphertext ‖ tag (16)
 *     associated = canonical('chatelaine/envelope/1', binding…)
 *     key₁ ‖ commitment = HMAC-SHA-512(key, salt ‖ associated)
 *
 * AES-GCM commits to no key ("invisible salamanders"); the commitment does, and single-use keys leave no nonce to
 * count (NIST SP 800-38D, section 8.3). A change of any bit, or of any bound field, is refused by `openEnvelope`.
 */
export const sealEnvelope = (key: Secret, plaintext: Uint8Array, binding: Binding, random: Random): Uint8Array => {
  const salt = random.bytes(SALT_BYTES);
  const associated = associatedData(binding);
  const { once, commitment } = derive(key, salt, associated);
  const cipher = createCipheriv('aes-256-gcm', once, NONCE);
  cipher.setAAD(associated);
  const sealed = concat(
    Uint8Array.of(FORMAT),
    salt,
    commitment,
    cipher.update(plaintext),
    cipher.final(),
    cipher.getAuthTag(),
  );
  once.fill(0);
  return sealed;
};

/** Opens an envelope. Errors: `sealing.damaged`, which names what `what` says it is. */
export const openEnvelope = (key: Secret, envelope: Uint8Array, binding: Binding, what: string): Secret => {
  const damaged = () =>
    sealingError('damaged', `${what} was changed, moved or truncated since it was sealed.`, { what });
  if (envelope.length < HEADER_BYTES + TAG_BYTES || envelope[0] !== FORMAT) throw damaged();
  const associated = associatedData(binding);
  const { once, commitment } = derive(key, envelope.subarray(1, 1 + SALT_BYTES), associated);
  // Before decryption: a ciphertext made to open under two keys must not get as far as the cipher.
  if (!timingSafeEqual(commitment, envelope.subarray(1 + SALT_BYTES, HEADER_BYTES))) throw damaged();
  const decipher = createDecipheriv('aes-256-gcm', once, NONCE);
  decipher.setAAD(associated);
  decipher.setAuthTag(envelope.subarray(envelope.length - TAG_BYTES));
  try {
    const start = decipher.update(envelope.subarray(HEADER_BYTES, envelope.length - TAG_BYTES));
    const plaintext = Secret.fromBytes(concat(start, decipher.final()));
    start.fill(0);
    return plaintext;
  } catch {
    throw damaged();
  } finally {
    once.fill(0);
  }
};

const associatedData = (binding: Binding): Uint8Array => canonical(['chatelaine/envelope/1', ...binding]);

const derive = (
  key: Secret,
  salt: Uint8Array,
  associated: Uint8Array,
): { once: Uint8Array; commitment: Uint8Array } => {
  const derived = hmacOf('sha512', key, salt, associated);
  return { once: derived.subarray(0, 32), commitment: derived.subarray(32) };
};
