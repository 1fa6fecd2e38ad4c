import type { Candidate, Detector, Window } from '../detector.ts';
import { type Description, candidate } from './describe.ts';

const description = (rule: string, title: string, vendor: string, opens: string): Description => ({
  rule,
  title,
  vendor,
  kind: 'private-key',
  tier: 'gold',
  rotation: 'api',
  opens,
  remedy:
    'Make a new key pair, put the new public key or certificate where the old one is trusted, then revoke the old certificate or remove its public key there.',
});

const PEM = description('private-key-pem', 'Private key', 'PEM', 'whatever trusts its public key or certificate');
const SSH = description('private-key-openssh', 'SSH private key', 'OpenSSH', 'every account that lists its public key');
const PGP = description(
  'private-key-pgp',
  'PGP private key',
  'OpenPGP',
  'what is encrypted to it, and signatures in its owner’s name',
);
const PUTTY = description(
  'private-key-putty',
  'SSH private key of PuTTY',
  'PuTTY',
  'every account that lists its public key',
);

/** Longest armour that is read, in bytes: RSA keys of 16,384 bits take 13,000. */
const LONGEST = 30_000;
/** Fewest letters of base64 in a body: an Ed25519 key in PKCS #8 has 64 (RFC 8410 section 10.3). */
const FEWEST = 60;

const BEGIN = /-{4,5} ?BEGIN ((?:[A-Z0-9]{1,12} ){0,3})PRIVATE KEY( BLOCK)? ?-{4,5}/y;

/** PEM (RFC 7468), PKCS #8, OpenSSH, SSH2, OpenPGP armour, PuTTY's files; also inside JSON strings, `\n` for line ends. */
export const privateKeys: Detector = {
  id: 'private-keys',
  literals: ['-----begin', '---- begin', 'putty-user-key-file'],
  precision: 'format',
  detect(window, hit) {
    return hit.literal.startsWith('putty') ? putty(window, hit.start) : armour(window, hit.start);
  },
};

const armour = ({ text }: Window, start: number): readonly Candidate[] => {
  BEGIN.lastIndex = start;
  const begin = BEGIN.exec(text);
  if (begin === null) return [];
  const rest = text.slice(BEGIN.lastIndex, start + LONGEST);
  const marked = rest.search(/-{4,5} ?END /);
  // A ring of OpenPGP keys with the signatures of many people: its beginning is enough to know it by.
  const isCut = marked === -1 && rest.length >= LONGEST - begin[0].length;
  if (marked === -1 && !isCut) return [];
  const stop = isCut ? rest.length : marked;
  const label = begin[1]!.trim();
  const body = rest.slice(0, stop);
  const headers = /(?:Proc-Type: *\d+,ENCRYPTED|DEK-Info: *[\w-]+)/.test(body);
  const letters = lettersOf(body);
  if (letters.length < FEWEST || !/^[A-Za-z0-9+/]+={0,2}$/.test(letters)) return [];
  const end =
    start + begin[0].length + stop + (/^-{4,5} ?END [A-Z0-9 ]{0,60}-{4,5}/.exec(rest.slice(stop))?.[0].length ?? 0);
  const bytes = Buffer.from(letters, 'base64');
  const openssh = bytes.subarray(0, 14).toString('latin1') === 'openssh-key-v1';
  const about = begin[2] === ' BLOCK' ? PGP : openssh ? SSH : PEM;
  // DER begins with a SEQUENCE, OpenPGP with a packet tag; what has neither is somebody's picture of a key.
  const made =
    openssh || bytes[0] === 0x30 || (about === PGP && (bytes[0]! & 0x80) !== 0) || headers || label.startsWith('SSH2');
  if (!made || new Set(letters).size < 20) return [];
  const encrypted =
    headers || label.startsWith('ENCRYPTED') || label.includes('SSH2 ENCRYPTED') || (openssh && !isOpen(bytes));
  const name = label === '' ? 'PRIVATE KEY' : `${label} PRIVATE KEY`;
  return [
    candidate(about, {
      start,
      end,
      // The same key with other line ends is the same key.
      value: `-----BEGIN ${name}-----\n${letters.match(/.{1,64}/g)!.join('\n')}\n-----END ${name}-----\n`,
      why: `${isCut ? 'the first 30,000 bytes of a private key' : 'a whole private key'}${encrypted ? ', protected by a passphrase' : ''}`,
      confidence: encrypted ? 'likely' : 'certain',
      facts: { form: label === '' ? 'PKCS #8' : label, encrypted: encrypted ? 'yes' : 'no' },
      ...(isCut ? { cut: true } : {}),
    }),
  ];
};

/** The base64 of an armoured body: without line ends (also written `\n`), quotes, comment marks, headers, checksum. */
const lettersOf = (body: string): string => {
  const lines = body.split(/\\{1,4}r\\{1,4}n|\\{1,4}[nr]|[\r\n]/);
  const mark = lines.at(-1)!.trim();
  // A comment or a patch puts the same mark before every line; a lone `+` or `/` may be of the base64.
  const isMarked =
    /^(?:\+|\/\/)$/.test(mark) &&
    lines.slice(1).every((line) => line.trim() === '' || line.trimStart().startsWith(mark));
  return lines
    .map((line) => bare(isMarked ? line.trimStart().slice(mark.length) : line))
    .filter((line) => line !== '' && !/^[A-Za-z-]{3,20}: /.test(line) && !/^=[\w+/]{4}$/.test(line))
    .join('')
    .replaceAll(/\s/g, '');
};

const AROUND = ' \t"\'`>#*|-+/.,;\\)';

/** Without what code and comments put around a line; signs of base64 stay with the letters they touch. */
const bare = (line: string): string => {
  let start = 0;
  let end = line.length;
  while (start < end && AROUND.includes(line[start]!)) start++;
  while (end > start && AROUND.includes(line[end - 1]!)) end--;
  while (start > 0 && '+/'.includes(line[start - 1]!)) start--;
  while (end < line.length && '+/'.includes(line[end]!)) end++;
  return /^[+/]*$/.test(line.slice(start, end)) ? '' : line.slice(start, end);
};

/** Of OpenSSH's own format (PROTOCOL.key): the name of the cipher is the first string. */
const isOpen = (bytes: Buffer): boolean => bytes.subarray(15, 23).toString('latin1') === '\0\0\0\x04none';

const putty = ({ text }: Window, start: number): readonly Candidate[] => {
  const block = text.slice(start, start + LONGEST);
  const found =
    /^PuTTY-User-Key-File-\d: ([\w-]{3,40})\r?\nEncryption: ([\w-]{3,20})[\s\S]{0,20000}?Private-Lines: \d{1,4}\r?\n([\w+/=\r\n]{20,20000})/.exec(
      block,
    );
  if (found === null) return [];
  const encrypted = found[2] !== 'none';
  return [
    candidate(PUTTY, {
      start,
      end: start + found[0].trimEnd().length,
      value: found[3]!.replaceAll(/\s/g, ''),
      why: `a whole private key${encrypted ? ', protected by a passphrase' : ''}`,
      confidence: encrypted ? 'likely' : 'certain',
      facts: { form: found[1]!, encrypted: encrypted ? 'yes' : 'no' },
    }),
  ];
};
