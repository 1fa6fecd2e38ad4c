/**
 * The kernel of the scanner: finds every literal of every rule in one pass (Aho-Corasick over byte classes, case
 * folded), and stretches of base64 or hex that hide text. AssemblyScript; `npm run build:kernel` makes
 * `src/scanner/matcher/kernel.wasm` of it, and a test that this very file makes those very bytes.
 *
 * Memory, in bytes; the caller lays it out and grows it:
 *
 *     0        class of each byte value, times 4 (u8 × 256)
 *     256      the tables of `runs`, written by `prepare`: HIGH, LOW, NIBBLE, PLUS (v128 × 4)
 *     1024     hits: four lists, one per lane, each LANE_HITS × { end offset u32, literal u32 }
 *     TEXT     the window to look through
 *     TABLE    laid out by `prepare`: the table first, at a place that is known when this is compiled
 */

const CONSTANTS: usize = 256;
const HITS: usize = 1024;
/** Per lane. A block has at most this many bytes per lane, so only literals that end at one byte in crowds overflow. */
const LANE_HITS: u32 = 32768;
const LANES: u32 = 4;
const NONE: u32 = 0xffffffff;
/** Behind the lists, a window of 2 MiB, three of 1 MiB for what is decoded, and a page that is read beyond them. */
const TABLE: usize = 1024 + 4 * 32768 * 8 + 5 * 1024 * 1024 + 65536;

/** Bytes per row of `table`. */
let stride: u32 = 0;
let longest: u32 = 0;
let states: u32 = 1;
/** Rows from here on, in bytes, speak: some literal ends there. */
let threshold: u32 = 0;
/** Trie while literals are inserted: six u32 per state, see below. */
let trie: usize = 0;
/** u32 × 2 per row of the table (u32 per row and class: offset of the next row): literal, and the row whose literal also ends here; NONE where there is none. */
let outputs: usize = 0;

/** Four bytes per literal: its length, 1 when it must begin a word, letters that must follow it, nothing. */
let gates: usize = 0;

const NODE: usize = 24;
/** Offsets in a state of the trie: its first child, its next sibling, the class (times 4) that leads to it. */
const CHILD: usize = 0;
const SIBLING: usize = 4;
const CLASS: usize = 8;
/** Literal that ends at it, row in `table`, row to fall back to; while linking also the queue. */
const LITERAL: usize = 12;
const ROW: usize = 16;
const FALL: usize = 20;

/** Where the tables begin. */
export function tableAt(): usize {
  return TABLE;
}

/** Lays out tables for so many classes and at most so many states. Returns the first byte behind them. */
export function prepare(classes: u32, most: u32, literals: u32): usize {
  v128.store(CONSTANTS, HIGH);
  v128.store(CONSTANTS, LOW, 16);
  v128.store(CONSTANTS, NIBBLE, 32);
  v128.store(CONSTANTS, PLUS, 48);
  stride = classes * 4;
  states = 1;
  longest = 0;
  outputs = TABLE + <usize>most * stride;
  trie = outputs + <usize>most * 8;
  gates = trie + <usize>most * (NODE + 4);
  store<u32>(trie, 0, CHILD);
  store<u32>(trie, 0, SIBLING);
  store<u32>(trie, NONE, LITERAL);
  store<u32>(trie, 0, ROW);
  store<u32>(trie, 0, FALL);
  return gates + <usize>literals * 4;
}

/**
 * Adds one literal (bytes at `at`), known as `id` in hits. With `begins` it counts only where no letter, digit or `_`
 * stands before it, and with `run` only where so many letters of the base64 alphabets follow: most places where a short
 * beginning of tokens stands by chance are passed over here, at no cost to the caller.
 */
export function insert(at: usize, length: u32, id: u32, begins: u32, run: u32): void {
  store<u8>(gates + (<usize>id << 2), length);
  store<u8>(gates + (<usize>id << 2), begins, 1);
  store<u8>(gates + (<usize>id << 2), run, 2);
  let node = trie;
  for (let i: u32 = 0; i < length; i++) {
    const letter: u32 = load<u8>(<usize>load<u8>(at + i));
    let next: u32 = load<u32>(node, CHILD);
    while (next != 0 && load<u32>(trie + <usize>next * NODE, CLASS) != letter) next = load<u32>(trie + <usize>next * NODE, SIBLING);
    if (next == 0) {
      next = states++;
      const fresh = trie + <usize>next * NODE;
      store<u32>(fresh, 0, CHILD);
      store<u32>(fresh, load<u32>(node, CHILD), SIBLING);
      store<u32>(fresh, letter, CLASS);
      store<u32>(fresh, NONE, LITERAL);
      store<u32>(node, next, CHILD);
    }
    node = trie + <usize>next * NODE;
  }
  store<u32>(node, id, LITERAL);
  if (length > longest) longest = length;
}

/** Makes the automaton of what was inserted. Returns the number of states. */
export function link(): u32 {
  const queue = trie + <usize>states * NODE;
  let head: u32 = 0;
  let tail: u32 = 1;
  // Silent rows from the first on, speaking ones from the last back: one comparison tells them apart.
  let silent: u32 = 1;
  let loud: u32 = states;
  store<u32>(queue, 0);
  store<u32>(outputs, NONE);
  store<u32>(outputs, NONE, 4);
  memory.fill(TABLE, 0, stride);
  // Nearest first: the row to fall back to is complete before it is copied.
  while (head < tail) {
    const state = load<u32>(queue + (<usize>head << 2));
    head++;
    const node = trie + <usize>state * NODE;
    const row = TABLE + <usize>load<u32>(node, ROW) * stride;
    const back = TABLE + <usize>load<u32>(node, FALL) * stride;
    if (state != 0) memory.copy(row, back, stride);
    for (let child: u32 = load<u32>(node, CHILD); child != 0; ) {
      const at = trie + <usize>child * NODE;
      const letter: usize = load<u32>(at, CLASS);
      const fall: u32 = state == 0 ? 0 : load<u32>(back + letter) / stride;
      const literal = load<u32>(at, LITERAL);
      const other = outputs + (<usize>fall << 3);
      const behind: u32 = load<u32>(other) != NONE ? fall : load<u32>(other, 4);
      const to: u32 = literal != NONE || behind != NONE ? --loud : silent++;
      store<u32>(outputs + (<usize>to << 3), literal);
      store<u32>(outputs + (<usize>to << 3), behind, 4);
      store<u32>(at, to, ROW);
      store<u32>(at, fall, FALL);
      store<u32>(row + letter, to * stride);
      store<u32>(queue + (<usize>tail << 2), child);
      tail++;
      child = load<u32>(at, SIBLING);
    }
  }
  threshold = silent * stride;
  return states;
}

/** Whether the bytes around a literal that ends at `end` let it count. */
function passes(literal: u32, text: usize, end: usize): bool {
  const gate = gates + (<usize>literal << 2);
  if (load<u8>(gate, 1) == 0) return true;
  const start = end - load<u8>(gate);
  if (start > text) {
    const before: u32 = load<u8>(start - 1);
    // A letter behind a backslash is the end of an escape, `\n` in a JSON string.
    if (isWord(before) && !(start - 1 > text && load<u8>(start - 2) == 92)) return false;
  }
  const stop = end + load<u8>(gate, 2);
  for (let p = end; p < stop; p++) if (sextet(load<u8>(p)) > 63 && load<u8>(p) != 61) return false;
  return true;
}

// @ts-ignore: decorator
@inline
function isWord(c: u32): bool {
  return c - 48 < 10 || (c | 32) - 97 < 26 || c == 95;
}

/** Writes what ends at `end` to a lane's list, as far as it has room; counts all. */
function emit(lane: u32, count: u32, state: u32, text: usize, end: u32): u32 {
  let row = state / stride;
  let n = count;
  while (row != NONE) {
    const literal = load<u32>(outputs + (<usize>row << 3));
    if (literal != NONE && passes(literal, text, text + end)) {
      if (n < LANE_HITS) {
        const at = HITS + ((<usize>(lane * LANE_HITS + n)) << 3);
        store<u32>(at, end);
        store<u32>(at, literal, 4);
      }
      n++;
    }
    row = load<u32>(outputs + (<usize>row << 3) + 4);
  }
  return n;
}

/** State after the bytes from `at` to `end`, without hits: what a lane must know of the bytes before its own. */
function warm(at: usize, end: usize): u32 {
  let state: u32 = 0;
  for (let p = at; p < end; p++) state = load<u32>(<usize>state + load<u8>(<usize>load<u8>(p)), TABLE);
  return state;
}

let count0: u32 = 0;
let count1: u32 = 0;
let count2: u32 = 0;
let count3: u32 = 0;

/**
 * Looks for literals that end in the bytes from `start` to `end` of the window at `text` (they may begin before
 * `start`). One state depends on the one before, which costs a load's delay per byte; four lanes wait at the same time.
 * Hits lie in the lanes' lists, in order; `hits(lane)` counts them, and more than LANE_HITS means some were lost.
 */
export function scan(text: usize, start: u32, end: u32): void {
  const quarter = (end - start) / LANES;
  let a: usize = text + start;
  let b: usize = a + quarter;
  let c: usize = b + quarter;
  let d: usize = c + quarter;
  const stop = b;
  const reach: usize = longest > 0 ? longest - 1 : 0;
  let s0: u32 = warm(max<usize>(text, a - min<usize>(reach, a)), a);
  let s1: u32 = warm(max<usize>(text, b - min<usize>(reach, b)), b);
  let s2: u32 = warm(max<usize>(text, c - min<usize>(reach, c)), c);
  let s3: u32 = warm(max<usize>(text, d - min<usize>(reach, d)), d);
  let n0: u32 = 0;
  let n1: u32 = 0;
  let n2: u32 = 0;
  let n3: u32 = 0;
  const limit = threshold;
  // Four letters of each lane with one load.
  while (a + 4 <= stop) {
    let wa = load<u32>(a);
    let wb = load<u32>(b);
    let wc = load<u32>(c);
    let wd = load<u32>(d);
    s0 = load<u32>(<usize>s0 + load<u8>(<usize>(wa & 255)), TABLE);
    s1 = load<u32>(<usize>s1 + load<u8>(<usize>(wb & 255)), TABLE);
    s2 = load<u32>(<usize>s2 + load<u8>(<usize>(wc & 255)), TABLE);
    s3 = load<u32>(<usize>s3 + load<u8>(<usize>(wd & 255)), TABLE);
    if (s0 >= limit) n0 = emit(0, n0, s0, text, <u32>(a - text) + 1);
    if (s1 >= limit) n1 = emit(1, n1, s1, text, <u32>(b - text) + 1);
    if (s2 >= limit) n2 = emit(2, n2, s2, text, <u32>(c - text) + 1);
    if (s3 >= limit) n3 = emit(3, n3, s3, text, <u32>(d - text) + 1);
    wa >>= 8;
    wb >>= 8;
    wc >>= 8;
    wd >>= 8;
    s0 = load<u32>(<usize>s0 + load<u8>(<usize>(wa & 255)), TABLE);
    s1 = load<u32>(<usize>s1 + load<u8>(<usize>(wb & 255)), TABLE);
    s2 = load<u32>(<usize>s2 + load<u8>(<usize>(wc & 255)), TABLE);
    s3 = load<u32>(<usize>s3 + load<u8>(<usize>(wd & 255)), TABLE);
    if (s0 >= limit) n0 = emit(0, n0, s0, text, <u32>(a - text) + 2);
    if (s1 >= limit) n1 = emit(1, n1, s1, text, <u32>(b - text) + 2);
    if (s2 >= limit) n2 = emit(2, n2, s2, text, <u32>(c - text) + 2);
    if (s3 >= limit) n3 = emit(3, n3, s3, text, <u32>(d - text) + 2);
    wa >>= 8;
    wb >>= 8;
    wc >>= 8;
    wd >>= 8;
    s0 = load<u32>(<usize>s0 + load<u8>(<usize>(wa & 255)), TABLE);
    s1 = load<u32>(<usize>s1 + load<u8>(<usize>(wb & 255)), TABLE);
    s2 = load<u32>(<usize>s2 + load<u8>(<usize>(wc & 255)), TABLE);
    s3 = load<u32>(<usize>s3 + load<u8>(<usize>(wd & 255)), TABLE);
    if (s0 >= limit) n0 = emit(0, n0, s0, text, <u32>(a - text) + 3);
    if (s1 >= limit) n1 = emit(1, n1, s1, text, <u32>(b - text) + 3);
    if (s2 >= limit) n2 = emit(2, n2, s2, text, <u32>(c - text) + 3);
    if (s3 >= limit) n3 = emit(3, n3, s3, text, <u32>(d - text) + 3);
    wa >>= 8;
    wb >>= 8;
    wc >>= 8;
    wd >>= 8;
    s0 = load<u32>(<usize>s0 + load<u8>(<usize>(wa)), TABLE);
    s1 = load<u32>(<usize>s1 + load<u8>(<usize>(wb)), TABLE);
    s2 = load<u32>(<usize>s2 + load<u8>(<usize>(wc)), TABLE);
    s3 = load<u32>(<usize>s3 + load<u8>(<usize>(wd)), TABLE);
    if (s0 >= limit) n0 = emit(0, n0, s0, text, <u32>(a - text) + 4);
    if (s1 >= limit) n1 = emit(1, n1, s1, text, <u32>(b - text) + 4);
    if (s2 >= limit) n2 = emit(2, n2, s2, text, <u32>(c - text) + 4);
    if (s3 >= limit) n3 = emit(3, n3, s3, text, <u32>(d - text) + 4);
    a += 4;
    b += 4;
    c += 4;
    d += 4;
  }
  while (a < stop) {
    s0 = load<u32>(<usize>s0 + load<u8>(<usize>load<u8>(a)), TABLE);
    s1 = load<u32>(<usize>s1 + load<u8>(<usize>load<u8>(b)), TABLE);
    s2 = load<u32>(<usize>s2 + load<u8>(<usize>load<u8>(c)), TABLE);
    s3 = load<u32>(<usize>s3 + load<u8>(<usize>load<u8>(d)), TABLE);
    a++;
    b++;
    c++;
    d++;
    if (s0 >= limit) n0 = emit(0, n0, s0, text, <u32>(a - text));
    if (s1 >= limit) n1 = emit(1, n1, s1, text, <u32>(b - text));
    if (s2 >= limit) n2 = emit(2, n2, s2, text, <u32>(c - text));
    if (s3 >= limit) n3 = emit(3, n3, s3, text, <u32>(d - text));
  }
  const last: usize = text + end;
  while (d < last) {
    s3 = load<u32>(<usize>s3 + load<u8>(<usize>load<u8>(d)), TABLE);
    d++;
    if (s3 >= limit) n3 = emit(3, n3, s3, text, <u32>(d - text));
  }
  count0 = n0;
  count1 = n1;
  count2 = n2;
  count3 = n3;
}

export function hits(lane: u32): u32 {
  return lane == 0 ? count0 : lane == 1 ? count1 : lane == 2 ? count2 : count3;
}

export function laneHits(): u32 {
  return LANE_HITS;
}

/** One bit per high nibble of a byte of the base64 alphabets (RFC 4648 sections 4 and 5); see LOW. */
const HIGH = i8x16(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
/** The high nibbles with which each low nibble makes a letter of the alphabets. */
const LOW = i8x16(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13);
const NIBBLE = i8x16.splat(15);
/** The first letter of the alphabets. */
const PLUS = i8x16.splat(43);

// @ts-ignore: decorator
@inline
function inAlphabet(v: v128, high: v128, low: v128, nibble: v128): v128 {
  return v128.and(
    i8x16.swizzle(low, v128.and(v, nibble)),
    // Bytes from 0x80 have high nibbles from 8, whose entry is 0.
    i8x16.swizzle(high, i8x16.shr_u(v, 4)),
  );
}

/** One bit per byte of sixteen, the first lowest: set for letters of the alphabets. */
// @ts-ignore: decorator
@inline
function lettersAt(p: usize, high: v128, low: v128, nibble: v128): u32 {
  return ~i8x16.bitmask(i8x16.eq(inAlphabet(v128.load(p), high, low, nibble), i8x16.splat(0))) & 0xffff;
}

/** Value of a letter of either base64 alphabet, or 255. */
// @ts-ignore: decorator
@inline
function sextet(c: u32): u32 {
  if (c - 65 < 26) return c - 65;
  if (c - 97 < 26) return c - 71;
  if (c - 48 < 10) return c + 4;
  if (c == 43 || c == 45) return 62;
  if (c == 47 || c == 95) return 63;
  return 255;
}

// @ts-ignore: decorator
@inline
function hexDigit(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const lower = c | 32;
  if (lower - 97 < 6) return lower - 87;
  return 255;
}

// @ts-ignore: decorator
@inline
function printable(b: u32): bool {
  return b - 32 < 95 || b == 10 || b == 13 || b == 9;
}

/** Whether the first 24 letters decode to text, or to the head of a gzip member (RFC 1952 section 2.3.1). */
function base64HidesText(p: usize): bool {
  for (let i: usize = 0; i < 24; i += 4) {
    const quad =
      (sextet(load<u8>(p + i)) << 18) |
      (sextet(load<u8>(p + i, 1)) << 12) |
      (sextet(load<u8>(p + i, 2)) << 6) |
      sextet(load<u8>(p + i, 3));
    if (i == 0 && quad == 0x1f8b08) return true;
    if (!printable((quad >> 16) & 255) || !printable((quad >> 8) & 255) || !printable(quad & 255)) return false;
  }
  return true;
}

/** Whether the first 32 digits are hex and decode to text. */
function hexHidesText(p: usize): bool {
  for (let i: usize = 0; i < 32; i += 2) {
    const high = hexDigit(load<u8>(p + i));
    const low = hexDigit(load<u8>(p + i, 1));
    if (high > 15 || low > 15 || !printable((high << 4) | low)) return false;
  }
  return true;
}

/**
 * Runs of at least 32 letters of base64 or hex that begin between `start` and `end` and decode to text. Written to the
 * first lane's list as { offset, length << 1 | hex }; returns how many, at most LANE_HITS. `limit` is the end of what
 * may be read.
 */
export function runs(text: usize, start: u32, end: u32, limit: u32): u32 {
  let n: u32 = 0;
  let p: usize = text + start;
  const stop: usize = text + end;
  const far: usize = text + limit;
  // From memory, or the compiler would make each of them anew at every turn.
  const high = v128.load(CONSTANTS);
  const low = v128.load(CONSTANTS, 16);
  const nibble = v128.load(CONSTANTS, 32);
  const plus = v128.load(CONSTANTS, 48);
  while (p + 16 <= stop && n < LANE_HITS) {
    // A run of 32 letters holds 16 letters wherever one looks every 16 bytes. Most have a blank, quote or bracket among
    // them, all below "+", or are outside ASCII, and so below it as signed bytes.
    const v = v128.load(p);
    if (v128.any_true(i8x16.lt_s(v, plus)) || !i8x16.all_true(inAlphabet(v, high, low, nibble))) {
      p += 16;
      continue;
    }
    let from = p;
    let left: u32 = 16;
    while (left == 16 && from >= text + 16) {
      left = clz<u32>(~(lettersAt(from - 16, high, low, nibble) << 16));
      from -= left;
    }
    if (left == 16) while (from > text && sextet(load<u8>(from - 1)) < 64) from--;
    let to = p + 16;
    let right: u32 = 16;
    while (right == 16 && to + 16 <= far) {
      right = ctz<u32>(~lettersAt(to, high, low, nibble));
      to += right;
    }
    if (right == 16) while (to < far && sextet(load<u8>(to)) < 64) to++;
    if (to - from >= 32 && (from >= text + start || start == 0)) {
      const hex = hexHidesText(from);
      if (hex || base64HidesText(from)) {
        const at = HITS + (<usize>n << 3);
        store<u32>(at, <u32>(from - text));
        store<u32>(at, ((<u32>(to - from)) << 1) | (hex ? 1 : 0), 4);
        n++;
      }
    }
    p = to;
  }
  return n;
}

/** How many bytes of the window equal `value`. */
export function countByte(text: usize, start: u32, end: u32, value: u32): u32 {
  let n: u32 = 0;
  let p: usize = text + start;
  const stop: usize = text + end;
  const wanted = i8x16.splat(<i8>value);
  while (p + 16 <= stop) {
    n += popcnt<u32>(i8x16.bitmask(i8x16.eq(v128.load(p), wanted)));
    p += 16;
  }
  while (p < stop) if (load<u8>(p++) == <u8>value) n++;
  return n;
}

/** How many UTF-16 units the bytes take as UTF-8: all but continuation bytes, and leads of four bytes twice. */
export function utf16Units(text: usize, start: u32, end: u32): u32 {
  let n: u32 = end - start;
  let p: usize = text + start;
  const stop: usize = text + end;
  while (p + 16 <= stop) {
    const v = v128.load(p);
    n -= popcnt<u32>(i8x16.bitmask(i8x16.lt_s(v, i8x16.splat(-64))));
    n += popcnt<u32>(i8x16.bitmask(i8x16.ge_u(v, i8x16.splat(-16))));
    p += 16;
  }
  while (p < stop) {
    const b = load<u8>(p++);
    if ((b & 0xc0) == 0x80) n--;
    if (b >= 0xf0) n++;
  }
  return n;
}
