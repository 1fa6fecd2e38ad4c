import type { Duration } from '#kernel';

/** What an operator decides about the faces. Made from the configuration by the server. */
export type HttpSettings = {
  /** Names a request may ask for in its Host header, besides loopback addresses; guards against DNS rebinding. */
  readonly hosts: readonly string[];
  /** Proxies whose X-Forwarded-For is believed, as addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[];
  /** Largest request body in bytes. */
  readonly bodyLimit: number;
  /** A folder for whoever comes through the socket to show which user of this machine he is; see `control/os-peer.ts`. */
  readonly doorstep?: string;
  /** Longest time for a request to arrive whole. */
  readonly requestTimeout: Duration;
  /** Open connections beyond which new ones are closed at once. */
  readonly maxConnections: number;
  /** Requests that one kept-alive connection may carry. */
  readonly maxRequestsPerConnection: number;
  /** TLS certificate and key in PEM; plain HTTP when null. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
};
