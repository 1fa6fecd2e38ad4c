import { type Kernel, openKernel } from './kernel.ts';
import { classesOf, foldName } from './literals.ts';

/** Bytes of one look; longer content is seen in windows that overlap. */
export const WINDOW = 2 * 1024 * 1024;
/** Bytes of decoded text that one level of encodings may hold. */
export const INNER = 1024 * 1024;
/** Encodings inside encodings that are looked through. */
export const MAX_DEPTH = 3;

/** Where the kernel keeps its lists of hits; see assembly/kernel.ts. */
const HITS = 1024;
const LANES = 4;
/** Bytes per call, so that the lists have room and the text stays near. */
const BLOCK = 128 * 1024;
const PAGE = 65_536;
/** Letters behind a literal that are looked at; words are shorter. */
const LONGEST_RUN = 16;

/** An area of the kernel's memory that content is put into. */
export type Area = { readonly bytes: Uint8Array; readonly at: number };

/** A stretch of base64 or hex digits that decodes to text, in the area. */
export type Run = { readonly start: number; readonly end: number; readonly encoding: 'base64' | 'hex' };

/** Told of a literal, by its index, and of where it ends. */
type Told = (literal: number, end: number) => void;

export type Matcher = {
  /** One for the content itself (WINDOW bytes), one per level of what is decoded in it (INNER bytes). */
  area(depth: number): Area;
  /** Calls `each` for every literal that ends in (start, end], nearly in order of ends. It must not call the matcher. */
  scan(area: Area, start: number, end: number, each: Told): void;
  /** Stretches that begin in [start, end), seen up to `limit`. */
  runs(area: Area, start: number, end: number, limit: number): readonly Run[];
  countLines(area: Area, start: number, end: number): number;
  hasNul(area: Area, start: number, end: number): boolean;
  utf16Units(area: Area, start: number, end: number): number;
  readonly states: number;
};

/** Literals that are one to the kernel: they differ in their separators at most. */
type Group = {
  readonly folded: string;
  readonly run: number | null;
  readonly members: readonly { readonly literal: number; readonly marks: readonly Mark[] }[];
};
/** A byte that must stand at this place of the literal. */
type Mark = { readonly index: number; readonly code: number };

const groupsOf = (
  literals: readonly string[],
  runs: readonly (number | null)[],
  loose: readonly (boolean | undefined)[],
): readonly Group[] => {
  const groups = new Map<string, { folded: string; run: number | null; members: Group['members'][number][] }>();
  literals.forEach((text, literal) => {
    const folded = foldName(text);
    const run = runs[literal] ?? null;
    const marks = loose[literal] === true ? [] : marksOf(text);
    const known = groups.get(folded);
    if (known === undefined) groups.set(folded, { folded, run, members: [{ literal, marks }] });
    else {
      known.members.push({ literal, marks });
      known.run = known.run === null || run === null ? null : Math.min(known.run, run);
    }
  });
  return [...groups.values()];
};

const marksOf = (text: string): readonly Mark[] =>
  [...text.matchAll(/[-._]/g)].map(({ index }) => ({ index, code: text.charCodeAt(index) }));

/**
 * A matcher for these literals (lower case, see `isLiteral`); hits name them by index. One with a run counts only where
 * it begins a word and so many letters of base64 follow; null or absent: everywhere. A loose one is a name: `_`, `-` and
 * `.` in it are the same.
 */
export const openMatcher = (
  literals: readonly string[],
  runs: readonly (number | null)[] = [],
  loose: readonly (boolean | undefined)[] = [],
  kernel: Kernel = openKernel(),
): Matcher => {
  const groups = groupsOf(literals, runs, loose);
  const most = 1 + groups.reduce((sum, { folded }) => sum + folded.length, 0);
  const classes = classesOf(literals);
  const laneHits = kernel.laneHits();
  const texts = HITS + LANES * laneHits * 8;
  const tables = kernel.tableAt();
  // A row of words, a state of the trie, its place in the queue, two words of outputs; the literals' own bytes.
  const need = tables + most * (classes.count * 4 + 24 + 4 + 8) + groups.length * 4 + most + PAGE;
  kernel.memory.grow(Math.ceil(Math.max(0, need - kernel.memory.buffer.byteLength) / PAGE));

  const memory = new Uint8Array(kernel.memory.buffer);
  for (let byte = 0; byte < 256; byte++) memory[byte] = classes.of[byte]! * 4;
  const spares = Buffer.from(memory.buffer);
  const spare = kernel.prepare(classes.count, most, groups.length);
  groups.forEach(({ folded, run }, id) => {
    spares.write(folded, spare, 'latin1');
    kernel.insert(spare, folded.length, id, run === null ? 0 : 1, Math.min(run ?? 0, LONGEST_RUN));
  });
  const states = kernel.link();

  const areas = [0, 1, 2, 3].map((depth): Area => {
    const at = depth === 0 ? texts : texts + WINDOW + (depth - 1) * INNER;
    return { at, bytes: memory.subarray(at, at + (depth === 0 ? WINDOW : INNER)) };
  });
  const lists = new Uint32Array(kernel.memory.buffer, HITS, LANES * laneHits * 2);

  /** The literal of a group that has one only, however it is separated; else -1. */
  const singles = groups.map(({ members }) =>
    members.length === 1 && members[0]!.marks.length === 0 ? members[0]!.literal : -1,
  );

  const block = (at: number, start: number, end: number, each: Told): void => {
    kernel.scan(at, start, end);
    for (let lane = 0; lane < LANES; lane++)
      if (kernel.hits(lane) > laneHits) {
        // More literals than room: halves have half as many.
        const middle = (start + end) >>> 1;
        block(at, start, middle, each);
        block(at, middle, end, each);
        return;
      }
    for (let lane = 0; lane < LANES; lane++) {
      const first = lane * laneHits * 2;
      for (let i = first, last = first + kernel.hits(lane) * 2; i < last; i += 2) {
        const group = lists[i + 1]!;
        const single = singles[group]!;
        if (single >= 0) each(single, lists[i]!);
        else tell(groups[group]!, at, lists[i]!, each);
      }
    }
  };

  const tell = ({ folded, members }: Group, at: number, end: number, each: Told): void => {
    const from = at + end - folded.length;
    for (const { literal, marks } of members)
      if (marks.every(({ index, code }) => memory[from + index] === code)) each(literal, end);
  };

  return {
    states,
    area: (depth) => areas[depth]!,
    scan: ({ at }, start, end, each) => {
      for (let from = start; from < end; from += BLOCK) block(at, from, Math.min(end, from + BLOCK), each);
    },
    runs: ({ at }, start, end, limit) => {
      const found: Run[] = [];
      for (let from = start; from < end;) {
        const count = kernel.runs(at, from, end, limit);
        for (let i = 0; i < count * 2; i += 2) {
          const second = lists[i + 1]!;
          const first = lists[i]!;
          found.push({ start: first, end: first + (second >>> 1), encoding: (second & 1) === 1 ? 'hex' : 'base64' });
        }
        // The list was full: there may be more behind its last one.
        from = count < laneHits ? end : found.at(-1)!.end;
      }
      return found;
    },
    countLines: ({ at }, start, end) => kernel.countByte(at, start, end, 10),
    hasNul: ({ at }, start, end) => kernel.countByte(at, start, end, 0) > 0,
    utf16Units: ({ at }, start, end) => kernel.utf16Units(at, start, end),
  };
};
