import { hasCode } from '#kernel';
import type { Context } from './context.ts';
import { serverAddress } from './server-address.ts';
import type { Server } from './session.ts';

/**
 * What a server does while it runs, and what is done on its folder while none does. Only for the server of this
 * machine: a far one that does not answer is not a folder here.
 */
export const onlineOrNot = async <T>(
  context: Context,
  online: (server: Server) => Promise<T>,
  offline: () => Promise<T>,
): Promise<T> => {
  let server: Server;
  try {
    server = await context.server();
  } catch (error) {
    const isLocal = 'socket' in serverAddress(context).place;
    if (isLocal && (hasCode(error, 'cli.no_server') || hasCode(error, 'client.unreachable'))) return offline();
    throw error;
  }
  return online(server);
};
