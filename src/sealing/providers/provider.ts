import type { JsonObject, Random, Secret } from '#kernel';

/**
 * Whatever guards the root key: a file, a passphrase, a credential of systemd, later shares, a PKCS#11 token or a TPM.
 * A provider gives a key-encryption key of 32 bytes; the root key lies in the database wrapped under it.
 */
export type SealProvider = {
  /** Stored with the wrapped root key. */
  readonly id: string;
  /** True when it can unlock at start with nobody there. */
  readonly unattended: boolean;
  /** Makes a fresh key, and what must be remembered to obtain it again. `parameters` is stored in clear. */
  create(random: Random): Promise<{ readonly parameters: JsonObject; readonly key: Secret }>;
  /** Obtains the key again. Errors: `sealing.key_missing`, `sealing.key_unsafe`. */
  obtain(parameters: JsonObject): Promise<Secret>;
  /** What a person should know, for example that a mounted secret is readable by others. */
  warnings?(): readonly string[];
};
