import { closeSync, openSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { systemClock } from '#kernel/node';
import { type Rule, type ScanReport, type Source, scan, threads } from '#scanner';
import { openMatcher, WINDOW } from '../../src/scanner/matcher/matcher.ts';

export type Timed<Out> = { readonly seconds: number; readonly out: Out };

/** The best of a few runs: what the machine can do when nobody else asks for it. */
export const best = async <Out>(runs: number, run: () => Out | Promise<Out>): Promise<Timed<Out>> => {
  let seconds = Number.POSITIVE_INFINITY;
  let out: Out | undefined;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    out = await run();
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
  }
  return { seconds, out: out as Out };
};

/** Opens, reads and closes every file into one buffer: what nobody who reads files can be faster than. */
export const readPlainly = (files: readonly string[]): number => {
  const buffer = new Uint8Array(WINDOW);
  let bytes = 0;
  for (const file of files) {
    const fd = openSync(file, 'r');
    for (let count = buffer.length; count === buffer.length; bytes += count)
      count = readSync(fd, buffer, 0, buffer.length, null);
    closeSync(fd);
  }
  return bytes;
};

export type Rate = {
  readonly literals: number;
  readonly states: number;
  readonly perSecond: number;
  readonly hits: number;
};

/** The kernel alone over one window of real text, in MB/s. */
export const measureKernel = (
  literals: readonly string[],
  runs: readonly (number | null)[],
  text: Uint8Array,
): Rate => {
  const matcher = openMatcher(literals, runs);
  const area = matcher.area(0);
  area.bytes.set(text.subarray(0, WINDOW));
  const size = Math.min(text.length, WINDOW);
  let hits = 0;
  const rounds = 40;
  matcher.scan(area, 0, size, () => hits++);
  hits = 0;
  const started = performance.now();
  for (let i = 0; i < rounds; i++) matcher.scan(area, 0, size, () => hits++);
  const seconds = (performance.now() - started) / 1000;
  return {
    literals: literals.length,
    states: matcher.states,
    perSecond: (size * rounds) / 1e6 / seconds,
    hits: hits / rounds,
  };
};

const treeSource = (files: readonly string[]): Source =>
  async function* () {
    for (const file of files)
      yield {
        type: 'unit',
        unit: { path: file, origin: { type: 'file' }, size: null, content: { type: 'path', file } },
      };
  };

/** Everything on: rules, detectors, filters, decoding. */
export const scanTree = (files: readonly string[], workers: number, rules?: readonly Rule[]): Promise<ScanReport> =>
  scan(treeSource(files), {
    clock: systemClock,
    ...(rules === undefined ? {} : { builtin: false, rules }),
    ...(workers === 0 ? {} : { workers: { factory: threads, count: workers } }),
  });

export const scanBlobs = (
  blobs: () => AsyncIterable<{ readonly id: string; readonly bytes: Uint8Array }>,
): Promise<ScanReport> =>
  scan(
    async function* () {
      for await (const { bytes, id } of blobs())
        yield {
          type: 'unit',
          unit: { path: id, origin: { type: 'blob', id }, size: bytes.length, content: { type: 'bytes', bytes } },
        };
    },
    { clock: systemClock },
  );
