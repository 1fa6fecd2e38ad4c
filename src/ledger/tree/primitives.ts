import { createPublicKey, hash, verify } from 'node:crypto';
import { concat, fromHex } from '#kernel';

/**
 * The two primitives a verifier needs. The only file of `tree` that imports from Node: another platform gives
 * these two functions and has the whole verifier.
 */

/**
 * SHA-256 (FIPS 180-4), 32 bytes. Taken out of Node as text and copied by hand: a small array that crosses into
 * native code is moved off the heap, which costs three times the hash itself. For the same reason callers that
 * hash often pass an input that they reuse.
 */
export const sha256 = (input: Uint8Array): Uint8Array => {
  const text = hash('sha256', input, 'latin1');
  const digest = new Uint8Array(32);
  for (let i = 0; i < 32; i++) digest[i] = text.charCodeAt(i);
  return digest;
};

/** RFC 8410: what stands before the 32 bytes of the public key in SubjectPublicKeyInfo. */
const SPKI_ED25519 = fromHex('302a300506032b6570032100');

/** Ed25519 (RFC 8032) with a public key of 32 bytes and a signature of 64. */
export const verifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const der = Buffer.from(concat(SPKI_ED25519, publicKey));
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
};
