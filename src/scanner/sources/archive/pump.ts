import type { Transform } from 'node:stream';
import type { ByteReader } from './byte-reader.ts';

const PIECE = 64 * 1024;

/**
 * Drives bytes through a decompressor, one piece at a time. Unlike a pipe it loses nothing when an error comes: what
 * was ready is given out first. When the decompressor is done, bytes it did not take are put back into the reader.
 */
export const pump = async function* (
  packed: ByteReader,
  engine: Transform & { readonly bytesWritten?: number },
): AsyncGenerator<Uint8Array> {
  const news = openNews();
  let failure: Error | undefined;
  let done = false;
  let writing = false;
  let fed = 0;
  let last: Uint8Array = new Uint8Array();
  engine.on('readable', news.tell);
  engine.on('end', () => {
    done = true;
    news.tell();
  });
  engine.on('error', (error: Error) => {
    failure = error;
    news.tell();
  });

  try {
    for (;;) {
      const out = engine.read() as Uint8Array | null;
      if (out !== null) {
        yield out;
        continue;
      }
      if (failure !== undefined) throw failure;
      if (done) break;
      const leftOver = (engine.bytesWritten ?? fed) < fed;
      if (!writing && !leftOver && !engine.writableEnded) {
        const piece = await packed.some(PIECE);
        if (piece.length === 0) engine.end();
        else {
          last = piece;
          fed += piece.length;
          writing = true;
          engine.write(last, () => {
            writing = false;
            news.tell();
          });
        }
      }
      await news.heard();
    }
    packed.unread(last.subarray(last.length - (fed - (engine.bytesWritten ?? fed))));
  } finally {
    engine.destroy();
  }
};

/** A bell that is not missed when it rings before somebody listens. */
const openNews = (): { readonly tell: () => void; readonly heard: () => Promise<void> } => {
  let rung = false;
  let wake = (): void => {};
  return {
    tell: () => {
      rung = true;
      wake();
    },
    heard: async () => {
      if (!rung)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      rung = false;
    },
  };
};
