import type { Area, Matcher } from './matcher/matcher.ts';

const NEWLINE = 10;

export type Lines = {
  /** Line and column, from 1, of an offset in the window that is there now. */
  at(offset: number): { readonly line: number; readonly column: number };
  /** The window is about to move on by so many bytes. */
  leave(bytes: number): void;
};

/** Counts lines where somebody asks, and across windows; columns in UTF-16 units, whatever the length of the line. */
export const lineCounter = (matcher: Matcher, area: Area): Lines => {
  let linesBefore = 0;
  /** UTF-16 units of the unfinished line before the window. */
  let unitsBefore = 0;
  /** Last asked, to count on from: findings come in order. */
  let known = { offset: 0, lines: 0 };
  return {
    at(offset) {
      const from = known.offset <= offset ? known : { offset: 0, lines: 0 };
      const lines = from.lines + matcher.countLines(area, from.offset, offset);
      known = { offset, lines };
      const newline = offset === 0 ? -1 : area.bytes.lastIndexOf(NEWLINE, offset - 1);
      const units = matcher.utf16Units(area, newline + 1, offset) + (newline === -1 ? unitsBefore : 0);
      return { line: linesBefore + lines + 1, column: units + 1 };
    },
    leave(bytes) {
      linesBefore += matcher.countLines(area, 0, bytes);
      const newline = area.bytes.lastIndexOf(NEWLINE, bytes - 1);
      unitsBefore = matcher.utf16Units(area, newline + 1, bytes) + (newline === -1 ? unitsBefore : 0);
      known = { offset: 0, lines: 0 };
    },
  };
};
