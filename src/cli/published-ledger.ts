import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import { join } from 'node:path';
import { utf8Text } from '#kernel';
import type { PublishedFiles } from '#ledger';
import { cliError } from './errors.ts';
import type { ServerAddress } from './server-address.ts';

/** Largest published file, in bytes; a full bundle has 8,960. */
const LARGEST = 16_777_216;
const PATIENCE_MS = 30_000;

/** The public log of a server, as `verifyPublished` wants it. Needs no sign-in. */
export const publishedBy = ({ place, name }: ServerAddress): PublishedFiles => {
  let line: Promise<Line> | undefined;
  return async (path) => {
    const { agent, get } = await (line ??= openLine(place));
    return fetchPublished(path, { place, name }, agent, get);
  };
};

type Line = { readonly agent: http.Agent; readonly get: typeof http.get };

/** TLS is loaded only by who needs it. */
const openLine = async (place: ServerAddress['place']): Promise<Line> => {
  const options = { keepAlive: true, maxSockets: 2 };
  if (!('url' in place) || !place.url.startsWith('https:')) return { agent: new http.Agent(options), get: http.get };
  const https = await import('node:https');
  const ca = place.ca === undefined ? {} : { ca: place.ca };
  return { agent: new https.Agent({ ...options, ...ca }), get: https.get };
};

const fetchPublished = (
  path: string,
  { place, name }: Pick<ServerAddress, 'place' | 'name'>,
  agent: http.Agent,
  get: typeof http.get,
): Promise<Uint8Array | undefined> =>
  new Promise((resolve, reject) => {
    const target = { path: `/ledger/${path}`, agent, timeout: PATIENCE_MS };
    const request =
      'url' in place
        ? get(`${place.url}/ledger/${path}`, { agent, timeout: PATIENCE_MS })
        : get({ ...target, socketPath: place.socket, headers: { host: 'localhost' } });
    const fail = (error: Error) =>
      reject(
        error.name === 'ChatelaineError' ? error : cliError('no_server', `No server answers at ${name}.`, {}, error),
      );
    request.on('timeout', () => request.destroy(cliError('no_server', `${name} is silent.`)));
    request.on('error', fail);
    request.on('response', (response) => {
      if (response.statusCode === 404) {
        response.resume();
        return resolve(undefined);
      }
      if (response.statusCode !== 200) {
        response.resume();
        return reject(
          cliError('no_server', `${name} does not publish its record now (status ${response.statusCode}).`),
        );
      }
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST)
          request.destroy(cliError('ledger_broken', 'A published file is larger than any of a ledger.'));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    });
  });

/** The same from a folder that somebody copied: `checkpoint`, `tile/…`. */
export const publishedIn =
  (folder: string): PublishedFiles =>
  async (path) => {
    try {
      return readFileSync(join(folder, path));
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return undefined;
      throw cliError('unreadable', `${join(folder, path)} cannot be read.`, { place: folder }, error);
    }
  };

/** A small text of the log; undefined where it is not published. */
export const publishedText = async (files: PublishedFiles, path: string): Promise<string | undefined> => {
  const bytes = await files(path);
  return bytes === undefined ? undefined : utf8Text(bytes).trimEnd();
};
