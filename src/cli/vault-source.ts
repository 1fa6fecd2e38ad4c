import { type JsonObject, type JsonValue, type Secret, isJsonObject, parseJson } from '#kernel';
import { cliError } from './errors.ts';
import type { Imported } from './import-sources.ts';
import { checkAddress } from './server-address.ts';

export type VaultPlace = {
  readonly address: string;
  readonly token: Secret;
  readonly mount: string;
  /** Below which to look; empty for all. */
  readonly path: string;
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
};

/** A store that names itself again and again ends here. */
const MOST = 20_000;
const DEEPEST = 32;
const LONGEST_ANSWER = 16_777_216;
const PATIENCE_MS = 30_000;

/** Everything below a path of a KV engine, version 1 or 2, told by how the mount answers. */
export const walkVault = async (place: VaultPlace): Promise<readonly Imported[]> => {
  const base = checkAddress(place.address);
  const mount = place.mount.replaceAll(/^\/+|\/+$/g, '');
  const start = place.path.replaceAll(/^\/+|\/+$/g, '');
  const isSecond = (await versionOf(base, place, mount)) === 2;
  const found: Imported[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    if (depth > DEEPEST) throw tooMuch();
    const listed = await ask(base, place, `${mount}${isSecond ? '/metadata' : ''}/${folder}?list=true`);
    for (const key of keysOf(listed)) {
      const path = `${folder}${key}`;
      if (key.endsWith('/')) await walk(path, depth + 1);
      else await take(path);
      if (found.length > MOST) throw tooMuch();
    }
  };
  const take = async (path: string): Promise<void> => {
    const answer = await ask(base, place, `${mount}${isSecond ? '/data' : ''}/${path}`);
    const data = field(answer, 'data');
    const value = isSecond ? field(data, 'data') : data;
    // Deleted versions answer 404 or an empty object.
    if (isJsonObject(value) && Object.keys(value).length > 0) found.push({ name: path, value });
  };
  if (start !== '') await take(start);
  await walk(start === '' ? '' : `${start}/`, 0);
  return found;
};

const versionOf = async (base: string, place: VaultPlace, mount: string): Promise<1 | 2> => {
  const answer = await ask(base, place, `sys/internal/ui/mounts/${mount}`);
  if (answer === null)
    throw cliError('stuck_data', `There is no engine mounted at ${mount}, or this token may not see it.`, {
      instead: 'Name its mount with --vault-mount.',
    });
  return field(field(field(answer, 'data'), 'options'), 'version') === '2' ? 2 : 1;
};

const keysOf = (answer: JsonValue | undefined): readonly string[] => {
  const keys = field(field(answer, 'data'), 'keys');
  return Array.isArray(keys)
    ? keys.filter((key): key is string => typeof key === 'string' && key !== '' && key !== '/')
    : [];
};

const field = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isJsonObject(value) && Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;

/** Null where nothing is. The token goes in a header, never in the address. */
const ask = async (
  base: string,
  { token, namespace, signal }: VaultPlace,
  target: string,
): Promise<JsonObject | null> => {
  const [path = '', query] = target.split('?');
  const url = `${base}/v1/${path.split('/').map(encodeURIComponent).join('/')}${query === undefined ? '' : `?${query}`}`;
  let response: Response;
  try {
    response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      headers: {
        'x-vault-token': token.revealText(),
        'x-vault-request': 'true',
        ...(namespace === undefined || namespace === '' ? {} : { 'x-vault-namespace': namespace }),
      },
    });
  } catch (error) {
    throw cliError('program_failed', `No Vault answers at ${base}.`, { instead: 'Check VAULT_ADDR.' }, error);
  }
  // 400: Chatelaine's own face, where a path too short to name a value is a mistake rather than absent.
  if (response.status === 404 || (response.status === 400 && target.includes('/data/'))) return null;
  if (response.status === 403)
    throw cliError('program_failed', `The token may not read ${path}.`, {
      instead: 'Use a token whose policy has read and list there.',
    });
  if (!response.ok)
    throw cliError('program_failed', `The Vault answered ${response.status} for ${path}.`, {
      instead: 'Is it unsealed?',
    });
  const text = await response.text();
  if (text.length > LONGEST_ANSWER) throw tooMuch();
  const answer = parseJson(text, { depth: 32, keys: 200_000 });
  return isJsonObject(answer) ? answer : null;
};

const tooMuch = () =>
  cliError('stuck_data', 'The engine holds more than can be taken in at once.', {
    instead: 'Import it in parts with --vault-path.',
  });
