import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret, fromHex } from '#kernel';
import { sealingError } from '../errors.ts';
import type { SealProvider } from './provider.ts';

/** Name of the credential in the unit file: `LoadCredentialEncrypted=chatelaine-root-key:…`. */
export const CREDENTIAL_NAME = 'chatelaine-root-key';

/**
 * The root key under a credential of systemd (systemd.exec(5), CREDENTIALS): 64 hexadecimal digits, which
 * `systemd-creds encrypt` binds to this machine's TPM, its host key, or both.
 *
 * @param folder what systemd gives as $CREDENTIALS_DIRECTORY
 */
export const systemdCredentialProvider = (folder: string): SealProvider => {
  const place = join(folder, CREDENTIAL_NAME);
  const obtain = async (): Promise<Secret> => {
    const text = await readFile(place, 'utf8').catch(() => {
      throw sealingError('key_missing', `systemd gave no credential ${CREDENTIAL_NAME}.`, { place });
    });
    if (!/^[0-9a-f]{64}$/i.test(text.trim()))
      throw sealingError('wrong_key', `The credential ${CREDENTIAL_NAME} does not hold 64 hexadecimal digits.`, {
        provider: 'systemd credential',
      });
    return Secret.fromBytes(fromHex(text.trim()));
  };
  return {
    id: 'systemd-credential',
    unattended: true,
    // systemd holds the credential already; creating means using it for the first time.
    create: async () => ({ parameters: {}, key: await obtain() }),
    obtain,
  };
};
