import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { join } from 'node:path';
import type { Transport } from '#client';
import { checkAnswer } from '../control/control-house.ts';
import type { Watch } from './canary.ts';
import type { Request } from './hostile-requests.ts';

export type Heard = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};
export type Send = (request: Request) => Promise<Heard>;

/** Sends requests as they are, over TLS where there is a certificate. */
export const openSender = (port: number, ca: string | undefined): { send: Send; close(): void } => {
  const agent = ca === undefined ? new http.Agent({ keepAlive: true }) : new https.Agent({ keepAlive: true, ca });
  const { request: start } = ca === undefined ? http : https;
  const once = ({ method, target, headers, body }: Request): Promise<Heard> =>
    new Promise((resolve, reject) => {
      const bytes = body === undefined ? undefined : Buffer.from(body);
      const length = bytes === undefined ? {} : { 'content-length': String(bytes.length) };
      // LIST is no verb of node:http; asking with GET and list=true is the same to the server.
      const [verb, path] =
        method === 'LIST' ? ['GET', `${target}${target.includes('?') ? '&' : '?'}list=true`] : [method, target];
      const sent = start({ agent, host: 'localhost', port, method: verb, path, headers: { ...headers, ...length } });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers as Record<string, string>,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.end(bytes);
    });
  return {
    // A kept connection may end just as it is used again.
    send: (request) => once(request).catch(() => once(request)),
    close: () => agent.destroy(),
  };
};

/** Answers that exist to show a value or a token to who asked for it. */
const REVEALING =
  /^\/api\/(?:values|bulk-reads|generations|tokens|sign-in|sign-in-codes|kit|originals\/\w+\/\w+\/org_|renderings\/\w+\/\w+\/plans)|^\/v1\/(?:secret\/(?:data|subkeys)\/|auth\/token\/|sys\/wrapping\/|cubbyhole\/)/;

/** What an answer may show of what was planted. */
export const allowedIn = (method: string, target: string, status: number): readonly string[] =>
  status < 400 && REVEALING.test(target) && (method !== 'PUT' || target.startsWith('/v1/'))
    ? ['value', 'body', 'token', 'code', 'kit']
    : [];

/** Looks at every answer of a client: at its form, and for what it should not say. */
export const watchedTransport = (inner: Transport, watch: Watch): Transport => ({
  close: () => inner.close(),
  async send(exchange) {
    const answered = await inner.send(exchange);
    const { method, target } = exchange;
    const { status, headers, body } = answered;
    checkAnswer(method, target, status, headers['content-type'], Buffer.from(body).toString());
    const own = target.startsWith('/api/ledger/') ? ['path'] : [];
    watch.look(`${method} ${target} ${status}`, body, [...allowedIn(method, target, status), ...own]);
    watch.look(`headers of ${method} ${target}`, JSON.stringify(headers));
    return answered;
  },
});

/** A certificate for localhost, or why none can be made. */
export const makeCertificate = (folder: string): { cert: string; key: string } | undefined => {
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const { status } = spawnSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'].concat([
      '-keyout',
      key,
      '-out',
      cert,
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    ]),
    { stdio: 'ignore' },
  );
  return status === 0 ? { cert, key } : undefined;
};

/** Looks again and again at what `ps` shows of these processes and everything they start. Linux only. */
export const watchProcesses = (roots: () => readonly number[], watch: Watch): { stop(): number } => {
  const seen = new Set<string>();
  const look = (): void => {
    for (const { pid, line, isHanded } of roots().flatMap((root) => descendants(root))) {
      const environment = readProc(pid, 'environ');
      const key = `${pid} ${line} ${environment.length}`;
      if (line === '' || seen.has(key)) continue;
      seen.add(key);
      watch.look(`the arguments of ${line.slice(0, 60)}`, line, ['argv', 'path']);
      watch.look(`the environment of ${line.slice(0, 60)}`, environment, isHanded ? ['value'] : []);
    }
  };
  const timer = setInterval(look, 40).unref();
  return {
    stop() {
      clearInterval(timer);
      return seen.size;
    },
  };
};

type Seen = { readonly pid: number; readonly line: string; readonly isHanded: boolean };

/** The command that `run` starts is the one that shall have the values, and hands them on to what it starts itself. */
const descendants = (pid: number, isParentHanded = false): Seen[] => {
  const line = readProc(pid, 'cmdline');
  const isHanded = isParentHanded || line.includes('own-child-of-run');
  const children = readProc(pid, `task/${pid}/children`)
    .split(' ')
    .filter((text) => /^\d+$/.test(text));
  return [{ pid, line, isHanded }, ...children.flatMap((child) => descendants(Number(child), isHanded))];
};

const readProc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
};
