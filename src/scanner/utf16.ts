/** Share of bytes that are NUL on one side of each pair, from which content is taken for UTF-16 without a mark. */
const SHARE = 0.7;

/** Which UTF-16 (RFC 2781) content is written in, by its mark or by where its NUL bytes lie; null for none. */
export const utf16Of = (head: Uint8Array): 'utf-16le' | 'utf-16be' | null => {
  if (head[0] === 0xff && head[1] === 0xfe && !(head[2] === 0 && head[3] === 0)) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.length < 16) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const pairs = head.length >> 1;
  if (odd > pairs * SHARE && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * SHARE && odd < pairs * 0.05) return 'utf-16be';
  return null;
};
