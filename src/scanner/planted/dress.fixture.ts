import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';

/** A text written in another way inside a file: what goes there instead of a value, and the name it gets. */
export type Spelling = { readonly id: string; readonly spell: (name: string, written: string) => string };

const snippet = (name: string, written: string): string => JSON.stringify({ at: 'porch', [name]: written });

/** Ways in which one file carries another's text. What comes out is planted as a value under a name that tells nothing. */
export const SPELLINGS: readonly Spelling[] = [
  { id: 'base64', spell: (name, written) => Buffer.from(snippet(name, written)).toString('base64') },
  { id: 'base64url', spell: (name, written) => Buffer.from(snippet(name, written)).toString('base64url') },
  {
    id: 'base64 twice',
    spell: (name, written) =>
      Buffer.from(`inside ${Buffer.from(snippet(name, written)).toString('base64')} more`).toString('base64'),
  },
  { id: 'gzip in base64', spell: (name, written) => gzipSync(snippet(name, written)).toString('base64') },
  { id: 'hex', spell: (name, written) => Buffer.from(snippet(name, written)).toString('hex') },
  {
    id: 'percent',
    spell: (name, written) =>
      `https://porch.lan/hook?a=1&${encodeURIComponent(name)}=${encodeURIComponent(written)}&b=2`,
  },
  {
    id: 'JSON in percent',
    spell: (name, written) => `https://porch.lan/?q=${encodeURIComponent(snippet(name, written))}`,
  },
  {
    id: 'percent, every letter',
    spell: (name, written) =>
      `https://porch.lan/?q=${[...Buffer.from(snippet(name, written))].map((byte) => `%${byte.toString(16)}`).join('')}`,
  },
  {
    id: 'JSON in XML',
    spell: (name, written) => {
      const json = snippet(name, written).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
      return `<node data="${json}"/>`;
    },
  },
  { id: 'JSON in a string', spell: snippet },
  {
    id: 'query in JSON escapes',
    spell: (name, written) =>
      `{"url":"https://porch.lan/hook?a=1\\u0026${name}=${JSON.stringify(written).slice(1, -1)}\\u0026b=2"}`,
  },
  {
    id: 'a line in a JSON string',
    spell: (name, written) => JSON.stringify({ log: `first\n${name}: ${written}\nlast` }),
  },
];

/** How the bytes of a whole file are written. */
export const CHARSETS: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\uFEFF${text}`),
  'UTF-8 with Windows line ends': (text) => Buffer.from(text.replaceAll('\n', '\r\n')),
  'UTF-16LE': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16BE': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  'UTF-16LE without a mark': (text) => Buffer.from(text, 'utf16le'),
  'latin-1': (text) => Buffer.from(`# f\u00fcr die Tr\u00e4ger\n${text}\n`, 'latin1'),
};

export type Wrapped = { readonly name: string; readonly bytes: Buffer };

/** Archives and compressions, also in each other. */
export const WRAPPINGS: Readonly<Record<string, (name: string, bytes: Buffer) => Wrapped>> = {
  none: (name, bytes) => ({ name, bytes }),
  gzip: (name, bytes) => ({ name: `${name}.gz`, bytes: gzipSync(bytes) }),
  zstd: (name, bytes) => ({ name: `${name}.zst`, bytes: zstdCompressSync(bytes) }),
  zip: (name, bytes) => ({ name: 'a.zip', bytes: zipOf(name, bytes, true) }),
  'zip, stored': (name, bytes) => ({ name: 'a.zip', bytes: zipOf(name, bytes, false) }),
  tar: (name, bytes) => ({ name: 'a.tar', bytes: tarOf(name, bytes) }),
  'tar.gz': (name, bytes) => ({ name: 'a.tar.gz', bytes: gzipSync(tarOf(name, bytes)) }),
  'tar.zst': (name, bytes) => ({ name: 'a.tar.zst', bytes: zstdCompressSync(tarOf(name, bytes)) }),
  'zip in tar.gz': (name, bytes) => ({ name: 'a.tar.gz', bytes: gzipSync(tarOf('in.zip', zipOf(name, bytes, true))) }),
  'tar.gz in zip': (name, bytes) => ({
    name: 'a.zip',
    bytes: zipOf('in.tar.gz', gzipSync(tarOf(name, bytes)), false),
  }),
  'gzip in gzip': (name, bytes) => ({ name: `${name}.gz.gz`, bytes: gzipSync(gzipSync(bytes)) }),
};

/** POSIX ustar, one member. */
export const tarOf = (name: string, bytes: Uint8Array): Buffer => {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('0000640\0', 100);
  block.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512), Buffer.alloc(1024)]);
};

/** APPNOTE 6.3.10, one member: local header, data, directory, end. */
export const zipOf = (name: string, bytes: Uint8Array, packs: boolean): Buffer => {
  const data = packs ? deflateRawSync(bytes) : Buffer.from(bytes);
  const title = Buffer.from(name);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(packs ? 8 : 0, 4);
  facts.writeUInt32LE(crc32(bytes), 10);
  facts.writeUInt32LE(data.length, 14);
  facts.writeUInt32LE(bytes.length, 18);
  facts.writeUInt16LE(title.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, title, data]);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), facts, Buffer.alloc(14), title]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
};
