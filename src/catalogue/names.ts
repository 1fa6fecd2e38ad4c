import type { KindId } from './kinds.ts';
import { nounOf, wordsOf } from './words.ts';

/**
 * What a name says about its value. `yes` holds unless the value is plainly something else; `maybe` needs a value
 * that looks like a secret, or a file made for secrets; `unknown` says nothing.
 */
export type NameHint = {
  readonly secret: 'yes' | 'maybe' | 'no' | 'unknown';
  readonly kind: KindId;
  readonly noun: string;
};

type Table = Readonly<Record<string, KindId>>;

/** Endings of names, longest first; the last words of a name say what it is, as in `token_url` and `password_file`. */
const YES: Table = {
  password: 'password',
  passphrase: 'password',
  passcode: 'pin',
  psk: 'pre-shared-key',
  pskc: 'thread-network-key',
  token: 'access-token',
  secret: 'shared-secret',
  jwt: 'access-token',
  irk: 'local-key',
  credential_secret: 'credential-secret',
  client_secret: 'client-secret',
  app_secret: 'client-secret',
  consumer_secret: 'client-secret',
  session_secret: 'session-secret',
  cookie_secret: 'session-secret',
  refresh_token: 'refresh-token',
  supervisor_token: 'supervisor-token',
  hassio_token: 'supervisor-token',
  tunnel_token: 'tunnel-token',
  tunnel_secret: 'tunnel-token',
  bot_token: 'access-token',
  github_token: 'github-token',
  gh_token: 'github-token',
  telegram_token: 'telegram-bot-token',
  telegram_bot_token: 'telegram-bot-token',
  wifi_password: 'wifi-passphrase',
  wifi_passphrase: 'wifi-passphrase',
  wifi_psk: 'wifi-passphrase',
  wifi_key: 'wifi-passphrase',
  wpa_key: 'wifi-passphrase',
  wpa_psk: 'wifi-passphrase',
  ap_password: 'wifi-passphrase',
  sta_password: 'wifi-passphrase',
  wpa_passphrase: 'wifi-passphrase',
  ota_password: 'esphome-ota-password',
  mqtt_password: 'mqtt-password',
  db_password: 'database-password',
  database_password: 'database-password',
  postgres_password: 'database-password',
  mysql_password: 'database-password',
  mariadb_password: 'database-password',
  root_password: 'database-password',
  pg_password: 'database-password',
  backup_password: 'backup-key',
  backup_key: 'backup-key',
  webhook_id: 'webhook-id',
  cloudhook_id: 'webhook-id',
  api_key: 'api-key',
  access_key: 'api-key',
  app_key: 'api-key',
  account_key: 'api-key',
  auth_key: 'api-key',
  dev_key: 'api-key',
  developer_key: 'api-key',
  license_key: 'api-key',
  subscription_key: 'api-key',
  read_key: 'api-key',
  write_key: 'api-key',
  service_key: 'api-key',
  user_key: 'api-key',
  secret_key: 'shared-secret',
  shared_key: 'pre-shared-key',
  pre_shared_key: 'pre-shared-key',
  preshared_key: 'pre-shared-key',
  encryption_key: 'pre-shared-key',
  application_key: 'api-key',
  hue_application_key: 'hue-key',
  client_key: 'shared-secret',
  device_key: 'shared-secret',
  local_key: 'local-key',
  session_key: 'session-secret',
  jwt_key: 'signing-key',
  signing_key: 'signing-key',
  master_key: 'shared-secret',
  network_key: 'zigbee-network-key',
  legacy_key: 'zwave-key',
  unauthenticated_key: 'zwave-key',
  authenticated_key: 'zwave-key',
  access_control_key: 'zwave-key',
  security_key: 'shared-secret',
  noise_psk: 'esphome-api-key',
  private_key: 'private-key',
  access_key_id: 'aws-access-key-id',
  secret_access_key: 'aws-secret-access-key',
  shared_access_key: 'azure-shared-key',
  shared_access_signature: 'azure-shared-key',
  password_hash: 'password-hash',
  credential_hash: 'password-hash',
  setup_code: 'homekit-code',
  homekit_code: 'homekit-code',
  secure_devices_pin: 'pin',
  ...Object.fromEntries(
    'alarm door lock unlock disarm arm arming gate garage keypad access security entry master duress pairing'
      .split(' ')
      .map((what) => [`${what}_code`, 'pin' as const]),
  ),
  ...Object.fromEntries(
    'alarm door lock unlock disarm gate garage keypad bridge access security sim admin'
      .split(' ')
      .map((what) => [`${what}_pin`, 'pin' as const]),
  ),
};

const MAYBE: Table = {
  key: 'api-key',
  api: 'api-key',
  auth: 'shared-secret',
  authorization: 'access-token',
  credential: 'shared-secret',
  webhook: 'webhook-id',
  cloudhook: 'webhook-id',
  hook: 'webhook-id',
  code: 'pin',
  pin: 'pin',
  hash: 'password-hash',
  salt: 'shared-secret',
  seed: 'shared-secret',
  signature: 'shared-secret',
  cookie: 'session-secret',
  appid: 'api-key',
  dataset: 'thread-network-key',
  tls_key: 'private-key',
  ssl_key: 'private-key',
};

/** Last words that make a name plain, whatever stands before them. */
const PLAIN_LAST = new Set(
  (
    'user username login account email mail name title label alias icon description message comment note text ' +
    'id ids sid uuid guid entity entities device area zone region tenant pool relay relayer realm ' +
    'host hosts server domain ip address addr mac gateway subnet dns port ports url urls uri endpoint link resource ' +
    'path file filename folder dir directory cert ca chain location store backend provider method type kind mode ' +
    'algorithm scheme format encoding version size length count limit max min ttl expiry expires expiration expire at ' +
    'in seconds minutes hours days timeout interval delay age created updated used date time timezone tz ' +
    'latitude longitude elevation altitude lat lon lng radius unit country language locale currency ' +
    'enabled disabled required optional enable disable show visible valid supported active status state class ' +
    'topic channel ssid bssid vid pid policy rule role scope scopes group groups tokens prefix suffix index ' +
    'model manufacturer platform component image tag branch repository frame keyframe image snapshot'
  ).split(' '),
);

/** Names that end in a word of secrets and are none. */
const PLAIN_ENDINGS = new Set([
  ...'public primary foreign sort item cache partition translation entity room stack container object state room event unique hot host lookup map group column row remote idempotency dedupe'
    .split(' ')
    .map((which) => `${which}_key`),
  ...'error status country zip postal post area language currency return exit response result source color colour ir rf key scan bar qr airport station weather region locale lang reason fault function blueprint'
    .split(' ')
    .map((which) => `${which}_code`),
  ...'gpio data clock led button relay reset cs rx tx sda scl miso mosi irq interrupt input output sensor power enable dc busy trigger echo pulse up down'
    .split(' ')
    .map((which) => `${which}_pin`),
  ...'file git commit image content block tree config state'.split(' ').map((which) => `${which}_hash`),
  ...'http rest web legacy local open cloud'.split(' ').map((which) => `${which}_api`),
  'max_token',
  'token_auth',
]);

/** Words that make a name a secret's even when its last word is a stranger: `token_kitchen`. */
const ANYWHERE: Table = {
  password: 'password',
  passphrase: 'password',
  psk: 'pre-shared-key',
  token: 'access-token',
  secret: 'shared-secret',
};

/** As `ANYWHERE`, for words that are vague even at the end: `sp_key_kitchen`, `pushover_api_guest`. */
const ANYWHERE_MAYBE: Table = {
  key: 'api-key',
  api: 'api-key',
  cookie: 'session-secret',
  webhook: 'webhook-id',
};

/** What a name alone says, for example of a query parameter, an option or a variable. */
export const hintOf = (name: string): NameHint => hintOfWords(nounOf(wordsOf(name)));

/** Names that are remembered: the same few stand in a file, and in the next one, thousands of times. */
const MOST_KNOWN = 4_000;
const LONGEST_KNOWN = 200;
const known = new Map<string, NameHint>();

/** As `hintOf`, with the name of what holds it, for bare names such as `key` or `token`. */
export const hintWithin = (parent: string, name: string): NameHint => {
  const both = `${parent}\n${name}`;
  const before = known.get(both);
  if (before !== undefined) return before;
  const hint = hintOfBoth(parent, name);
  if (both.length > LONGEST_KNOWN) return hint;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(both, hint);
  return hint;
};

const hintOfBoth = (parent: string, name: string): NameHint => {
  const alone = hintOf(name);
  if (parent === '' || alone.secret === 'no') return alone;
  const words = nounOf(wordsOf(name));
  if (words.length > 1) return alone;
  const together = hintOfWords([...wordsOf(parent), ...words]);
  return together.secret === 'unknown' ? alone : together;
};

const hintOfWords = (words: readonly string[]): NameHint => {
  const noun = words.join(' ');
  for (let length = Math.min(4, words.length); length > 0; length--) {
    const ending = words.slice(-length).join('_');
    if (PLAIN_ENDINGS.has(ending)) return { secret: 'no', kind: 'plain', noun };
    if (Object.hasOwn(YES, ending)) return { secret: 'yes', kind: YES[ending]!, noun };
    if (Object.hasOwn(MAYBE, ending)) return { secret: 'maybe', kind: MAYBE[ending]!, noun };
  }
  const last = words.at(-1) ?? '';
  if (PLAIN_LAST.has(last)) return { secret: 'no', kind: 'plain', noun };
  const stranger = words.find((word) => Object.hasOwn(ANYWHERE, word));
  if (stranger !== undefined) return { secret: 'yes', kind: ANYWHERE[stranger]!, noun };
  const vague = words.find((word) => Object.hasOwn(ANYWHERE_MAYBE, word));
  if (vague !== undefined) return { secret: 'maybe', kind: ANYWHERE_MAYBE[vague]!, noun };
  return { secret: 'unknown', kind: 'plain', noun };
};
