/** The protocol counts a statement's parameters in 16 bits (Bind message). */
const MOST_PARAMETERS = 65_535;
/** Beyond this many rows a longer statement gains nothing. */
const MOST_ROWS = 128;

const INSERT_ONE = /^(insert into "\w+" \("\w+"(?:, "\w+")*\) values )\(\$1(?:, \$\d+)*\)((?: on conflict [^$]*)?)$/;

/** One statement for `rows` rows, with `columns` parameters each, in order. */
export type ManyRows = { readonly rows: number; readonly sql: string };

/**
 * Splits an insert of `count` rows into multi-row inserts whose sizes are powers of two, so that a connection
 * prepares a handful of texts and not one for every count. Undefined when the statement is not a plain insert
 * whose every parameter is a column's value.
 */
export const manyRows = (sql: string, columns: number, count: number): ManyRows[] | undefined => {
  const match = INSERT_ONE.exec(sql);
  if (match === null || columns === 0) return undefined;
  const [, head = '', tail = ''] = match;
  const parts: ManyRows[] = [];
  let left = count;
  for (let rows = largestPart(columns); rows >= 1; rows /= 2)
    for (; left >= rows; left -= rows) parts.push({ rows, sql: head + tuples(rows, columns) + tail });
  return parts;
};

const largestPart = (columns: number): number => {
  let rows = MOST_ROWS;
  while (rows > 1 && rows * columns > MOST_PARAMETERS) rows /= 2;
  return rows;
};

const tuples = (rows: number, columns: number): string => {
  const tuple = (row: number) => Array.from({ length: columns }, (_, i) => `$${row * columns + i + 1}`).join(', ');
  return Array.from({ length: rows }, (_, row) => `(${tuple(row)})`).join(', ');
};
