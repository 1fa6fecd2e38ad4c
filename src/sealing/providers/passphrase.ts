import { argon2 } from 'node:crypto';
import { promisify } from 'node:util';
import { type JsonObject, type Random, Secret, fromBase64, toBase64 } from '#kernel';
import { sealingError } from '../errors.ts';
import type { SealProvider } from './provider.ts';

/** Shortest passphrase, in characters. Length, not composition, is what counts (NIST SP 800-63B, 5.1.1.2). */
const LEAST_CHARACTERS = 12;
/** RFC 9106, section 4, second recommended option: 64 MiB, 3 passes; about 250 ms on one core. */
const COST = { memory: 65_536, passes: 3, parallelism: 1 } as const;
/** Stored parameters beyond this are refused: whoever can write the database must not be able to exhaust memory. */
const MOST = { memory: 1_048_576, passes: 16, parallelism: 4 } as const;

const argon2Async = promisify(argon2);

/** The root key under a passphrase, by Argon2id (RFC 9106). */
export const passphraseProvider = (passphrase: Secret): SealProvider => ({
  id: 'passphrase',
  unattended: false,
  async create(random: Random) {
    if (passphrase.revealText().length < LEAST_CHARACTERS)
      throw sealingError('weak_passphrase', 'The passphrase is too short.', { least: LEAST_CHARACTERS });
    const parameters = { salt: toBase64(random.bytes(16)), ...COST };
    return { parameters, key: await derive(passphrase, parameters) };
  },
  obtain: (parameters) => derive(passphrase, parameters),
});

const derive = async (passphrase: Secret, parameters: JsonObject): Promise<Secret> => {
  const key = await argon2Async('argon2id', {
    message: Buffer.from(passphrase.revealText().normalize('NFKC')),
    nonce: Buffer.from(saltOf(parameters)),
    memory: bounded(parameters, 'memory'),
    passes: bounded(parameters, 'passes'),
    parallelism: bounded(parameters, 'parallelism'),
    tagLength: 32,
  });
  return Secret.fromBytes(key);
};

const saltOf = ({ salt }: JsonObject): Uint8Array => {
  if (typeof salt !== 'string')
    throw sealingError('damaged', 'The parameters of the passphrase were changed.', { what: 'passphrase parameters' });
  return fromBase64(salt);
};

const bounded = (parameters: JsonObject, name: keyof typeof MOST): number => {
  const value = parameters[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MOST[name])
    throw sealingError('damaged', 'The parameters of the passphrase were changed.', { what: 'passphrase parameters' });
  return value;
};
