import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Mac } from '../ports.ts';
import type { Secret } from '../secret.ts';

/** HMAC-SHA-256 (RFC 2104) under a key of 32 bytes. */
export const hmac = (key: Secret): Mac => {
  if (key.size !== 32) throw new RangeError(`An HMAC key must have 32 bytes; this one has ${key.size}.`);
  const tag = (message: Uint8Array): Uint8Array => createHmac('sha256', key.reveal()).update(message).digest();
  return {
    tag,
    verify: (message, expected) => expected.length === 32 && timingSafeEqual(tag(message), expected),
  };
};
