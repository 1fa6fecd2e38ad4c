import type { Candidate, Hit, Window } from './detector.ts';
import { describe, judgeToken } from './filters/judge-token.ts';
import { contextOf } from './filters/context.ts';
import { PRECISION, type Placed } from './found.ts';
import { type Marked, encodedStretches, hidesMore } from './decode.ts';
import { meant } from './entities.ts';
import type { Occurrence } from './finding.ts';
import { type Area, INNER, MAX_DEPTH } from './matcher/matcher.ts';
import type { Plan } from './plan.ts';

/** What a look at one unit keeps from window to window. */
export type Look = {
  readonly path: string;
  readonly binary: boolean;
  /** Literals of FileDetectors that were seen. */
  readonly seen: Set<string>;
  readonly placed: Placed[];
  /** Bytes that may still be decoded. */
  budget: number;
  /** Why something was not decoded, or not read to its end; the first reason. */
  left: 'too_large' | 'too_deep' | 'broken' | 'long_key' | null;
  /** A rule matched before its words were there: load them and look again. */
  needsWords: boolean;
};

/** A window in memory, and the part of it whose literals are ours: the rest belongs to the windows beside it. */
export type Stretch = {
  readonly area: Area;
  readonly filled: number;
  readonly from: number;
  readonly to: number;
  /** Nothing follows the window. */
  readonly last: boolean;
  readonly depth: number;
  /** Of the window's first byte in the unit. For what was decoded: of the outermost stretch, see `outer`. */
  readonly base: number;
  readonly encodings: Occurrence['encodings'];
  /** The outermost encoded stretch: what people can see in the file. */
  readonly outer: { readonly offset: number; readonly length: number } | null;
};

/** Bytes of decoded text that are seen twice, so that nothing is lost between its parts. */
const INNER_OVERLAP = 32 * 1024;

/** Finds candidates in a stretch and, decoded, in what it hides. */
export const look = (plan: Plan, state: Look, stretch: Stretch): void => {
  const { area, depth, filled, from, to } = stretch;
  let text: string | null = null;
  const window = (): Window => ({
    path: state.path,
    binary: state.binary,
    text: (text ??= Buffer.from(area.bytes.buffer, area.at, filled).toString('latin1')),
  });
  let view: Window | null = null;
  const marked: Marked = { percent: [], entity: [] };
  const before = state.placed.length;

  plan.matcher.scan(area, from, filled, (literal, end) => {
    const name = plan.literals[literal]!;
    const start = end - name.length;
    if (start < from || start >= to) return;
    if (plan.forFiles[literal]! && depth === 0) state.seen.add(name);
    if (plan.percent[literal]!) marked.percent.push(start);
    else if (plan.entity[literal]!) marked.entity.push(start);
    const rules = plan.rules[literal]!;
    const detectors = plan.detectors[literal]!;
    if (rules.length === 0 && detectors.length === 0) return;
    view ??= window();
    const hit: Hit = { literal: name, start, end };
    for (const index of rules) {
      const rule = plan.rule(index);
      for (const span of rule.find(view.text, hit)) {
        const verdict = judgeToken(rule, view, span);
        if (verdict === null) continue;
        const words = plan.words(index);
        if (words === null) {
          state.needsWords = true;
          return;
        }
        const precision = verdict.proved ? PRECISION.proved : rule.prefix > 0 ? PRECISION.rule : PRECISION.near;
        place(state, stretch, view, describe(words, verdict, view, span), precision);
      }
    }
    for (const detector of detectors)
      for (const candidate of detector.detect(view, hit))
        place(state, stretch, view, soften(candidate, view.path), PRECISION[detector.precision]);
  });
  if (state.needsWords) {
    state.placed.length = before;
    return;
  }
  if (contextOf(state.path).lock) return;
  if (depth >= MAX_DEPTH) {
    if (hidesMore(plan.matcher, stretch)) state.left ??= 'too_deep';
    return;
  }
  for (const inner of encodedStretches(plan.matcher, stretch, marked, state, () => (view ??= window()).text)) {
    if (state.budget < inner.bytes.length) {
      state.left ??= 'too_large';
      return;
    }
    state.budget -= inner.bytes.length;
    // It went on behind the window.
    if (inner.end === filled && !stretch.last) state.left ??= 'too_large';
    const deeper = plan.matcher.area(depth + 1);
    for (let at = 0; at < inner.bytes.length; at += INNER - INNER_OVERLAP) {
      const part = inner.bytes.subarray(at, at + INNER);
      deeper.bytes.set(part);
      const last = at + INNER >= inner.bytes.length;
      look(plan, state, {
        area: deeper,
        filled: part.length,
        from: 0,
        to: last ? part.length : INNER - INNER_OVERLAP,
        last,
        depth: depth + 1,
        base: stretch.base,
        encodings: [...stretch.encodings, ...inner.encodings],
        outer: stretch.outer ?? { offset: stretch.base + inner.start, length: inner.end - inner.start },
      });
      if (state.needsWords) return;
      if (last) break;
    }
  }
};

/** In tests and examples a look alike is worth a note; what proves itself stays what it is. */
const soften = (candidate: Candidate, path: string): Candidate =>
  contextOf(path).practice && candidate.confidence !== 'note' && candidate.kind !== 'ha-long-lived-token'
    ? { ...candidate, confidence: 'note' }
    : candidate;

/** Bytes as the text that they are in UTF-8. */
const readable = (bytes: string): string =>
  /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;

const place = (state: Look, stretch: Stretch, window: Window, candidate: Candidate, precision: number): void => {
  if (candidate.cut === true) state.left ??= 'long_key';
  const { start } = candidate;
  const written = candidate.value ?? meant(window.text.slice(start, candidate.end), window.text, start, window.path);
  state.placed.push({
    candidate: candidate.around === undefined ? candidate : { ...candidate, around: candidate.around.map(readable) },
    precision,
    value: readable(written),
    offset: stretch.outer?.offset ?? stretch.base + candidate.start,
    length: stretch.outer?.length ?? candidate.end - candidate.start,
    encodings: stretch.encodings,
  });
};
