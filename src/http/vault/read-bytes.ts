import type { IncomingMessage } from 'node:http';
import { httpError } from '../errors.ts';

/**
 * The bytes of a body, at most `limit` of them; none when there is no body. Node's parser has read its length or its
 * chunks already (RFC 9112 section 6); what it announces to be too large is refused before it is sent.
 * Errors: `http.too_large`, after which the connection ends, and `http.malformed` for one that breaks off.
 */
export const readBytes = (request: IncomingMessage, limit: number): Promise<Uint8Array> | Uint8Array => {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return NOTHING;
  if (Number(length) > limit) throw tooLarge(limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (finish: () => void): void => {
      request.removeAllListeners('data').off('end', whole).off('error', broken);
      finish();
    };
    const whole = (): void => end(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    const broken = (): void => end(() => reject(httpError('malformed', 'The request broke off.')));
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) end(() => reject(tooLarge(limit)));
      else chunks.push(chunk);
    });
    request.on('end', whole).on('error', broken);
  });
};

const NOTHING = new Uint8Array();

const tooLarge = (limit: number) => httpError('too_large', 'The request is too large.', { limit });
