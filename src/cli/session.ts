import { existsSync } from 'node:fs';
import { type Client, openClient } from '#client';
import { httpTransport, signInAsOsUser } from '#client/node';
import { Secret, hasCode } from '#kernel';
import type { Context } from './context.ts';
import { cliError } from './errors.ts';
import { readSecretFile } from './read-secret.ts';
import { type ServerAddress, serverAddress } from './server-address.ts';
import { withoutLineEnd } from './value.ts';

/** A server that answers, to which this person is known. */
export type Server = Pick<Client, 'call' | 'items'> & {
  readonly address: ServerAddress;
  close(): void;
};

/** What we call ourselves in the ledger. */
const AGENT = 'chatelaine-cli';
const LONGEST_TOKEN = 512;

/** Connects without proving anything. */
export const connect = (address: ServerAddress, token?: () => Secret | undefined): Client =>
  openClient({
    transport: httpTransport({ place: address.place, agent: AGENT }),
    ...(token === undefined ? {} : { token }),
  });

/**
 * Connects as this person: over the local socket as the user of the operating system, elsewhere with the token of the
 * saved login or of CHATELAINE_TOKEN_FILE. A token goes to no server but its own.
 */
export const openServer = async (context: Pick<Context, 'where' | 'environment' | 'memory'>): Promise<Server> => {
  const address = serverAddress(context);
  const token = readToken(context, address);
  if ('socket' in address.place && !existsSync(address.place.socket)) throw noServer(address);
  if ('url' in address.place && token === undefined)
    throw cliError('not_signed_in', `You are not signed in to ${address.name}.`, { server: address.name });
  const client = connect(address, () => token);
  const isLocal = 'socket' in address.place && token === undefined;
  if (isLocal) await signIn(client, address);
  return {
    address,
    items: (...input) => client.items(...input),
    call: isLocal ? withSignIn(client, address) : (...input) => client.call(...input),
    close: () => client.close(),
  };
};

const noServer = (address: ServerAddress) =>
  cliError('no_server', `No server runs here: there is no socket at ${address.name}.`);

const signIn = async (client: Client, address: ServerAddress): Promise<void> => {
  const { place } = address;
  if (!('socket' in place)) throw noServer(address);
  try {
    await signInAsOsUser(client, { socket: place.socket, session: false });
  } catch (error) {
    if (hasCode(error, 'client.unreachable')) throw noServer(address);
    if (hasCode(error, 'identity.unauthenticated'))
      throw cliError('os_sign_in_refused', 'The server does not know the user you run as.', {}, error);
    throw error;
  }
};

/** The proof belongs to a connection, and a connection may end while somebody types: then it is given again, once. */
const withSignIn = (client: Client, address: ServerAddress): Client['call'] => {
  const call = async (...input: Parameters<Client['call']>): Promise<unknown> => {
    try {
      return await client.call(...input);
    } catch (error) {
      if (!hasCode(error, 'identity.unauthenticated')) throw error;
      await signIn(client, address);
      return client.call(...input);
    }
  };
  return call as Client['call'];
};

const readToken = (
  { environment, memory }: Pick<Context, 'environment' | 'memory'>,
  { isRemembered }: ServerAddress,
): Secret | undefined => {
  const named = environment['CHATELAINE_TOKEN_FILE'] || undefined;
  const file = named ?? (isRemembered && existsSync(memory.tokenFile) ? memory.tokenFile : undefined);
  if (file === undefined) return undefined;
  return Secret.fromText(withoutLineEnd(readSecretFile('/', file, LONGEST_TOKEN).revealText()).trim());
};
