import type { IncomingMessage } from 'node:http';
import type { From } from '#identity';
import { httpError } from './errors.ts';
import { openFrom } from './from.ts';
import { openHostGuard } from './guard.ts';
import type { HttpSettings } from './settings.ts';
import type { Traffic } from './traffic.ts';

/** Set on every answer. Nothing here is for a browser to keep, frame, guess the type of, or show to another page. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;
const WITH_TLS = { ...SECURITY_HEADERS, 'strict-transport-security': 'max-age=31536000; includeSubDomains' } as const;

/** What every request passes before a face sees it, whichever face that is. */
export type Gate = {
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly from: (request: IncomingMessage, id: string) => From;
  /** Errors: `http.draining`, after which the connection ends, and those of `openHostGuard`. */
  readonly check: (request: IncomingMessage) => void;
};

export const openGate = (settings: HttpSettings, traffic: Traffic): Gate => {
  const checkHost = openHostGuard(settings.hosts);
  return {
    headers: settings.tls === null ? SECURITY_HEADERS : WITH_TLS,
    from: openFrom(settings.trustedProxies),
    check(request) {
      if (traffic.isDraining()) throw httpError('draining', 'The program is stopping.');
      checkHost(request);
    },
  };
};
