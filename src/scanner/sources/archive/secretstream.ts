import { createDecipheriv } from 'node:crypto';
import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { hchacha } from '@noble/ciphers/chacha.js';
import { timingSafeEqual } from '#kernel';

export const SECRETSTREAM_OVERHEAD = 17;

/** Opens one message after another; null when it was altered or the key is another. */
export type SecretStream = {
  pull(message: Uint8Array): { readonly plain: Uint8Array; readonly final: boolean } | null;
};

const FINAL = 3;
const REKEY = 2;

/**
 * libsodium's `crypto_secretstream_xchacha20poly1305`, the pulling side, without associated data
 * (doc.libsodium.org, secret-key cryptography, encrypted streams and file encryption).
 *
 *     key, nonce   HChaCha20(key, header[0..16]); nonce = counter (4 bytes, little endian, from 1) ‖ header[16..24]
 *     message      encrypted tag (1) ‖ ciphertext ‖ Poly1305 (16)
 *     key stream   block 0: the Poly1305 key; block 1: the tag and 63 unsent bytes; from block 2 on: the text
 *     authentic    block 1 with the tag encrypted ‖ ciphertext ‖ zeros (length mod 16, as libsodium has it) ‖ lengths
 *
 * @param key 32 bytes
 * @param header 24 bytes
 */
export const openSecretStream = (key: Uint8Array, header: Uint8Array): SecretStream => {
  let subkey: Uint8Array = subkeyOf(key, header.subarray(0, 16));
  const nonce = new Uint8Array(12);
  const counter = new DataView(nonce.buffer);
  counter.setUint32(0, 1, true);
  nonce.set(header.subarray(16, 24), 4);

  const rekey = (): void => {
    const stream = keyStream(subkey, nonce);
    const fresh = stream.update(Buffer.concat([subkey, nonce.subarray(4)]));
    subkey = Uint8Array.from(fresh.subarray(0, 32));
    nonce.set(fresh.subarray(32, 40), 4);
    counter.setUint32(0, 1, true);
  };

  return {
    pull: (message) => {
      if (message.length < SECRETSTREAM_OVERHEAD) return null;
      const text = message.subarray(1, message.length - 16);
      const stream = keyStream(subkey, nonce);
      const macKey = stream.update(new Uint8Array(64)).subarray(0, 32);
      const block = Uint8Array.from(stream.update(Buffer.concat([message.subarray(0, 1), new Uint8Array(63)])));
      const tag = block[0]!;
      block[0] = message[0]!;
      const mac = poly1305(Buffer.concat([block, text, ending(text.length)]), macKey);
      if (!timingSafeEqual(mac, message.subarray(message.length - 16))) return null;
      const plain = stream.update(text);
      for (let at = 0; at < 8; at += 1) nonce[4 + at]! ^= mac[at]!;
      counter.setUint32(0, counter.getUint32(0, true) + 1, true);
      if ((tag & REKEY) !== 0 || counter.getUint32(0, true) === 0) rekey();
      return { plain, final: tag === FINAL };
    },
  };
};

/** OpenSSL's ChaCha20: the block counter (32 bits, little endian), then RFC 8439's nonce. */
const keyStream = (key: Uint8Array, nonce: Uint8Array): ReturnType<typeof createDecipheriv> =>
  createDecipheriv('chacha20', key, Buffer.concat([new Uint8Array(4), nonce]));

const ending = (length: number): Uint8Array => {
  const padding = length % 16;
  const bytes = new Uint8Array(padding + 16);
  new DataView(bytes.buffer).setBigUint64(padding + 8, BigInt(64 + length), true);
  return bytes;
};

/** "expand 32-byte k" */
const SIGMA = Uint32Array.from([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);

const subkeyOf = (key: Uint8Array, input: Uint8Array): Uint8Array => {
  const out = new Uint32Array(8);
  hchacha(SIGMA, words(key), words(input), out);
  const bytes = new Uint8Array(32);
  const into = new DataView(bytes.buffer);
  for (const [at, word] of out.entries()) into.setUint32(at * 4, word, true);
  return bytes;
};

const words = (bytes: Uint8Array): Uint32Array => {
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => from.getUint32(at * 4, true));
};
