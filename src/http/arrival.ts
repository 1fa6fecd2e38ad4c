import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Caller, From } from '#identity';
import { type Random, toHex } from '#kernel';

/** A request as it arrived, before anybody looked who asks. Fastify's requests are such, too. */
export type Arrival = {
  /** A random UUID, which the answer, the ledger and the log name. */
  readonly id: string;
  /** Where it comes from, as far as that can be believed. */
  readonly from: From;
  readonly raw: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
  /** The answer of `callerOf`, once it was asked. */
  proof: Promise<Caller> | null;
};

/** A random UUID (RFC 9562 version 4), as Vault's clients expect. */
export const requestId = (random: Random): string => {
  const bytes = random.bytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
