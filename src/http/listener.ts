import { type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { HttpSettings } from './settings.ts';
import { acceptListVerb } from './list-verb.ts';

/** Largest head of a request in bytes. */
const LARGEST_HEAD = 16_384;
/** Longest time for the head alone: nobody honest needs it, and slow ones hold connections. */
const HEAD_MS = 10_000;
/** How long an idle connection is kept: longer than the pools of usual clients and proxies (60 s) keep theirs. */
const IDLE_MS = 75_000;
/** A peer that neither sends nor takes for so long is gone. */
const SILENT_MS = 120_000;
/** How often slow requests are looked for. */
const LOOK_MS = 1_000;

/**
 * A server for one address or socket, with every limit on it. The parser is Node's strict one: what could be read in
 * two ways (both lengths, bare CR, folded headers) is refused with 400 and the connection closed (RFC 9112 section 11.2).
 *
 * @param plain no TLS even when there is a certificate; for sockets of this machine
 */
export const createListener = (serve: RequestListener, settings: HttpSettings, plain: boolean): Server => {
  const requestTimeout = settings.requestTimeout.ms;
  const options = {
    insecureHTTPParser: false,
    requireHostHeader: true,
    maxHeaderSize: LARGEST_HEAD,
    headersTimeout: Math.min(HEAD_MS, requestTimeout),
    requestTimeout,
    keepAliveTimeout: IDLE_MS,
    connectionsCheckingInterval: Math.min(LOOK_MS, requestTimeout),
  };
  const { tls } = settings;
  const server =
    tls === null || plain
      ? createServer(options, serve)
      : createSecureServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: HEAD_MS }, serve);
  server.maxConnections = settings.maxConnections;
  server.maxRequestsPerSocket = settings.maxRequestsPerConnection;
  server.timeout = SILENT_MS;
  acceptListVerb(server);
  return server;
};
