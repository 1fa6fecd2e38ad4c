import { access, chmod, constants, lstat, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { type JsonObject, type Random, Secret, fromHex, toHex } from '#kernel';
import { makeFolder } from '#kernel/node';
import { sealingError } from '../errors.ts';
import type { SealProvider } from './provider.ts';

/** Bits of a mode that let anyone but the owner in. */
const OTHERS = 0o077;

export type KeyFileOptions = {
  readonly file: string;
  /** The key must not lie in here: a copied data folder must not carry its own key. */
  readonly dataFolder: string;
};

/**
 * The root key under a key in a file of its own: 64 hexadecimal digits, mode 0600. A read-only mount that others may
 * read, such as a container's secret, is accepted with a warning.
 */
export const keyFileProvider = ({ file, dataFolder }: KeyFileOptions): SealProvider => {
  const warnings: string[] = [];
  return {
    id: 'key-file',
    unattended: true,
    async create(random: Random) {
      refuseInside(file, dataFolder);
      const existing = await readKey(file, warnings).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      const key = existing ?? (await writeKey(file, random));
      return { parameters: {}, key };
    },
    async obtain(_parameters: JsonObject) {
      refuseInside(file, dataFolder);
      try {
        return await readKey(file, warnings);
      } catch (error) {
        if (isMissing(error)) throw sealingError('key_missing', `The key file ${file} is not there.`, { place: file });
        throw error;
      }
    },
    warnings: () => warnings,
  };
};

const readKey = async (file: string, warnings: string[]): Promise<Secret> => {
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    if (await isWritable(file))
      throw sealingError('key_unsafe', `Others may read the key file ${file} (mode ${(mode & 0o777).toString(8)}).`, {
        place: file,
      });
    warnings.push(
      `The key file ${file} is a read-only mount that others may read (mode ${(mode & 0o777).toString(8)}).`,
    );
  }
  const text = (await readFile(file, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw sealingError('wrong_key', `The key file ${file} does not hold 64 hexadecimal digits.`, {
      provider: 'key file',
    });
  return Secret.fromBytes(fromHex(text));
};

/** Written beside its place and renamed, so that a kill leaves the whole key or none. */
const writeKey = async (file: string, random: Random): Promise<Secret> => {
  makeFolder(dirname(file));
  const key = Secret.fromBytes(random.bytes(32));
  const draft = `${file}.${toHex(random.bytes(4))}.new`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${toHex(key.reveal())}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(draft, 0o600);
  await rename(draft, file);
  await syncFolder(dirname(file));
  return key;
};

/** A rename is durable only when its folder is (POSIX leaves it to the folder's own fsync). */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const refuseInside = (file: string, dataFolder: string): void => {
  if (`${resolve(file)}${sep}`.startsWith(`${resolve(dataFolder)}${sep}`))
    throw sealingError(
      'key_inside',
      `The key file ${file} lies inside the data folder: a copy would carry its own key.`,
      {
        place: file,
      },
    );
};

const isWritable = async (file: string): Promise<boolean> => {
  // Root may write whatever the mode says, but not what is mounted read-only.
  const { uid } = await lstat(file);
  if (uid !== process.getuid?.() && process.getuid?.() !== 0) return false;
  return access(file, constants.W_OK).then(
    () => true,
    () => false,
  );
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
