import type { Secret } from '#kernel';
import type { Found } from '../found.ts';

/** `‹wifi passphrase?›`: what the scanner takes it for, with a question mark, as nobody knows. */
export const unknownMark = ({ title }: Pick<Found, 'title'>): string => `‹${title.toLowerCase()}?›`;

/** `‹porch/prod/mqtt›`: which credential it is. */
export const knownMark = (path: string): string => `‹${path}›`;

/** Values whose names are known, to be replaced wherever they stand. */
export type Known = { readonly path: string; readonly value: Secret };

/**
 * Replaces known values in a stream of bytes, also where a value is cut by a chunk: as much as the longest value is kept
 * back. Spelt as they are, percent-encoded, in JSON and in base64.
 */
export const openMask = (known: readonly Known[]) => {
  const needles = known.flatMap(({ path, value }) =>
    spellings(value.revealText()).map((spelt) => ({ bytes: Buffer.from(spelt), mark: Buffer.from(knownMark(path)) })),
  );
  needles.sort((a, b) => b.bytes.length - a.bytes.length);
  const longest = needles[0]?.bytes.length ?? 0;
  let rest: Buffer = Buffer.alloc(0);

  const take = (upTo: number): Buffer => {
    const parts: Buffer[] = [];
    let at = 0;
    while (at < upTo) {
      let best: { readonly start: number; readonly needle: (typeof needles)[number] } | undefined;
      for (const needle of needles) {
        const start = rest.indexOf(needle.bytes, at);
        if (start !== -1 && start < upTo && (best === undefined || start < best.start)) best = { start, needle };
      }
      if (best === undefined) break;
      parts.push(rest.subarray(at, best.start), best.needle.mark);
      at = best.start + best.needle.bytes.length;
    }
    const end = Math.max(at, upTo);
    parts.push(rest.subarray(at, end));
    rest = rest.subarray(end);
    return Buffer.concat(parts);
  };

  return {
    write(chunk: Uint8Array): Uint8Array {
      if (needles.length === 0) return chunk;
      rest = Buffer.concat([rest, chunk]);
      return take(Math.max(0, rest.length - (longest - 1)));
    },
    end(): Uint8Array {
      return take(rest.length);
    },
    /** True when nothing that waits could be the beginning of a value: then it may go out at once. */
    flush(): Uint8Array {
      const isBeginning = (from: number) =>
        needles.some(({ bytes }) => bytes.subarray(0, rest.length - from).equals(rest.subarray(from)));
      let from = Math.max(0, rest.length - (longest - 1));
      while (from < rest.length && !isBeginning(from)) from++;
      return take(from);
    },
  };
};

/** Values of fewer bytes stand in other words by chance: masking them would garble a log and still tell them. */
export const LEAST_MASKED = 6;

const spellings = (value: string): readonly string[] =>
  Buffer.byteLength(value) < LEAST_MASKED ? [] : [...new Set(spelt(value))];

/** Plain, in JSON, percent-encoded, in base64 with and without its filling: always in this order. */
export const spelt = (value: string): readonly string[] => {
  const inJson = JSON.stringify(value).slice(1, -1);
  const base64 = Buffer.from(value).toString('base64');
  return [value, inJson, encodeURIComponent(value.toWellFormed()), base64, base64.replace(/=+$/, '')];
};
