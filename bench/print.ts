export type Row = {
  readonly engine: string;
  readonly what: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
  /** To the yardstick at as many connections. */
  readonly ratio: number;
  readonly note: string;
};

const HEAD = ['engine', 'what', 'connections', 'per second', 'p50 ms', 'p99 ms', 'of bare', 'failed', ''];

/** Prints rows as a Markdown table, ready for docs/performance.md. */
export const printTable = (rows: readonly Row[]): void => {
  const cells = rows.map((row) => [
    row.engine,
    row.what,
    String(row.connections),
    row.perSecond.toFixed(0),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    row.ratio.toFixed(3),
    String(row.failures),
    row.note,
  ]);
  console.log([HEAD, HEAD.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |`).join('\n'));
};
