export type Bytes = AsyncIterable<Uint8Array>;

/** Reads a stream of chunks of any size piece by piece. It hands out parts of the chunks, which nobody may write to. */
export type ByteReader = {
  /** Bytes taken so far. */
  position(): number;
  /** The next `length` bytes, left where they are; fewer only at the end. `length` is small: they are copied. */
  peek(length: number): Promise<Uint8Array>;
  /** Exactly `length` bytes, or null when the stream ends before. `length` is small: they are copied. */
  take(length: number): Promise<Uint8Array | null>;
  /** Between one and `most` bytes; empty at the end. */
  some(most: number): Promise<Uint8Array>;
  /** Puts back what was taken last. */
  unread(bytes: Uint8Array): void;
  /** All that is left. */
  rest(): AsyncGenerator<Uint8Array>;
};

const NONE = new Uint8Array();

export const byteReader = (bytes: Bytes): ByteReader => {
  const chunks = bytes[Symbol.asyncIterator]();
  let held: Uint8Array = NONE;
  let taken = 0;
  let ended = false;

  // An error waits until all that came before it was taken.
  let failure: Error | undefined;
  const pull = async (): Promise<Uint8Array> => {
    while (!ended) {
      try {
        const next = await chunks.next();
        if (next.done === true) ended = true;
        else if (next.value.length > 0) return next.value;
      } catch (error) {
        ended = true;
        failure = error instanceof Error ? error : new Error(String(error));
      }
    }
    return NONE;
  };

  const peek = async (length: number): Promise<Uint8Array> => {
    if (held.length < length) {
      const parts = [held];
      let size = held.length;
      while (size < length) {
        const chunk = await pull();
        if (chunk.length === 0) break;
        parts.push(chunk);
        size += chunk.length;
      }
      held = parts.length === 1 ? held : Buffer.concat(parts);
    }
    return held.subarray(0, length);
  };

  const take = async (length: number): Promise<Uint8Array | null> => {
    const found = await peek(length);
    if (found.length < length && failure !== undefined) throw failure;
    if (found.length < length) return null;
    const copy = new Uint8Array(found);
    held = held.subarray(length);
    taken += length;
    return copy;
  };

  const some = async (most: number): Promise<Uint8Array> => {
    if (held.length === 0) held = await pull();
    if (held.length === 0 && failure !== undefined) throw failure;
    const part = held.subarray(0, most);
    held = held.subarray(part.length);
    taken += part.length;
    return part;
  };

  return {
    position: () => taken,
    peek,
    take,
    some,
    unread: (bytes) => {
      held = held.length === 0 ? bytes : Buffer.concat([bytes, held]);
      taken -= bytes.length;
    },
    rest: async function* () {
      try {
        for (;;) {
          const part = await some(Number.MAX_SAFE_INTEGER);
          if (part.length === 0) return;
          yield part;
        }
      } finally {
        await chunks.return?.();
      }
    },
  };
};

/** At most `length` bytes of a reader, as a reader of their own; `drain` skips what was not asked for. */
export const section = (
  outer: ByteReader,
  length: number,
): { readonly bytes: Bytes; readonly drain: () => Promise<boolean> } => {
  let left = length;
  const next = async (): Promise<Uint8Array> => {
    const part = left === 0 ? NONE : await outer.some(left);
    left -= part.length;
    return part;
  };
  return {
    bytes: (async function* () {
      for (let part = await next(); part.length > 0; part = await next()) yield part;
    })(),
    drain: async () => {
      while ((await next()).length > 0);
      return left === 0;
    },
  };
};
