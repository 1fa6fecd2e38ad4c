import { clientError } from './errors.ts';
import type { Transport } from './transport.ts';

/** Requests by `fetch`, for browsers; nothing is kept, redirects are not followed. */
export const fetchTransport = (server: string, fetcher: typeof fetch = fetch): Transport => ({
  async send({ method, target, headers, body }) {
    let response: Response;
    try {
      response = await fetcher(new URL(target, server), {
        method,
        headers,
        body,
        redirect: 'error',
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      });
    } catch (error) {
      throw clientError('unreachable', 'No server answers.', { server }, error);
    }
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  },
  close() {},
});
