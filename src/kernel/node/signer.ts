import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { concat, fromHex } from '../bytes.ts';
import type { Random, Signer } from '../ports.ts';
import { Secret } from '../secret.ts';

/** RFC 8410: what stands before the 32 bytes of the seed in PKCS #8. */
const PKCS8_ED25519 = fromHex('302e020100300506032b657004220420');
/** Length of the SubjectPublicKeyInfo header before the 32 bytes of the public key. */
const SPKI_HEADER = 12;

/** Signs with Ed25519 (RFC 8032) from a seed of 32 bytes held in memory. */
export const ed25519Signer = (name: string, seed: Secret): Signer => {
  const key = createPrivateKey({
    key: Buffer.from(concat(PKCS8_ED25519, seed.reveal())),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    name,
    publicKey: Uint8Array.from(spki.subarray(SPKI_HEADER)),
    sign: (message) => sign(null, message, key),
  };
};

export const generateEd25519Seed = (random: Random): Secret => Secret.fromBytes(random.bytes(32));
