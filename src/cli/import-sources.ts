import { basename, resolve } from 'node:path';
import { classifyLeaf } from '#catalogue';
import { MAX_FILE_BYTES, isReference, readFile as readFormat, surroundingsOf } from '#formats';
import { type JsonObject, Secret, isJsonObject, parseJson, utf8Text } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { readSecretFile } from './read-secret.ts';
import { environmentFor } from './start-command.ts';
import { runHelper } from './started.ts';
import { leafText, withoutLineEnd } from './value.ts';
import { walkVault } from './vault-source.ts';

/** A value under the name it had. `isPlain`: a setting, in a source that keeps settings and secrets side by side. */
export type Imported = { readonly name: string; readonly value: JsonObject; readonly isPlain?: boolean };

/**
 * `.env` as its readers understand it; a variable made of others is taken as it is written. Ports, addresses and the like
 * are told from secrets as adoption tells them; what stands in sops or a Vault was put there to be kept.
 */
export const readDotenv = async ({ directory }: Context, file: string): Promise<readonly Imported[]> => {
  const bytes = readSecretFile(directory, file, MAX_FILE_BYTES).reveal();
  const reading = readFormat({ path: '.env', bytes }, surroundingsOf([], null));
  const [problem] = reading.problems;
  if (problem !== undefined)
    throw cliError('stuck_data', `${file}${problem.line === null ? '' : `:${problem.line}`}: ${problem.message}`, {
      instead: 'Correct it, then import it again.',
    });
  const values = new Map<string, string>();
  for (const { keyPath, parts } of reading.leaves)
    values.set(keyPath[0]!, parts.map((part) => (isReference(part) ? part.written : part.revealText())).join(''));
  return [...values]
    .filter(([, text]) => text !== '')
    .map(([name, text]) => ({
      name,
      value: { value: text },
      isPlain: !classifyLeaf({ system: reading.system, file: '.env', keyPath: [name] }, text).secret,
    }));
};

/** What sops leaves in every file it encrypted; without it, `probe` gives null. */
const SOPS_MARK = /(?:^|\n)\s*"?sops"?\s*:|(?:^|\n)sops_(?:version|mac|lastmodified)\s*=|"sops"\s*:/;

export function readSops(context: Context, file: string): Promise<readonly Imported[]>;
export function readSops(context: Context, file: string, probe: true): Promise<readonly Imported[] | null>;
/** Decrypted by sops itself, through a pipe; nothing in clear touches the disk. */
export async function readSops(context: Context, file: string, probe = false): Promise<readonly Imported[] | null> {
  const path = resolve(context.directory, file);
  const bytes = readSecretFile(context.directory, file, MAX_FILE_BYTES).reveal();
  if (probe && !SOPS_MARK.test(new TextDecoder().decode(bytes))) return null;
  const isBinary = !/\.(?:ya?ml|json|env|ini)$/i.test(file);
  const args = isBinary ? ['--decrypt', path] : ['--decrypt', '--output-type', 'json', path];
  const result = await runHelper('sops', args, {
    cwd: context.directory,
    environment: environmentFor(context.environment, {}),
    signal: context.signal,
  }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'cli.command_not_found')
      throw cliError(
        'program_failed',
        `${file} is encrypted with sops, which is not installed.`,
        {
          instead:
            'Install sops, or decrypt the file where it is: sops exec-file FILE "chatelaine import --from dotenv {}"',
        },
        error,
      );
    throw error;
  });
  // What sops says may quote what it decrypted: only that it failed is repeated.
  if (result.exit !== 0)
    throw cliError('program_failed', `sops could not decrypt ${file} (exit code ${result.exit}).`, {
      instead: `Try it by itself: sops --decrypt ${file}`,
    });
  if (isBinary)
    return [{ name: basename(file).replace(/\.(?:sops|enc|age)$/, ''), value: { value: textOf(result.stdout) } }];
  const document = parseJson(textOf(result.stdout));
  if (!isJsonObject(document))
    throw cliError('stuck_data', `${file} is not a table of names and values.`, {
      instead: 'Import it as one value: chatelaine set NAME --file FILE.',
    });
  return named(document);
}

const textOf = (bytes: Uint8Array): string => {
  try {
    return utf8Text(bytes);
  } catch {
    throw cliError('not_text', 'What was decrypted is not text in UTF-8.');
  }
};

/** Tables become folders; a table of plain leaves only is one credential with several fields. */
const named = (table: JsonObject, prefix = ''): readonly Imported[] =>
  Object.entries(table).flatMap(([key, item]): readonly Imported[] => {
    const name = `${prefix}${key}`;
    const text = item === null ? undefined : leafText(item);
    if (text !== undefined) return text === '' ? [] : [{ name, value: { value: text } }];
    if (!isJsonObject(item)) return item === null ? [] : [{ name, value: { value: JSON.stringify(item) } }];
    const isFlat = prefix !== '' && Object.values(item).every((leaf) => leaf !== null && leafText(leaf) !== undefined);
    return isFlat ? [{ name, value: item }] : named(item, `${name}/`);
  });

type VaultWish = { readonly mount: string; readonly path: string; readonly tokenFile: string | undefined };

export const readVault = async (
  context: Context,
  { mount, path, tokenFile }: VaultWish,
): Promise<readonly Imported[]> => {
  const address = context.environment['VAULT_ADDR'];
  if (address === undefined || address === '')
    throw cliError('wrong_use', 'VAULT_ADDR is not set: the address of the Vault.', { command: 'import' });
  const given =
    tokenFile === undefined
      ? await context.terminal.askSecret(`Token for ${address}:`, 'Name a file with --token-file.')
      : readSecretFile(context.directory, tokenFile, 4_096);
  const token = Secret.fromText(withoutLineEnd(given.revealText()).trim());
  return walkVault({
    address,
    token,
    mount,
    path,
    namespace: context.environment['VAULT_NAMESPACE'],
    signal: context.signal,
  });
};
