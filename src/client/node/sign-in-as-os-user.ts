import { open, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Secret } from '#kernel';
import type { Client } from '../client.ts';
import { clientError } from '../errors.ts';

export type SignedIn = {
  readonly identity: string;
  readonly name: string;
  /** For use on other connections; null when it was not asked for. */
  readonly session: { readonly token: Secret; readonly accessor: string; readonly expiresAt: string | null } | null;
};

export type SignInAsOsUser = {
  /** The socket that the client is connected to. */
  readonly socket: string;
  /** Also asks for a token for use on other connections. */
  readonly session: boolean;
};

/**
 * Shows the server which user of this machine is calling: creates the empty file it names, which only that user can.
 * The connection is this user's from then on; the client must keep to one connection, as `httpTransport` does.
 * Errors: `client.wrong_doorstep`, and what the server refuses with.
 */
export const signInAsOsUser = async (client: Client, wish: SignInAsOsUser): Promise<SignedIn> => {
  const challenge = await client.call('sign-in.os-challenge', { body: {} });
  const { nonce } = challenge;
  const file = await besideSocket(wish.socket, challenge);
  // Exclusively: a file or link that somebody put there first is not ours.
  await (await open(file, 'wx', 0o600)).close();
  try {
    const { identity, name, session } = await client.call('sign-in.os', { body: { nonce, session: wish.session } });
    return {
      identity,
      name,
      session:
        session === null
          ? null
          : { token: Secret.fromText(session.token), accessor: session.accessor, expiresAt: session.expiresAt },
    };
  } finally {
    await rm(file, { force: true });
  }
};

/** The folder for sign-in; the same in `server/plan.ts`. */
const DOORSTEP = 'sign-in';

/**
 * Whoever answers at a socket could have any file made and removed under this user's name; so he may only in the folder
 * beside that socket. Links on the way to the socket are followed, none below it.
 */
const besideSocket = async (socket: string, { nonce, file }: { nonce: string; file: string }): Promise<string> => {
  const folderOf = (place: string) => realpath(dirname(place)).catch(() => null);
  const [beside, folder] = [await folderOf(socket), await folderOf(file)];
  if (beside === null || folder !== join(beside, DOORSTEP) || basename(file) !== nonce || !/^[0-9a-f]{48}$/.test(nonce))
    throw clientError('wrong_doorstep', 'The server asks for a file that does not lie beside its socket.', { socket });
  return join(folder, nonce);
};
