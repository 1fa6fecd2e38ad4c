import { Duration, type Tier } from '#kernel';

/** What replacing a value costs; `none` means that it cannot be replaced where it lives. */
export type RotationClass = 'api' | 'restart' | 'reflash' | 're-pair' | 'none';

/** Which recipe of `generate.ts` makes a value; null when only the system itself can issue one. */
export type GeneratorId =
  | 'password'
  | 'wifi-passphrase'
  | 'base64-32'
  | 'hex-16'
  | 'hex-32'
  | 'hex-64'
  | 'zigbee-key'
  | 'pin'
  | 'homekit-code'
  | 'matter-passcode';

export type KindRow = {
  /** What people call it. */
  readonly title: string;
  readonly rotation: RotationClass;
  /** Default age at which it is due. Null: no schedule, but custody and a watch for leaks. */
  readonly period: Duration | null;
  /** Tier when nothing more is known than the kind; `deriveTier` knows more. */
  readonly tier: Tier;
  readonly generator: GeneratorId | null;
  /** Shorter values are weak, in characters. Null where the issuer decides the length. */
  readonly shortest: number | null;
};

const days = (count: number): Duration => Duration.of(count, 'd');

const row = (
  title: string,
  rotation: RotationClass,
  period: Duration | null,
  tier: Tier,
  generator: GeneratorId | null,
  shortest: number | null,
): KindRow => ({ title, rotation, period, tier, generator, shortest });

/**
 * Kinds of credential. Periods: passwords that people remember change on evidence of compromise only
 * (NIST SP 800-63B section 3.1.1.2); a login of a device yearly; cloud keys every 90 days with two valid at once;
 * keys that cost a re-pairing of every device never by schedule.
 */
export const KINDS = {
  plain: row('Not a secret', 'none', null, 'bronze', null, null),
  password: row('Password', 'restart', null, 'silver', 'password', 10),
  'mqtt-password': row('MQTT password', 'restart', days(365), 'silver', 'password', 10),
  'database-password': row('Database password', 'api', days(365), 'silver', 'password', 12),
  'wifi-passphrase': row('Wi-Fi passphrase', 'reflash', null, 'silver', 'wifi-passphrase', 12),
  pin: row('PIN or code', 'restart', null, 'silver', 'pin', 6),
  'api-key': row('API key', 'api', days(90), 'silver', null, null),
  'access-token': row('Access token', 'api', days(90), 'silver', null, 16),
  'refresh-token': row('Refresh token', 'api', null, 'silver', null, null),
  'ha-long-lived-token': row('Home Assistant long-lived access token', 'api', days(90), 'gold', null, null),
  'ha-refresh-token': row('Home Assistant refresh token', 'api', null, 'gold', null, null),
  'supervisor-token': row('Supervisor token', 'restart', null, 'gold', null, null),
  'backup-key': row('Backup encryption key', 'api', null, 'gold', 'password', 16),
  'client-secret': row('OAuth client secret', 'api', days(365), 'silver', null, null),
  'webhook-id': row('Webhook id', 'restart', null, 'bronze', 'hex-32', 20),
  'esphome-api-key': row('ESPHome API encryption key', 'reflash', null, 'gold', 'base64-32', 44),
  'esphome-ota-password': row('ESPHome over-the-air password', 'reflash', null, 'gold', 'password', 10),
  'zigbee-network-key': row('Zigbee network key', 're-pair', null, 'gold', 'zigbee-key', null),
  'zwave-key': row('Z-Wave security key', 're-pair', null, 'gold', 'hex-16', 32),
  'thread-network-key': row('Thread network key', 'api', null, 'gold', 'hex-16', 32),
  'homekit-code': row('HomeKit setup code', 're-pair', null, 'silver', 'homekit-code', 10),
  'matter-passcode': row('Matter setup passcode', 're-pair', null, 'gold', 'matter-passcode', 8),
  'local-key': row('Local device key', 're-pair', null, 'silver', null, null),
  'hue-key': row('Hue application key', 'none', null, 'silver', null, null),
  'credential-secret': row('Node-RED credential secret', 'restart', days(365), 'silver', 'hex-32', 16),
  'session-secret': row('Session or cookie secret', 'restart', days(365), 'silver', 'hex-32', 16),
  'signing-key': row('Signing key', 'api', days(365), 'gold', 'hex-64', 32),
  'shared-secret': row('Shared secret', 'restart', days(365), 'silver', 'password', 16),
  'pre-shared-key': row('Pre-shared key', 'restart', days(365), 'silver', 'base64-32', 16),
  'private-key': row('Private key', 'api', days(365), 'gold', null, null),
  'bcrypt-hash': row('Password hash (bcrypt)', 'restart', null, 'silver', null, null),
  'password-hash': row('Password hash', 'restart', null, 'silver', null, null),
  'aws-access-key-id': row('AWS access key id', 'api', days(90), 'silver', null, null),
  'aws-secret-access-key': row('AWS secret access key', 'api', days(90), 'gold', null, null),
  'azure-shared-key': row('Azure shared access key', 'api', days(90), 'gold', null, null),
  'github-token': row('GitHub token', 'api', days(90), 'silver', null, null),
  'google-api-key': row('Google API key', 'api', days(90), 'silver', null, null),
  'telegram-bot-token': row('Telegram bot token', 'none', null, 'bronze', null, null),
  'tunnel-token': row('Tunnel token', 'api', days(90), 'silver', null, null),
  'url-credential': row('Credential inside a URL or command', 'restart', null, 'bronze', null, null),
  'unknown-secret': row('Secret of unknown kind', 'restart', null, 'silver', null, null),
} as const satisfies Readonly<Record<string, KindRow>>;

export type KindId = keyof typeof KINDS;

export const isKindId = (text: string): text is KindId => Object.hasOwn(KINDS, text);

/** The row of a kind, as its general type. */
export const kindOf = (kind: KindId): KindRow => KINDS[kind];
