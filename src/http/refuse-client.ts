import type { Socket } from 'node:net';

/** What `clientError` is emitted with. */
export type ParseError = Error & { code?: string; bytesParsed?: number; rawPacket?: Buffer };

/** What Node does when nobody listens for `clientError`. */
export const refuseClient = ({ code }: ParseError, plain: Socket): void => {
  const socket = plain as Socket & { _httpMessage?: { _headerSent: boolean } };
  if (socket.writable && socket._httpMessage?._headerSent !== true)
    socket.write(`HTTP/1.1 ${STATUS[code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
  socket.destroy();
};

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
