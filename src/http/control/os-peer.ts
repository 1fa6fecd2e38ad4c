import { lstat, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type Clock, Duration, type Random, toHex } from '#kernel';
import { makeFolder } from '#kernel/node';
import { controlError } from './errors.ts';

/** How long a challenge waits. */
const PATIENCE = Duration.of(1, 'm');

/**
 * Finds out which user of the operating system is at the other end of a unix socket. Node has no SO_PEERCRED, so the
 * peer shows it as in HTCondor's FS authentication: it creates a file whose unguessable name only this connection was
 * told, in a folder that only the program's own user (and root) can write to; the file's owner is the peer's user.
 * See docs/decisions/008-peer-check.md.
 */
export type OsPeers = {
  /** A file for the peer of this connection to create. Errors: `control.not_local`, `control.no_doorstep`. */
  challenge(socket: Socket): Promise<{ readonly nonce: string; readonly file: string }>;
  /** The user who created the file; null when nobody did, too late, or not as asked. A challenge is good for one try. */
  prove(socket: Socket, nonce: string): Promise<number | null>;
};

type Challenge = { readonly nonce: string; readonly file: string; readonly until: number };

export const openOsPeers = (folder: string | null, clock: Pick<Clock, 'monotonic'>, random: Random): OsPeers => {
  /** Owned by this room; one open challenge per connection. */
  const open = new WeakMap<Socket, Challenge>();
  return {
    async challenge(socket) {
      const doorstep = requireDoorstep(folder, socket);
      await prepare(doorstep);
      const nonce = toHex(random.bytes(24));
      const file = join(doorstep, nonce);
      open.set(socket, { nonce, file, until: clock.monotonic() + PATIENCE.ms });
      return { nonce, file };
    },
    async prove(socket, nonce) {
      requireDoorstep(folder, socket);
      const challenge = open.get(socket);
      open.delete(socket);
      if (challenge === undefined || challenge.nonce !== nonce || clock.monotonic() > challenge.until) return null;
      return ownerOf(challenge.file);
    },
  };
};

/** A link, a folder, a second name of somebody's file, or anything with content was not made for us. */
const ownerOf = async (file: string): Promise<number | null> => {
  try {
    const stats = await lstat(file);
    return stats.isFile() && stats.nlink === 1 && stats.size === 0 ? stats.uid : null;
  } catch {
    return null;
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
};

const prepare = async (folder: string): Promise<void> => {
  makeFolder(folder);
  const stats = await lstat(folder);
  const own = process.getuid?.() === stats.uid;
  if (!stats.isDirectory() || !own || (stats.mode & 0o077) !== 0)
    throw controlError('no_doorstep', 'The folder in which callers show who they are is open to others.', { folder });
};

const requireDoorstep = (folder: string | null, socket: Socket): string => {
  if (
    folder === null ||
    socket.remoteAddress !== undefined ||
    socket.localAddress !== undefined ||
    process.getuid === undefined
  )
    throw controlError('not_local', 'This connection does not come through the socket of this machine.');
  return folder;
};
