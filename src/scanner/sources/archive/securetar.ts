import { type Argon2Parameters, argon2, createDecipheriv, createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { blake2b } from '@noble/hashes/blake2.js';
import { type Secret, timingSafeEqual, utf8 } from '#kernel';
import { Unread } from '../gap.ts';
import { type ByteReader, type Bytes, byteReader } from './byte-reader.ts';
import { openSecretStream, SECRETSTREAM_OVERHEAD } from './secretstream.ts';
import { isTarHeader } from './sniff.ts';

/*
 * Home Assistant's SecureTar: an encrypted tar or tar.gz, as the supervisor puts it into a backup.
 *
 *     v1   salt (16) ‖ AES-128-CBC, PKCS#7
 *     v2   "SecureTar" 02 0⁶ ‖ size of the plaintext (8, big endian) 0⁸ ‖ salt (16) ‖ AES-128-CBC, PKCS#7
 *     v3   "SecureTar" 03 0⁶ ‖ size of the plaintext (8, big endian) 0⁸
 *          ‖ root salt (16) ‖ check salt (16) ‖ check key (32) ‖ key salt (16) ‖ stream header (24)
 *          ‖ secretstream in messages of 1 MiB of plaintext
 *
 * Keys: v1 and v2, SHA-256 a hundred times over the password (then over key ‖ salt for the start vector), 16 bytes of
 * it. v3: Argon2id (8 passes, 16 MiB), then BLAKE2b with its salt and the name "SecureTarv3" for each purpose.
 * Nothing in v1 and v2 is authenticated: a wrong key shows by what comes out being neither tar nor gzip.
 */
const ID_SIZE = 16;
const MESSAGE = 1024 * 1024;

/** What is needed to open the parts of one backup; parts share a key derivation. */
export type SecureTarKey = {
  /** AES-128 key of v1 and v2, 16 bytes. */
  aes(): Uint8Array;
  /** Root key of v3, 32 bytes; Argon2id runs once for each salt. */
  root(salt: Uint8Array): Promise<Uint8Array>;
};

export const secureTarKey = (password: Secret): SecureTarKey => {
  const roots = new Map<string, Promise<Uint8Array>>();
  return {
    aes: () => hundredTimes(password.reveal()),
    root: (salt) => {
      const name = Buffer.from(salt).toString('hex');
      const known = roots.get(name) ?? derive(password.reveal(), salt);
      if (roots.size < 100) roots.set(name, known);
      return known;
    },
  };
};

const argon2id = promisify((parameters: Argon2Parameters, done: (error: Error | null, key: Buffer) => void) =>
  argon2('argon2id', parameters, done),
);
const derive = (message: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> =>
  argon2id({ message, nonce, parallelism: 1, tagLength: 32, memory: 16 * 1024, passes: 8 });

/**
 * The plaintext of a SecureTar of version 2 or 3, from its first byte on. Throws `Unread`: `encrypted` without a key or
 * with another one, `broken` when it was altered or is cut off.
 */
export const openSecureTar = async function* (
  source: ByteReader,
  key: SecureTarKey | null,
): AsyncGenerator<Uint8Array> {
  if (key === null) throw new Unread('encrypted', 'It is encrypted; give the key of the backup to look inside.');
  const head = await source.take(ID_SIZE + 16);
  const version = head?.[9];
  if (head === null || (version !== 2 && version !== 3))
    throw new Unread('unreadable', 'It is encrypted in a version of SecureTar that is not known here.');
  const size = Number(Buffer.from(head).readBigUInt64BE(ID_SIZE));
  if (!Number.isSafeInteger(size)) throw cutOff();
  yield* version === 2 ? openV2(source, key, size) : openV3(source, key, size);
};

const openV2 = async function* (source: ByteReader, key: SecureTarKey, size: number): AsyncGenerator<Uint8Array> {
  const salt = await source.take(16);
  if (salt === null) throw cutOff();
  let left = size;
  for await (const chunk of checked(decryptCbc(source, key.aes(), salt))) {
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (part.length > 0) yield part;
  }
  if (left > 0) throw cutOff();
};

/**
 * The plaintext of a SecureTar of version 1, which has no mark of its own: `null` when the key is another, or it is
 * something else. Up to 16 bytes of padding stay at the end, which readers of tar and gzip pass over.
 */
export const openSecureTarV1 = async (source: ByteReader, key: SecureTarKey): Promise<Bytes | null> => {
  const head = await source.peek(16 + 512);
  if (head.length < 32) return null;
  const trial = cbc(key.aes(), head.subarray(0, 16)).update(head.subarray(16));
  if (!looksRight(trial)) return null;
  const salt = await source.take(16);
  return salt === null ? null : decryptCbc(source, key.aes(), salt);
};

const looksRight = (plain: Uint8Array): boolean =>
  (plain[0] === 0x1f && plain[1] === 0x8b && plain[2] === 8) || isTarHeader(plain.subarray(0, 512));

const checked = async function* (bytes: Bytes): AsyncGenerator<Uint8Array> {
  const reader = byteReader(bytes);
  const head = await reader.peek(512);
  if (head.length > 0 && !looksRight(head))
    throw new Unread('encrypted', 'It is encrypted with another key than the one given.');
  yield* reader.rest();
};

const decryptCbc = async function* (source: ByteReader, key: Uint8Array, salt: Uint8Array): AsyncGenerator<Uint8Array> {
  const cipher = cbc(key, salt);
  for await (const chunk of source.rest()) yield cipher.update(chunk);
};

const cbc = (key: Uint8Array, salt: Uint8Array): ReturnType<typeof createDecipheriv> =>
  createDecipheriv('aes-128-cbc', key, hundredTimes(Buffer.concat([key, salt]))).setAutoPadding(false);

const hundredTimes = (bytes: Uint8Array): Uint8Array => {
  let digest: Uint8Array = bytes;
  for (let round = 0; round < 100; round += 1) digest = createHash('sha256').update(digest).digest();
  return digest.subarray(0, 16);
};

const openV3 = async function* (source: ByteReader, key: SecureTarKey, size: number): AsyncGenerator<Uint8Array> {
  const head = await source.take(104);
  if (head === null) throw cutOff();
  const root = await key.root(head.subarray(0, 16));
  if (!timingSafeEqual(subkey(root, head.subarray(16, 32)), head.subarray(32, 64)))
    throw new Unread('encrypted', 'It is encrypted with another key than the one given.');
  const stream = openSecretStream(subkey(root, head.subarray(64, 80)), head.subarray(80, 104));
  let left = size;
  for (;;) {
    const message = await source.peek(Math.min(left, MESSAGE) + SECRETSTREAM_OVERHEAD);
    const taken = await source.take(message.length);
    const opened = taken === null ? null : stream.pull(taken);
    if (opened === null) throw cutOff();
    left -= opened.plain.length;
    if (opened.plain.length > 0) yield opened.plain;
    if (opened.final !== (left === 0)) throw cutOff();
    if (opened.final) return;
  }
};

const subkey = (root: Uint8Array, salt: Uint8Array): Uint8Array =>
  blake2b(new Uint8Array(), { key: root, salt, personalization: padded('SecureTarv3'), dkLen: 32 });

const padded = (name: string): Uint8Array => {
  const bytes = new Uint8Array(16);
  bytes.set(utf8(name));
  return bytes;
};

const cutOff = (): Unread =>
  new Unread('broken', 'This encrypted part was altered or is cut off; what stood before was read.');
