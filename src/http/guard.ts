import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { httpError } from './errors.ts';
import { plainAddress } from './from.ts';

export type Guard = (request: IncomingMessage) => void;

/**
 * Refuses requests for a name that is not ours. A page whose name was re-bound to this machine's address (DNS
 * rebinding) still asks for its own name; an address in `Host` cannot be re-bound, so the one that was connected to is
 * taken. Errors: `http.wrong_host`, `http.bad_target`, `http.malformed`.
 */
export const openHostGuard = (hosts: readonly string[]): Guard => {
  const names = new Set(['localhost', ...hosts.map((host) => host.toLowerCase())]);
  /** Header texts that were let in on a loopback or own address or by name; the same few come again and again. */
  const seen = new Set<string>();
  return (request) => {
    const { socket, url } = request;
    // RFC 9112 section 3.2: only proxies are asked in absolute form, and we are none.
    if (!url?.startsWith('/')) throw httpError('bad_target', 'The request’s target is not a path.');
    if (socket.remoteAddress === undefined) return;
    const header = request.headers.host ?? '';
    if (seen.has(header) && !repeatsHost(request)) return;
    if (repeatsHost(request)) throw httpError('malformed', 'The request names two hosts.');
    const host = nameOf(header);
    if (names.has(host) || isOwnLoopback(host)) {
      if (seen.size < MOST_SEEN) seen.add(header);
      return;
    }
    if (isIP(host) !== 0 && host === plainAddress(socket.localAddress ?? '')) return;
    throw httpError('wrong_host', `This server does not answer for "${printable(host)}".`, { host: printable(host) });
  };
};

const MOST_SEEN = 100;

const repeatsHost = ({ rawHeaders }: IncomingMessage): boolean => {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]!.length === 4 && rawHeaders[i]!.toLowerCase() === 'host' && ++count > 1) return true;
  return false;
};

/** The name in a Host header, without port, brackets and a final dot. */
const nameOf = (header: string): string => {
  const name =
    /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(header)?.[1] ?? /^([^:]*)(?::\d{1,5})?$/.exec(header)?.[1] ?? '';
  return name.toLowerCase().replace(/\.$/, '');
};

const isOwnLoopback = (host: string): boolean => host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

const printable = (text: string): string => text.slice(0, 80).replaceAll(/[^\w.:-]/g, '?');

/** True when a browser says that it was made to ask by anything but a page of this server (Fetch, section 3.2). */
export const isForeignOrigin = ({ headers }: IncomingMessage): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  try {
    return new URL(origin).host !== headers.host;
  } catch {
    return true;
  }
};

/** True when a browser asks at all; other clients send none of these. */
export const isBrowser = ({ headers }: IncomingMessage): boolean =>
  headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
