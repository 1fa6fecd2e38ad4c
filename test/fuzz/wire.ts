import { type Socket, connect } from 'node:net';
import type { FuzzedRequest } from './requests.ts';

export type Answer = { readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly body: string };

/** Longest time for an answer; more is a request that hangs. */
const PATIENCE_MS = 10_000;

/** Bytes of a request; the body's length is right, whatever else is wrong. */
export const bytesOf = ({ method, target, headers, body }: FuzzedRequest, token: string): Buffer => {
  const content = Buffer.from(body);
  const own = headers.some(([name]) => /^(?:authorization|x-vault-token)$/i.test(name));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    ...(own ? [] : [`Authorization: Bearer ${token}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(content.length === 0 ? [] : [`Content-Length: ${content.length}`]),
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]);
};

/** One request over a connection of its own. Rejects when nothing comes back in time. */
export const exchange = (port: number, bytes: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('The request hangs.')));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', (error) => (chunks.length > 0 ? undefined : reject(error)));
    socket.on('close', () => resolve(parse(Buffer.concat(chunks).toString())));
    socket.write(bytes);
  });

const parse = (text: string): Answer => {
  // An interim answer (RFC 9110 section 15.2) comes before the real one.
  const whole = text.replace(/^HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n/, '');
  const cut = whole.indexOf('\r\n\r\n');
  const [first = '', ...lines] = whole.slice(0, Math.max(cut, 0)).split('\r\n');
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const rest = whole.slice(cut + 4);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0),
    headers,
    body: headers.get('transfer-encoding') === 'chunked' ? unchunk(rest) : rest,
  };
};

const unchunk = (text: string): string => {
  let out = '';
  for (let at = 0; ;) {
    const end = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, end), 16);
    if (!(size > 0)) return out;
    out += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
};
