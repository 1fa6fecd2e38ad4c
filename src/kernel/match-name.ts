import { utf8 } from './bytes.ts';
import { canonical } from './canonical.ts';
import type { Mac } from './ports.ts';

/** Shorter values have no name: whoever holds a match key would try every PIN of six digits in a second. */
export const MIN_MATCHED = 8;

/**
 * What a value is called between whoever scans and the store: HMAC under the project's match key. Null for a value that
 * is too short. Written in one way whatever its line ends, its form of Unicode and the blanks around it, for a file
 * adds those and a value means the same with them.
 */
export const matchName = (key: Mac, value: string): Uint8Array | null => {
  const text = value.replaceAll('\r\n', '\n').normalize('NFC').trim();
  return [...text].length < MIN_MATCHED ? null : key.tag(canonical(['chatelaine/match/1', utf8(text)]));
};
