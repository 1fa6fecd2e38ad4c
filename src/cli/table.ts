import type { Paint } from './paint.ts';
import { printable, shorten, shortenStart, widthOf } from './text.ts';

export type Column<Row> = {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Narrowed first when the terminal is; 0 keeps its width. Default 1. */
  readonly gives?: number;
  readonly least?: number;
  readonly align?: 'right';
  /** Which end goes when it is too long; of a path the end says more. Default `end`. */
  readonly cut?: 'start' | 'end';
  readonly paint?: (text: string, row: Row) => string;
};

const GAP = '  ';
const LEAST = 8;

/**
 * A table that never wraps: columns as wide as their content, narrowed by ellipsis where the terminal is narrower,
 * the last column last. A column that is empty in every row is left out.
 */
export const table = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  paint: Paint,
  width: number,
): readonly string[] => {
  const cells = rows.map((row) => columns.map((column) => printable(column.of(row))));
  const used = columns.map((_, at) => cells.some((line) => line[at] !== ''));
  const shown = columns.map((column, at) => ({ column, at })).filter(({ at }) => used[at]);
  if (shown.length === 0) return [];
  const wanted = shown.map(({ column, at }) =>
    cells.reduce((most, line) => Math.max(most, widthOf(line[at]!)), widthOf(column.title)),
  );
  const widths = narrow(
    wanted,
    shown.map(({ column }) => column),
    width - GAP.length * (shown.length - 1),
  );
  const line = (texts: readonly string[], row: Row | undefined): string =>
    shown
      .map(({ column, at }, i) => {
        const text = column.cut === 'start' ? shortenStart(texts[at]!, widths[i]!) : shorten(texts[at]!, widths[i]!);
        const space = ' '.repeat(Math.max(0, widths[i]! - widthOf(text)));
        const painted = row === undefined ? paint.quiet(text) : text === '' ? '' : (column.paint?.(text, row) ?? text);
        if (column.align === 'right') return space + painted;
        return i === shown.length - 1 ? painted : painted + space;
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      undefined,
    ),
    ...rows.map((row, i) => line(cells[i]!, row)),
  ];
};

/** Takes what is too much from the columns that give, the widest first, never below their least. */
const narrow = (
  wanted: readonly number[],
  columns: readonly Pick<Column<never>, 'gives' | 'least'>[],
  room: number,
): readonly number[] => {
  const widths = [...wanted];
  for (let excess = widths.reduce((sum, one) => sum + one, 0) - room; excess > 0; excess--) {
    let widest = -1;
    for (const [at, column] of columns.entries()) {
      const canGive = (column.gives ?? 1) > 0 && widths[at]! > (column.least ?? LEAST);
      if (
        canGive &&
        (widest === -1 || widths[at]! * (column.gives ?? 1) > widths[widest]! * (columns[widest]!.gives ?? 1))
      )
        widest = at;
    }
    if (widest === -1) break;
    widths[widest]!--;
  }
  return widths;
};
