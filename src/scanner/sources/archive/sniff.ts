export type Container = 'gzip' | 'zstd' | 'tar' | 'zip' | 'securetar' | 'xz' | 'bzip2' | '7z' | 'rar' | 'lz4';

const starts = (bytes: Uint8Array, ...magic: readonly number[]): boolean =>
  bytes.length >= magic.length && magic.every((byte, at) => bytes[at] === byte);

/** What the first 512 bytes say it is; null for what is no archive. */
export const sniff = (head: Uint8Array): Container | null => {
  if (starts(head, 0x1f, 0x8b, 8)) return 'gzip';
  // Zstandard frame, RFC 8878 section 3.1.1, or a skippable one before it, section 3.1.2.
  if (starts(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (head.length > 3 && (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18)
    return 'zstd';
  if (starts(head, 0x50, 0x4b, 3, 4) || starts(head, 0x50, 0x4b, 5, 6)) return 'zip';
  if (starts(head, ...Buffer.from('SecureTar'))) return 'securetar';
  if (starts(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return 'xz';
  if (starts(head, 0x42, 0x5a, 0x68) && head[3]! >= 0x31 && head[3]! <= 0x39 && isBzip2(head)) return 'bzip2';
  if (starts(head, 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)) return '7z';
  if (starts(head, 0x52, 0x61, 0x72, 0x21, 0x1a, 7)) return 'rar';
  if (starts(head, 4, 0x22, 0x4d, 0x18)) return 'lz4';
  return isTarHeader(head) ? 'tar' : null;
};

const isBzip2 = (head: Uint8Array): boolean => Buffer.from(head.subarray(4, 10)).toString('hex') === '314159265359';

/** The sum of a header's bytes with its own field as spaces: signed sums are accepted, as some old writers made them. */
export const isTarHeader = (block: Uint8Array): boolean => {
  if (block.length < 512 || block[0] === 0) return false;
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < 512; at += 1) {
    const byte = at >= 148 && at < 156 ? 0x20 : block[at]!;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const stored = octal(block.subarray(148, 156));
  return stored !== null && (stored === unsigned || stored === signed);
};

/** A number of a tar header: octal, or base 256 when the first bit is set (GNU). Null when it is neither. */
export const octal = (field: Uint8Array): number | null => {
  if (field[0] === 0x80 || field[0] === 0xff) {
    let value = 0;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return field[0] === 0xff || !Number.isSafeInteger(value) ? null : value;
  }
  const text = Buffer.from(field)
    .toString('latin1')
    .replaceAll(/[\0 ]+$|^ +/g, '');
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : null;
};
