import { Duration, hasCode } from '#kernel';
import { z } from 'zod';

/** Where a setting came from, for messages. */
export type Source = { readonly kind: 'flag' | 'environment' | 'file' | 'default'; readonly where: string };

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const duration = z
  .string()
  .max(40)
  .transform((text, context) => {
    try {
      return Duration.parse(text);
    } catch (error) {
      if (!hasCode(error, 'duration.unreadable')) throw error;
      context.addIssue({ code: 'custom', message: `${error.message} ${error.hint ?? ''}` });
      return z.NEVER;
    }
  });

const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0', ''])])
  .transform((value) => value === true || value === 'true' || value === '1' || value === '');

const path = z.string().min(1).max(4_096);

/**
 * Every setting: its schema, its default, and what it is for. A setting `listen` is the flag `--listen`, the variable
 * CHATELAINE_LISTEN and the key `listen` of the file; flags win over variables, variables over the file.
 */
export const SETTINGS = {
  data: { schema: path, says: 'Folder of the database. Made with mode 0700.' },
  listen: {
    schema: z
      .string()
      .max(256)
      .regex(/^(?:\[[0-9a-fA-F:.]+\]|[^:\s]+):\d{1,5}$/, 'is HOST:PORT'),
    says: 'Address to serve on: HOST:PORT.',
  },
  socket: { schema: path, says: 'Unix socket for this machine’s own users. Default: inside the data folder.' },
  'database-url': {
    schema: z
      .string()
      .max(2_048)
      .regex(/^postgres(?:ql)?:\/\//, 'begins with postgres://'),
    says: 'PostgreSQL instead of the embedded database.',
  },
  'key-file': { schema: path, says: 'File with the key that unlocks at start. Never inside the data folder.' },
  seal: { schema: z.enum(['key-file', 'passphrase', 'systemd-credential']), says: 'What guards the root key.' },
  'anchor-file': { schema: path, says: 'Remembers the newest checkpoint outside the data folder, against rollback.' },
  'tls-cert': { schema: path, says: 'Certificate chain in PEM.' },
  'tls-key': { schema: path, says: 'Its private key in PEM.' },
  'allow-plain-http': { schema: flag, says: 'Serve without TLS on an address that others reach.' },
  hosts: {
    schema: z.string().max(4_096).transform(list),
    says: 'Names that requests may ask for in Host, besides loopback; comma-separated.',
  },
  'trusted-proxies': {
    schema: z.string().max(4_096).transform(list),
    says: 'Proxies whose X-Forwarded-For is believed; addresses or CIDR ranges.',
  },
  'body-limit': { schema: z.coerce.number().int().min(1_024).max(33_554_432), says: 'Largest request in bytes.' },
  'request-timeout': { schema: duration, says: 'Longest time for a request to arrive whole.' },
  'max-connections': { schema: z.coerce.number().int().min(1).max(100_000), says: 'Open connections at most.' },
  'log-level': { schema: z.enum(['silent', 'error', 'warn', 'info', 'debug']), says: 'How much to log.' },
  'backup-folder': { schema: path, says: 'Where automatic backups go. Default: beside the data folder.' },
  'operator-token-file': { schema: path, says: 'Writes a token for automation there, mode 0600.' },
  posture: {
    schema: z.enum(['home', 'team', 'maker']),
    says: 'Rules at the first start: one owner, a team, a maker of devices.',
  },
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [K in SettingName]?: z.output<(typeof SETTINGS)[K]['schema']> };

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];
export const isSettingName = (text: string): text is SettingName => Object.hasOwn(SETTINGS, text);
