import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '#kernel/node';
import { serverError } from '../errors.ts';

/**
 * Writes a stream to a file of mode 0600 that appears whole or not at all, and is durable once this returns (rename(2)
 * is atomic; POSIX wants the folder synced too). Gives its size in bytes. Errors: `server.file_exists`.
 */
export const writeWhole = async (file: string, stream: AsyncIterable<Uint8Array>): Promise<number> => {
  makeFolder(dirname(file));
  if (await exists(file)) throw serverError('file_exists', `${file} is there already.`, { place: file });
  const draft = `${file}.partial`;
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      await handle.writeFile(chunk);
      bytes += chunk.length;
    }
    await handle.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  if (process.platform === 'win32') return bytes;
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return bytes;
};

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
