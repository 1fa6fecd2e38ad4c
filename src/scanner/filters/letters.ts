/** Lower case, upper case, digits, and five kinds of other bytes. */
export const CLASSES = 26 + 26 + 1 + 5;

/** Class of a letter (a byte or UTF-16 unit) in the table of pairs. Digits are one class. */
export const classOf = (code: number): number => {
  if (code >= 97 && code <= 122) return code - 97;
  if (code >= 65 && code <= 90) return code - 65 + 26;
  if (code >= 48 && code <= 57) return 52;
  if (code === 95 || code === 45) return 53;
  if (code === 46 || code === 47 || code === 58) return 54;
  if (code === 32 || code === 10 || code === 9) return 55;
  if (code < 128) return 56;
  return 57;
};
