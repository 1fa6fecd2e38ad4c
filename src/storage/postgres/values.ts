import type { CustomTypesConfig } from 'pg';

/** Object ids of PostgreSQL's built-in types (catalog/pg_type.dat). */
const BOOL = 16;
const BYTEA = 17;
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;
const NUMERIC = 1700;

/**
 * Reads PostgreSQL's text format so that both engines give the same values: text, integers of 53 bits, bytes, null.
 * `sum()` over BIGINT is NUMERIC, a comparison is BOOL; SQLite gives integers for both.
 */
const parse = (oid: number): ((text: string) => unknown) => {
  switch (oid) {
    case INT2:
    case INT4:
    case INT8:
    case NUMERIC:
      return integer;
    case BYTEA:
      // `bytea_output = hex` is set for every session: "\x" and two digits a byte.
      return (text) => Uint8Array.fromHex(text.slice(2));
    case BOOL:
      return (text) => (text === 't' ? 1 : 0);
    default:
      return (text) => text;
  }
};

export const types: CustomTypesConfig = { getTypeParser: parse as CustomTypesConfig['getTypeParser'] };

const integer = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The database holds ${text}, which is not an integer of 53 bits.`);
  return value;
};
