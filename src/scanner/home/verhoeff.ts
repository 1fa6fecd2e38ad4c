/** Verhoeff's check digit, as Matter's manual pairing code carries it (Matter core specification, section 5.1.4.1.5). */
const D = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
].map((row) => [...row].map(Number));

/** Each row is the one before, permuted once more. */
const P: readonly (readonly number[])[] = (() => {
  const step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const rows = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]];
  for (let i = 1; i < 8; i++) rows.push(rows[i - 1]!.map((digit) => step[digit]!));
  return rows;
})();

const fold = (digits: string, from: number): number =>
  [...digits].toReversed().reduce((sum, digit, index) => D[sum]![P[(index + from) % 8]![Number(digit)]!]!, 0);

/** Whether the last digit fits the ones before it. Digits only. */
export const hasCheckDigit = (digits: string): boolean => fold(digits, 0) === 0;

/** The digit to be put behind. */
export const checkDigitOf = (digits: string): string => String(D[fold(digits, 1)]!.indexOf(0));
