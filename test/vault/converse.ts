import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

/** How long a conversation may be silent before it counts as over. */
const SILENCE_MS = 3_000;

/** Sends bytes over one connection and gives back every byte that came, until the server closes or falls silent. */
export const converse = async (
  to: number | string,
  packets: readonly (string | Buffer)[],
  pauseMs = 0,
): Promise<string> => {
  const socket = open(to);
  const heard = listenTo(socket);
  for (const packet of packets) {
    if (socket.writable) socket.write(typeof packet === 'string' ? Buffer.from(packet, 'latin1') : packet);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await heard.over;
  return heard.text();
};

const open = (to: number | string): Socket =>
  (typeof to === 'number' ? connect(to, '127.0.0.1') : connect(to)).on('error', () => {});

const listenTo = (socket: Socket) => {
  const chunks: Buffer[] = [];
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  return { over: once(socket, 'close'), text: () => Buffer.concat(chunks).toString('utf8') };
};

export type Answered = { readonly status: number; readonly headers: string; readonly body: string };

/** One request over a connection of its own. */
export const ask = async (
  to: number | string,
  method: string,
  path: string,
  {
    token,
    headers = {},
    body = '',
  }: {
    readonly token?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  } = {},
): Promise<Answered> => {
  const bytes = Buffer.from(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    ...(token === undefined ? [] : [`X-Vault-Token: ${token}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(bytes.length > 0 ? [`Content-Length: ${bytes.length}`] : []),
    'Connection: close',
  ];
  const text = await converse(to, [Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes])]);
  return parseAnswer(text);
};

export const parseAnswer = (text: string): Answered => {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), headers: head, body: rest.join('\r\n\r\n') };
};

/** The body as JSON. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into it as they please
export const jsonOf = ({ body }: Answered): any => JSON.parse(body);
