import { open, rm } from 'node:fs/promises';
import { Secret } from '#kernel';
import type { Client } from '../client.ts';

export type SignedIn = {
  readonly identity: string;
  readonly name: string;
  /** For use on other connections; null when it was not asked for. */
  readonly session: { readonly token: Secret; readonly accessor: string; readonly expiresAt: string | null } | null;
};

/**
 * Shows the server which user of this machine is calling: creates the empty file it names, which only that user can.
 * The connection is this user's from then on; the client must keep to one connection, as `httpTransport` does.
 */
export const signInAsOsUser = async (client: Client, wish: { readonly session: boolean }): Promise<SignedIn> => {
  const { nonce, file } = await client.call('sign-in.os-challenge', { body: {} });
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
