export { type Client, type ClientOptions, type ItemOf, type PagedId, openClient } from './client.ts';
export { clientError } from './errors.ts';
export { fetchTransport } from './fetch-transport.ts';
export type { Answered, Exchange, Transport } from './transport.ts';
