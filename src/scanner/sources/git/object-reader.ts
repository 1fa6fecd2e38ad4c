/** Reads what `git cat-file --batch` writes: lines and runs of bytes. Each gives null when the stream ends before. */
export type ObjectReader = {
  /** Up to the next newline, in latin1. */
  line(): Promise<string | null>;
  /** A copy of its own. */
  bytes(length: number): Promise<Uint8Array | null>;
  part(length: number): AsyncGenerator<Uint8Array>;
};

export const objectReader = (chunks: AsyncIterable<Uint8Array>): ObjectReader => {
  const source = chunks[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  let at = 0;
  const more = async (): Promise<boolean> => {
    const next = await source.next();
    if (next.done === true) return false;
    held = next.value;
    at = 0;
    return true;
  };
  const some = async (most: number): Promise<Uint8Array | null> => {
    while (at >= held.length) if (!(await more())) return null;
    const part = held.subarray(at, at + most);
    at += part.length;
    return part;
  };
  const textTo = (end: number): string => Buffer.from(held.buffer, held.byteOffset + at, end - at).toString('latin1');
  return {
    line: async () => {
      let text = '';
      for (let end = held.indexOf(0x0a, at); ; end = held.indexOf(0x0a, at)) {
        text += textTo(end < 0 ? Math.max(at, held.length) : end);
        if (end >= 0) {
          at = end + 1;
          return text;
        }
        if (!(await more())) return null;
      }
    },
    bytes: async (length) => {
      const bytes = new Uint8Array(length);
      for (let filled = 0; filled < length;) {
        if (at >= held.length && !(await more())) return null;
        const part = held.subarray(at, at + length - filled);
        at += part.length;
        bytes.set(part, filled);
        filled += part.length;
      }
      return bytes;
    },
    part: async function* (length) {
      for (let left = length; left > 0;) {
        const part = await some(left);
        if (part === null) return;
        left -= part.length;
        yield part;
      }
    },
  };
};
