import { type KeyObject, createPrivateKey, createPublicKey, decapsulate, encapsulate, hkdfSync } from 'node:crypto';
import { type JsonObject, Secret, canonical, concat, fromBase64, toBase64, utf8 } from '#kernel';
import { sealingError } from '../errors.ts';
import type { SealProvider } from './provider.ts';

export const RECOVERY_KEY = 'recovery-key';

/** Raw lengths in bytes: X25519 (RFC 7748) and ML-KEM-768 (FIPS 203, table 3). */
const X25519_BYTES = 32;
const ML_KEM_PUBLIC_BYTES = 1_184;
const ML_KEM_SEED_BYTES = 64;
const ML_KEM_CIPHERTEXT_BYTES = 1_088;

type Kind = 'x25519' | 'ml-kem-768';

/**
 * The root key under the recovery kit's key. The installation keeps only the public half, so that a later root key can
 * be wrapped for a kit that lies in a drawer, and whoever stole the old root key cannot open the new one.
 *
 *     seeds  = HKDF-SHA-512(recovery key, 'chatelaine/recovery-key/1'): ML-KEM-768 (64), X25519 (32)
 *     public = X25519 public key (32) ‖ ML-KEM-768 encapsulation key (1,184)
 *     box    = X25519 ephemeral (32) ‖ ML-KEM-768 ciphertext (1,088)
 *     key    = HKDF-SHA-256(ML-KEM secret ‖ X25519 secret, salt = canonical(box, public), 'chatelaine/recovery-box/1')
 *
 * Both have to be broken to open a copy of the database made today: it may be kept until there are quantum computers.
 */
export const recoveryKeyProvider = (recoveryKey: Secret): SealProvider => ({
  ...recoveryGuard(recoveryPublicKey(recoveryKey)),
  obtain: async (parameters) => openBox(recoveryKey, readBox(parameters)),
});

/** Wraps for a kit whose key nobody has at hand; cannot unlock. */
export const recoveryGuard = (publicKey: Uint8Array): SealProvider => ({
  id: RECOVERY_KEY,
  unattended: false,
  // The encapsulations draw from OpenSSL's own generator: node:crypto takes no chance from outside.
  create: async () => {
    const x = encapsulate(publicOf('x25519', publicKey.subarray(0, X25519_BYTES)));
    const m = encapsulate(publicOf('ml-kem-768', publicKey.subarray(X25519_BYTES)));
    const box = concat(x.ciphertext, m.ciphertext);
    return { parameters: { box: toBase64(box) }, key: combine(m.sharedKey, x.sharedKey, box, publicKey) };
  },
  obtain: async () => {
    throw sealingError('wrong_key', 'The recovery key itself is needed.', { provider: 'recovery key' });
  },
});

/** The half that the installation keeps. */
export const recoveryPublicKey = (recoveryKey: Secret): Uint8Array => {
  const { x25519, mlKem } = privateKeys(recoveryKey);
  return concat(rawPublic(x25519), rawPublic(mlKem));
};

const openBox = (recoveryKey: Secret, box: Uint8Array): Secret => {
  const { x25519, mlKem } = privateKeys(recoveryKey);
  const publicKey = concat(rawPublic(x25519), rawPublic(mlKem));
  const x = decapsulate(x25519, box.subarray(0, X25519_BYTES));
  const m = decapsulate(mlKem, box.subarray(X25519_BYTES));
  return combine(m, x, box, publicKey);
};

const combine = (m: Uint8Array, x: Uint8Array, box: Uint8Array, publicKey: Uint8Array): Secret => {
  const secret = concat(m, x);
  // As salt, because OpenSSL takes at most 1,024 bytes of info; HMAC hashes a salt longer than its block.
  const salt = canonical([box, publicKey]);
  const key = new Uint8Array(hkdfSync('sha256', secret, salt, utf8('chatelaine/recovery-box/1'), 32));
  secret.fill(0);
  return Secret.fromBytes(key);
};

const privateKeys = (recoveryKey: Secret): { readonly x25519: KeyObject; readonly mlKem: KeyObject } => {
  const length = ML_KEM_SEED_BYTES + X25519_BYTES;
  const seeds = Buffer.from(
    hkdfSync('sha512', recoveryKey.reveal(), new Uint8Array(), utf8('chatelaine/recovery-key/1'), length),
  );
  const mlKem = createPrivateKey({
    key: seeds.subarray(0, ML_KEM_SEED_BYTES),
    format: 'raw-seed',
    asymmetricKeyType: 'ml-kem-768',
  });
  const x25519 = createPrivateKey({
    key: seeds.subarray(ML_KEM_SEED_BYTES),
    format: 'raw-private',
    asymmetricKeyType: 'x25519',
  });
  seeds.fill(0);
  return { x25519, mlKem };
};

const publicOf = (kind: Kind, raw: Uint8Array): KeyObject => {
  const length = kind === 'x25519' ? X25519_BYTES : ML_KEM_PUBLIC_BYTES;
  if (raw.length !== length)
    throw new RangeError(`A public ${kind} key has ${length} bytes; this one has ${raw.length}.`);
  return createPublicKey({ key: Buffer.from(raw), format: 'raw-public', asymmetricKeyType: kind });
};

const rawPublic = (key: KeyObject): Uint8Array =>
  Uint8Array.from(createPublicKey(key).export({ format: 'raw-public' }));

const readBox = (parameters: JsonObject): Uint8Array => {
  const text = parameters['box'];
  const box = typeof text === 'string' && text.length < 4_096 ? fromBase64(text) : new Uint8Array();
  if (box.length !== X25519_BYTES + ML_KEM_CIPHERTEXT_BYTES)
    throw sealingError('damaged', 'The parameters of the recovery key were changed.', { what: 'recovery key' });
  return box;
};
