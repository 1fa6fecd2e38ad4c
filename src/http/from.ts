import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { From } from '#identity';

/** The address of whoever comes through a socket of this machine. */
export const LOCAL = 'local';
/** Longest text of what a client calls itself. */
const LONGEST_AGENT = 120;
/** Most hops read; more are not believed. */
const MOST_HOPS = 20;

export type FromReader = (request: IncomingMessage, requestId: string) => From;

/**
 * Reads where requests come from. `X-Forwarded-For` is believed only as far as trusted proxies wrote it: hops are
 * walked from the right, and the first that is no trusted proxy is the client. What stands left of it is hearsay.
 *
 * @param trusted addresses or CIDR ranges; `local` trusts whoever connects through a socket of this machine
 */
export const openFrom = (trusted: readonly string[]): FromReader => {
  const isTrusted = trustOf(trusted);
  return ({ socket, headers }, requestId) => {
    const peer = socket.remoteAddress === undefined ? LOCAL : plainAddress(socket.remoteAddress);
    const forwarded = headers['x-forwarded-for'];
    return {
      address: forwarded === undefined || !isTrusted(peer) ? peer : clientBehind(peer, String(forwarded), isTrusted),
      agent: agentOf(headers['user-agent']),
      requestId,
    };
  };
};

const clientBehind = (peer: string, forwarded: string, isTrusted: (address: string) => boolean): string => {
  let nearest = peer;
  for (const hop of forwarded.split(',').slice(-MOST_HOPS).toReversed()) {
    const address = plainAddress(withoutPort(hop.trim()));
    if (isIP(address) === 0) return nearest;
    nearest = address;
    if (!isTrusted(address)) return address;
  }
  return nearest;
};

const trustOf = (trusted: readonly string[]): ((address: string) => boolean) => {
  const list = new BlockList();
  for (const range of trusted.filter((entry) => entry !== LOCAL)) {
    const [network = '', bits] = range.split('/');
    const family = isIP(network);
    if (family === 0) throw new TypeError(`"${range}" is neither an address nor a range of addresses.`);
    list.addSubnet(
      network,
      bits === undefined ? (family === 4 ? 32 : 128) : Number(bits),
      family === 4 ? 'ipv4' : 'ipv6',
    );
  }
  const local = trusted.includes(LOCAL);
  return (address) => (address === LOCAL ? local : list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'));
};

/** Without zone, and IPv4 where IPv6 only carries it (RFC 4291 section 2.5.5.2): one machine, one text. */
export const plainAddress = (text: string): string => {
  const address = text.split('%', 1)[0]!;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
};

/** Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`. */
const withoutPort = (hop: string): string =>
  /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop;

/** Shortened and printable, because it goes into the ledger and onto terminals. */
const agentOf = (header: string | undefined): string =>
  header === undefined ? '' : header.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').slice(0, LONGEST_AGENT);

/** True for the loopback interface and sockets of this machine. */
export const isLoopback = (address: string): boolean =>
  address === LOCAL || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);

/** Asked on this machine, by nobody's proxy: behind one that is not declared, everybody would be loopback. */
export const isHere = (address: string, headers: IncomingMessage['headers']): boolean =>
  isLoopback(address) && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined;
