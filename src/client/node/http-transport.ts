import * as http from 'node:http';
import { Duration } from '#kernel';
import { clientError } from '../errors.ts';
import type { Answered, Exchange, Transport } from '../transport.ts';

export type ServerPlace =
  | { readonly url: string; /** Certificate authority in PEM, where the system's do not do. */ readonly ca?: string }
  | { readonly socket: string };

export type HttpTransportOptions = {
  readonly place: ServerPlace;
  /** What the client calls itself in the ledger. */
  readonly agent: string;
  /** Longest silence of the server. */
  readonly patience?: Duration;
};

const PATIENCE = Duration.of(60, 's');
/** Longest answer taken, in bytes. */
const LARGEST = 64 * 1_048_576;

/**
 * Requests by node:http, all on one kept-alive connection: what was proven about a connection to a unix socket holds
 * for the next request as long as it lives.
 */
export const httpTransport = ({ place, agent: name, patience = PATIENCE }: HttpTransportOptions): Transport => {
  let line: Promise<Line> | undefined;
  const shown = 'url' in place ? place.url : place.socket;
  return {
    send: async (exchange) => send(exchange, { place, name, patience, shown, ...(await (line ??= openLine(place))) }),
    close: () => void line?.then(({ agent }) => agent.destroy()),
  };
};

type Line = { readonly agent: http.Agent; readonly start: typeof http.request };

/** TLS is loaded only by who needs it: a call over the socket of this machine is most of all calls. */
const openLine = async (place: ServerPlace): Promise<Line> => {
  const options = { keepAlive: true, maxSockets: 1, keepAliveMsecs: 10_000 };
  if (!('url' in place) || new URL(place.url).protocol !== 'https:')
    return { agent: new http.Agent(options), start: http.request };
  const https = await import('node:https');
  const ca = place.ca === undefined ? {} : { ca: place.ca };
  return { agent: new https.Agent({ ...options, ...ca }), start: https.request };
};

type Way = Line & {
  readonly place: ServerPlace;
  readonly name: string;
  readonly patience: Duration;
  readonly shown: string;
};

const send = ({ method, target, headers, body }: Exchange, way: Way): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { place, agent, start, name, patience, shown } = way;
    const bytes = body === null ? null : Buffer.from(body);
    const request = start({
      ...('url' in place ? addressOf(place.url) : { socketPath: place.socket }),
      agent,
      method,
      path: target,
      timeout: patience.ms,
      headers: {
        ...headers,
        host: 'url' in place ? new URL(place.url).host : 'localhost',
        'user-agent': name,
        ...(bytes === null ? {} : { 'content-length': String(bytes.length) }),
      },
    });
    request.on('timeout', () =>
      request.destroy(
        clientError('unreachable', `${shown} has been silent for ${patience.toString()}.`, { server: shown }),
      ),
    );
    request.on('error', (error) => reject(failureOf(error, shown)));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST) request.destroy(clientError('bad_answer', `The answer is longer than ${LARGEST} bytes.`));
        else chunks.push(chunk);
      });
      response.on('error', (error) => reject(failureOf(error, shown)));
      response.on('end', () => {
        const { statusCode: status = 0, headers: given } = response;
        resolve({ status, headers: singles(given), body: Buffer.concat(chunks) });
      });
    });
    request.end(bytes ?? undefined);
  });

const addressOf = (text: string) => {
  const { hostname, port } = new URL(text);
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), ...(port === '' ? {} : { port: Number(port) }) };
};

const singles = (headers: http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );

const failureOf = (error: Error & { code?: string }, server: string): Error => {
  if (error.name === 'ChatelaineError') return error;
  if (/CERT|SIGNATURE|ALTNAME/.test(error.code ?? ''))
    return clientError('untrusted', `The certificate of ${server} cannot be trusted.`, { server }, error);
  return clientError(
    'unreachable',
    `No server answers at ${server}.`,
    { server, why: error.code ?? 'no answer' },
    error,
  );
};
