import type { FastifyPluginCallback, FastifyReply } from 'fastify';
import { type ReadTx } from '#storage';
import {
  type Tile,
  formatVerifierKey,
  parseTilePath,
  readBundle,
  readHeadRow,
  readTile,
  tileSource,
  tileWidth,
  verifierKey,
} from '#ledger';
import { sealingError } from '#sealing';
import { httpError } from './errors.ts';
import type { House } from './house.ts';

/** A complete tile never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * The ledger as a static log (C2SP tlog-tiles): signed checkpoint, tiles of hashes, and bundles of entries, which are
 * commitments that say nothing by themselves. Public, so that anybody can check us with tools we did not write.
 */
export const ledgerFiles =
  (house: House): FastifyPluginCallback =>
  (app, _options, done) => {
    app.addHook('onRequest', (_request, _reply, next) => {
      if (house.seal.state() !== 'unlocked') throw sealingError('locked', 'The keys are locked.');
      next();
    });
    app.get('/checkpoint', async (_request, reply) =>
      sendText(reply, (await house.engine.read(requireHead)).checkpoint),
    );
    app.get('/key', (_request, reply) => sendText(reply, `${keyText(house)}\n`));
    app.get('/tile/*', async (request, reply) => {
      const tile = tileOf(request.raw.url ?? '');
      const bytes = await house.engine.snapshot((tx) => tileBytes(tx, tile));
      return reply
        .header('content-type', 'application/octet-stream')
        .header('cache-control', FOR_EVER)
        .send(Buffer.from(bytes));
    });
    done();
  };

/** The key's text as `golang.org/x/mod/sumdb/note` reads it. */
export const keyText = ({ sealing, installation }: House): string => {
  const { origin } = installation();
  return formatVerifierKey(verifierKey(origin, sealing.signer(origin).publicKey));
};

/** From the raw URL: a path has one spelling, and no other finds a tile. */
const tileOf = (url: string): Tile => {
  const path = url.replace(/^\/ledger\//, '');
  try {
    return parseTilePath(path);
  } catch {
    throw httpError('no_path', 'There is no tile of this name.');
  }
};

const tileBytes = async (tx: ReadTx, tile: Tile): Promise<Uint8Array> => {
  const { size, minimum } = await requireHead(tx);
  const { level, index, width } = tile;
  if (width > tileWidth(level, index, size)) throw httpError('no_path', 'The ledger has not grown that far.');
  if (level !== 'entries') return readTile(tileSource(tx), { level, index, width });
  if (index * 256 < minimum) throw httpError('no_path', 'These entries were archived.');
  return readBundle(tx, index, width);
};

const requireHead = async (tx: ReadTx) => {
  const head = await readHeadRow(tx);
  if (head === undefined) throw httpError('no_path', 'There is no ledger yet.');
  return head;
};

const sendText = (reply: FastifyReply, text: string): FastifyReply =>
  reply.header('content-type', 'text/plain; charset=utf-8').send(text);
