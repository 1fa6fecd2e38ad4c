import { type Field, type Mac, canonical } from '#kernel';

/** A row under a code. The code is null in rows of before there was one; such a row is not true. */
export type Coded = { readonly mac: Uint8Array | null };

export type RowSeal<Row extends Coded> = {
  /** The row with its code. */
  readonly seal: (mac: Mac, row: Omit<Row, 'mac'>) => Row & { readonly mac: Uint8Array };
  /** Whether the code is that of the row, under any term of the key. */
  readonly isTrue: (macs: readonly Mac[], row: Row) => boolean;
};

/**
 * Seals and checks the rows of one table: HMAC under the row key over `canonical(format, columns in order)`. It stops a
 * row that was invented or edited. That an older true row was not put back is the guard's to tell; see `row-guard.ts`.
 *
 * @param format names table and version of the list of columns
 */
export const rowSeal = <Row extends Coded>(
  format: string,
  columns: readonly (Exclude<keyof Row, 'mac'> & string)[],
): RowSeal<Row> => {
  const message = (row: Omit<Row, 'mac'>) =>
    canonical([format, ...columns.map((column) => (row as Row)[column] as Field)]);
  return {
    seal: (mac, row) => ({ ...row, mac: mac.tag(message(row)) }) as Row & { readonly mac: Uint8Array },
    isTrue: (macs, row) => row.mac !== null && macs.some((mac) => mac.verify(message(row), row.mac!)),
  };
};
