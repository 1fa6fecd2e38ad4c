import { Secret } from '#kernel';
import { sealingError } from './errors.ts';

/** Who can open a backup: the identity lies in the kit, the recipient in the installation. */
export type AgeIdentity = { readonly identity: Secret; readonly recipient: string };

/**
 * An identity of age (C2SP age, age-encryption.org/v1), hybrid ML-KEM-768 and X25519: backups are kept for years and in
 * places we do not choose. age draws its own randomness from the platform.
 */
export const makeAgeIdentity = async (): Promise<AgeIdentity> => {
  const { generateHybridIdentity, identityToRecipient } = await import('age-encryption');
  const identity = await generateHybridIdentity();
  return { identity: Secret.fromText(identity), recipient: await identityToRecipient(identity) };
};

/** Encrypts a stream to one recipient; nothing here can decrypt it again. */
export const ageEncrypt = async (
  recipient: string,
  plain: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> => {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
};

/**
 * Decrypts a stream; what comes out was authenticated chunk by chunk, and a cut-off end is an error of the stream.
 * Errors: `sealing.wrong_key`, `sealing.damaged`.
 */
export const ageDecrypt = async (
  identity: Secret,
  sealed: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> => {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity.revealText().trim());
  } catch {
    // The library's message may repeat what was typed.
    throw sealingError('wrong_key', 'This is not an age identity: it begins with AGE-SECRET-KEY-.', {
      provider: 'age identity',
    });
  }
  let plain: ReadableStream<Uint8Array>;
  try {
    plain = await decrypter.decrypt(sealed);
  } catch (error) {
    if (error instanceof Error && /no identity matched/.test(error.message))
      throw sealingError('wrong_key', 'This age identity does not open the backup.', { provider: 'age identity' });
    throw damaged();
  }
  const reader = plain.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch {
        controller.error(damaged());
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
};

const damaged = () => sealingError('damaged', 'The backup was changed or cut off.', { what: 'backup' });
