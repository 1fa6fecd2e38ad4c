import { readOn } from './sources/open-file.ts';

/** Bytes in order, into memory that the caller gives. 0 at the end. Synchronous for files, so that nothing waits. */
export type Feed = { read(into: Uint8Array): number | Promise<number> };

/** With a size, the read that would only say "no more" is saved: it costs as much as a small file. */
export const fileFeed = (fd: number, size: number | null): Feed => {
  let left = size === null || size === 0 ? Number.POSITIVE_INFINITY : size;
  return {
    read(into) {
      if (left <= 0) return 0;
      const count = readOn(fd, into);
      left -= count;
      return count;
    },
  };
};

export const bytesFeed = (bytes: Uint8Array): Feed => {
  let at = 0;
  return {
    read(into) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length;
    },
  };
};

export const streamFeed = (chunks: AsyncIterable<Uint8Array>): Feed => {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async read(into) {
      while (rest.length === 0) {
        const next = await iterator.next();
        if (next.done === true) return 0;
        rest = next.value;
      }
      const part = rest.subarray(0, into.length);
      into.set(part);
      rest = rest.subarray(part.length);
      return part.length;
    },
  };
};

/** Reads until there is no room or no more. A promise only when the feed gives one. */
export const fill = (feed: Feed, area: Uint8Array, from: number): number | Promise<number> => {
  let filled = from;
  while (filled < area.length) {
    const count = feed.read(area.subarray(filled));
    if (typeof count !== 'number') return count.then((n) => (n === 0 ? filled : fill(feed, area, filled + n)));
    if (count === 0) break;
    filled += count;
  }
  return filled;
};
