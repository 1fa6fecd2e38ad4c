import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type ParseError, refuseClient } from './refuse-client.ts';

/**
 * Lets a `node:http` server read the verb LIST, which Vault's clients send and Node's parser (llhttp) does not know.
 *
 * llhttp reads `LI` (as the beginning of LINK) and stops at `S`. At that moment, and only then, the connection's own
 * parser is set back to the beginning of a message and continues with `GE` and the bytes that follow `LIS`: the
 * client's own `T` completes the verb GET. That one message is renamed to LIST before the server sees it. So there is
 * one parser and one framing; queue of answers, limits, timeouts and counters of the connection stay as they are, and
 * nothing in the bytes or headers marks the message, so nothing can be forged.
 *
 * Why only `LI` can have stood before: docs/decisions/001-list-verb.md. What remains: a message whose verb is split
 * gets a second `headersTimeout`; and LIST right after a body that ends in `UN`, in one connection, is refused with
 * 400, because it cannot be told from the verb UNLIST.
 *
 * It relies on fields of Node's that are not documented: the program runs on one exact version of Node, and the test
 * covers each of them. Call it once, after all other listeners for `clientError` are added.
 */
export const acceptListVerb = (server: Server): void => {
  if (isLenient(server)) throw new TypeError('acceptListVerb: only for servers that parse HTTP strictly.');
  const watches = new WeakMap<Socket, Watch>();
  const others = server.listeners('clientError') as ClientErrorListener[];
  server.removeAllListeners('clientError');
  server.on('clientError', (error: ParseError, socket: Socket) => {
    const watch = watches.get(socket);
    const rest = watch === undefined ? null : bytesAsGet(error, watch.tail);
    if (watch !== undefined && rest !== null) readOn(watch, rest);
    else if (others.length > 0) for (const listener of others) listener.call(server, error, socket);
    else refuseClient(error, socket);
  });
  endAfterUpgrade(server);
  const secure = 'setSecureContext' in server;
  server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => {
    watches.set(socket, watchTail(server, socket as HttpSocket));
  });
};

/** What we keep of a connection: the last bytes before the packet in hand, while a message's head is incomplete. */
type Watch = {
  readonly socket: HttpSocket;
  readonly parser: Parser;
  readonly onError: (error: Error) => void;
  readonly restart: () => void;
  tail: Buffer;
  /** Bytes still to be read; several LISTs in one packet are walked in a loop, not by recursion. */
  waiting: Buffer | null;
  reading: boolean;
};

type ClientErrorListener = (error: Error, socket: Socket) => void;
type HttpSocket = Socket & { parser: Parser | null; _paused: boolean };
type OnIncoming = (request: IncomingMessage, keepAlive: boolean) => unknown;
type Parser = {
  incoming: IncomingMessage | null;
  onIncoming: OnIncoming;
  [slot: number]: ((...args: never[]) => unknown) | null;
  getCurrentBuffer(): Buffer;
  remove(): void;
  initialize(type: number, resource: object, maxHeaderSize: number, leniency: number, connections: unknown): void;
  readonly constructor: { REQUEST: number; kOnExecute: number; kOnMessageBegin: number };
};

/** Longest verb beginning that matters: `UNLI`. */
const TAIL = 4;
const NOTHING = Buffer.alloc(0);
/** No lenience in the parser: kLenientNone. */
const STRICT = 0;

const isLenient = (server: Server): boolean => {
  const { httpValidation, insecureHTTPParser } = server as { httpValidation?: string; insecureHTTPParser?: boolean };
  return (httpValidation ?? 'strict') !== 'strict' || insecureHTTPParser === true;
};

/**
 * After an Upgrade that is not taken up, Node drops what follows in the packet and hides errors of the parser: a LIST
 * there would never be answered. Such a connection ends with the answer, which RFC 9110, section 7.8, allows.
 */
const endAfterUpgrade = (server: Server): void => {
  const upgradable = server as Server & { shouldUpgradeCallback: (request: IncomingMessage) => boolean };
  const decide = upgradable.shouldUpgradeCallback;
  upgradable.shouldUpgradeCallback = (asking) => {
    const taken = decide.call(server, asking);
    // Node emits the request right after this call.
    if (!taken)
      server.prependOnceListener('request', (request, response) => {
        if (request === asking) response.shouldKeepAlive = false;
      });
    return taken;
  };
};

/** Costs one empty call per message and packet; bytes are copied only when a packet ends inside a head. */
const watchTail = (server: Server, socket: HttpSocket): Watch => {
  const parser = socket.parser!;
  const { REQUEST, kOnExecute, kOnMessageBegin } = parser.constructor;
  const execute = parser[kOnExecute] as (result: number | Error) => void;
  const onError = socket.listeners('error').find(({ name }) => name === 'socketOnError') as Watch['onError'];
  const { maxHeaderSize } = server as { maxHeaderSize?: number };
  const restart = (): void => {
    parser.remove(); // before `initialize`, which sets the time that the server's list is ordered by
    parser.initialize(
      REQUEST,
      { type: 'HTTPINCOMINGMESSAGE', socket },
      maxHeaderSize ?? 0,
      STRICT,
      connectionsOf(server),
    );
  };
  const watch: Watch = { socket, parser, onError, restart, tail: NOTHING, waiting: null, reading: false };

  let begun = false;
  let before: IncomingMessage | null = null;
  const keepTail = (packet: () => Buffer): void => {
    if (!begun) return;
    // A complete head gives the parser a new message; an answer sent meanwhile takes the one before away.
    begun = parser.incoming === before || parser.incoming === null;
    watch.tail = begun ? Buffer.concat([watch.tail, packet()]).subarray(-TAIL) : NOTHING;
  };
  parser[kOnMessageBegin] = () => {
    begun = true;
    before = parser.incoming;
  };
  parser[kOnExecute] = (result: number | Error) => {
    if (typeof result === 'number') keepTail(() => parser.getCurrentBuffer());
    execute(result);
  };
  // Not `socket.on`, which would end the parser's direct reading from the socket.
  EventEmitter.prototype.on.call(socket, 'data', (packet: Buffer) => keepTail(() => packet));
  return watch;
};

/** The list by which the server finds slow and idle connections; none until it listens. */
const connectionsOf = (server: Server): unknown => {
  const symbol = Object.getOwnPropertySymbols(server).find(
    ({ description }) => description === 'http.server.connections',
  );
  return symbol && (server as unknown as Record<symbol, unknown>)[symbol];
};

/** If the parser stopped at the S of the verb LIST: the bytes from there on, as if the verb had begun with `GE`. */
const bytesAsGet = ({ code, bytesParsed, rawPacket }: ParseError, tail: Buffer): Buffer | null => {
  if (code !== 'HPE_INVALID_METHOD' || bytesParsed === undefined || rawPacket === undefined) return null;
  const seen = Buffer.concat([tail, rawPacket.subarray(Math.max(0, bytesParsed - TAIL), bytesParsed + 1)]).toString(
    'latin1',
  );
  if (!seen.endsWith('LIS') || seen.endsWith('UNLIS')) return null;
  return Buffer.concat([Buffer.from('GE'), rawPacket.subarray(bytesParsed + 1)]);
};

const readOn = (watch: Watch, bytes: Buffer): void => {
  const { onError, socket } = watch;
  if (!socket.listeners('error').includes(onError)) socket.on('error', onError); // Node takes it off at every error
  watch.waiting = bytes;
  if (!watch.reading) readWaiting(watch);
};

const readWaiting = (watch: Watch): void => {
  const { socket } = watch;
  watch.reading = true;
  while (watch.waiting !== null && !socket.destroyed && !socket._paused) {
    const bytes = watch.waiting;
    watch.waiting = null;
    watch.restart();
    renameNextMessage(watch.parser);
    socket.emit('data', bytes);
  }
  watch.reading = false;
  // Too many answers are waiting for a slow client: Node reads on when they have gone, and so do we, before it.
  if (watch.waiting !== null && !socket.destroyed) socket.once('resume', () => readWaiting(watch));
};

const renameNextMessage = (parser: Parser): void => {
  const { onIncoming } = parser;
  parser.onIncoming = (request, keepAlive) => {
    parser.onIncoming = onIncoming;
    request.method = 'LIST';
    return onIncoming(request, keepAlive);
  };
};
