import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ServerPlace } from '#client/node';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A server to talk to; `name` is what people and our memory call it. */
export type ServerAddress = { readonly name: string; readonly place: ServerPlace; readonly isRemembered: boolean };

const SOCKET = 'chatelaine.sock';

/** Where the server keeps its data on this machine unless told otherwise; the same as `defaultPlaces` of #server. */
export const defaultDataFolder = (environment: Environment, platform: NodeJS.Platform = process.platform): string => {
  const home = homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Chatelaine', 'data');
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Chatelaine', 'data');
  return join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'chatelaine');
};

/**
 * The server meant: `--server`, `--data`, CHATELAINE_ADDR, the one signed in to, and else the one of this user on this
 * machine, over its socket.
 */
export const serverAddress = ({
  where,
  environment,
  memory,
}: Pick<Context, 'where' | 'environment' | 'memory'>): ServerAddress => {
  const named = where.server ?? (where.data === undefined ? environment['CHATELAINE_ADDR'] || undefined : undefined);
  if (named !== undefined)
    return named.startsWith('unix:') ? socketAt(named.slice('unix:'.length)) : urlAt(named, memory.read());
  if (where.data !== undefined) return socketAt(join(where.data, SOCKET));
  const remembered = memory.read();
  if (remembered.server !== null) return urlAt(remembered.server, remembered);
  return socketAt(
    environment['CHATELAINE_SOCKET'] || join(environment['CHATELAINE_DATA'] || defaultDataFolder(environment), SOCKET),
  );
};

const socketAt = (socket: string): ServerAddress => ({ name: socket, place: { socket }, isRemembered: false });

const urlAt = (
  text: string,
  remembered: { readonly server: string | null; readonly ca: string | null },
): ServerAddress => {
  const url = checkAddress(text);
  const isRemembered = url === remembered.server;
  return {
    name: url,
    isRemembered,
    place: { url, ...(isRemembered && remembered.ca !== null ? { ca: remembered.ca } : {}) },
  };
};

/** `https://host[:port]`, or plain HTTP to this machine; without a path. Tokens and values go there. */
export const checkAddress = (text: string): string => {
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    throw cliError('wrong_use', 'That is not the address of a server: write https://host:port.', { command: 'login' });
  }
  if (url.username !== '' || url.password !== '')
    throw cliError('secret_in_arguments', 'A password must not stand in an address.', { command: 'login' });
  if ((url.pathname !== '/' && url.pathname !== '') || url.search !== '' || url.hash !== '')
    throw cliError('wrong_use', 'The address of a server has no path: write https://host:port.', { command: 'login' });
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))
    throw cliError('insecure_address', 'Values would go to that address in clear.');
  return url.origin;
};
