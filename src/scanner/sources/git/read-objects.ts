import { type ObjectReader, objectReader } from './object-reader.ts';
import type { Git, GitRun } from './run-git.ts';

/**
 * An object in the order asked for. Up to `WHOLE_OBJECT` bytes it is whole; a larger one is a stream, to be read before
 * the next object is asked for. `missing`: the repository does not have it. `damaged`: git cannot read it.
 */
export type GitObject<Asked> = { readonly asked: Asked } & (
  | { readonly state: 'missing' }
  | { readonly state: 'damaged' }
  | { readonly state: 'whole'; readonly type: string; readonly bytes: Uint8Array }
  | {
      readonly state: 'large';
      readonly type: string;
      readonly size: number;
      readonly chunks: AsyncIterable<Uint8Array>;
    }
);

/** Objects up to this size are handed on in one piece, in bytes. */
export const WHOLE_OBJECT = 4 * 1024 * 1024;
/**
 * Fewer requests under way than this, and more are sent. git answers in the buffer of its standard library, so that
 * this must be more than such a buffer holds answers: 64 KiB in lines of 50 bytes are some 1,300.
 */
const AHEAD = 4096;
/** git dies over damaged objects and is started again behind each, so often. */
const MOST_RESTARTS = 200;

type Asked = { readonly id: string };

/** Reads objects through one `git cat-file --batch` in the order asked for. */
export const readObjects = async function* <Item extends Asked>(
  git: Git,
  asked: AsyncIterable<readonly Item[]>,
  signal: AbortSignal,
): AsyncGenerator<GitObject<Item>> {
  const desk = openDesk(git, asked[Symbol.asyncIterator](), signal);
  try {
    for (let restarts = 0; !signal.aborted;) {
      const item = await desk.next();
      if (item === undefined) return;
      const header = await desk.reader().line();
      const [, type = '', length] = header?.split(' ') ?? [];
      if (header === null) {
        if (signal.aborted) return;
        restarts += 1;
        yield { asked: item, state: 'damaged' };
        if (restarts <= MOST_RESTARTS) await desk.restart();
        else {
          // Nothing is asked any more; none of what was wanted may seem to be read.
          for (let unread = await desk.next(); unread !== undefined; unread = await desk.next())
            yield { asked: unread, state: 'damaged' };
          return;
        }
      } else if (length === undefined) yield { asked: item, state: 'missing' };
      else yield* bodyOf(item, type, Number(length), desk.reader());
    }
  } finally {
    await desk.close();
  }
};

const bodyOf = async function* <Item>(
  asked: Item,
  type: string,
  size: number,
  reader: ObjectReader,
): AsyncGenerator<GitObject<Item>> {
  if (size <= WHOLE_OBJECT) {
    const bytes = await reader.bytes(size);
    // A stream that ends here ends the next line, too, and is dealt with there.
    yield bytes === null ? { asked, state: 'damaged' } : { asked, state: 'whole', type, bytes };
  } else {
    const chunks = reader.part(size);
    let left = size;
    // Who reads it may stop early; what is left must be read all the same, or it would be taken for the next answer.
    const next = async (): Promise<Uint8Array | null> => {
      const part = await chunks.next();
      if (part.done === true) return null;
      left -= part.value.length;
      return part.value;
    };
    const once = async function* (): AsyncGenerator<Uint8Array> {
      for (let chunk = await next(); chunk !== null; chunk = await next()) yield chunk;
    };
    yield { asked, state: 'large', type, size, chunks: once() };
    while ((await next()) !== null);
    if (left > 0) yield { asked, state: 'damaged' };
  }
  await reader.bytes(1);
};

type Desk<Item> = {
  /** The request that git answers next; undefined when all are answered. */
  next(): Promise<Item | undefined>;
  reader(): ObjectReader;
  /** Starts git again; what was asked and not answered is asked again. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** Asks git while its answers are read, and remembers what was asked. */
const openDesk = <Item extends Asked>(
  git: Git,
  source: AsyncIterator<readonly Item[]>,
  signal: AbortSignal,
): Desk<Item> => {
  let waiting: Item[] = [];
  let at = 0;
  let finished = false;
  let pulling: Promise<void> | undefined;
  let run: GitRun;
  let reader: ObjectReader;

  const start = (): void => {
    run = git.start(['cat-file', '--batch', '--buffer'], signal);
    reader = objectReader(run.out);
    send(waiting.slice(at));
    if (finished) run.stdin.end();
  };
  const send = (items: readonly Item[]): void => {
    if (items.length > 0) run.stdin.write(`${items.map(({ id }) => id).join('\n')}\n`);
  };
  const pull = async (): Promise<void> => {
    const batch = await source.next();
    if (batch.done === true) {
      finished = true;
      run.stdin.end();
    } else {
      waiting = [...waiting.slice(at), ...batch.value];
      at = 0;
      send(batch.value);
    }
    pulling = undefined;
  };

  start();
  return {
    next: async () => {
      for (;;) {
        const left = waiting.length - at;
        if (left < AHEAD && !finished) pulling ??= pull();
        if (left > 0) break;
        if (finished) return undefined;
        await pulling;
      }
      at += 1;
      return waiting[at - 1];
    },
    reader: () => reader,
    restart: async () => {
      run.stop();
      await run.end;
      start();
    },
    close: async () => {
      run.stop();
      await run.end;
      await pulling?.catch(() => {});
      await source.return?.();
    },
  };
};
