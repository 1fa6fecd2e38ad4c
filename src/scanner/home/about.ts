import { type KindId, SYSTEMS, type SystemId, kindOf } from '#catalogue';
import type { About } from './claim.ts';
import { tierOf } from './claim.ts';

type Words = Pick<About, 'title' | 'opens' | 'remedy'>;

/** What is true of a kind wherever it stands. */
const BY_KIND: Partial<Readonly<Record<KindId, Words>>> = {
  password: {
    title: 'Password',
    opens: 'the account or device that asks for it',
    remedy: 'Change it where it is asked for, then put a reference (!secret, an environment variable) in its place.',
  },
  'mqtt-password': {
    title: 'MQTT password',
    opens: 'the broker: what every device says, and what it is told',
    remedy:
      'Make a second login with the same rights, move whoever uses this one, then remove it: mosquitto_passwd -D FILE USER and SIGHUP, or deleteClient of the dynamic security plugin.',
  },
  'database-password': {
    title: 'Database password',
    opens: 'the database, as that user',
    remedy:
      'Make a second role, move its users, then ALTER ROLE … NOLOGIN (or ALTER USER … ACCOUNT LOCK) and end its sessions.',
  },
  'wifi-passphrase': {
    title: 'Wi-Fi passphrase',
    opens: 'the network at home, and with it every device that trusts it',
    remedy:
      'Give every device the new network as a second one first (ESPHome wifi.networks, Tasmota SSId2 and Password2), change it at the access point, then remove the old one.',
  },
  pin: {
    title: 'Code',
    opens: 'the lock, alarm or gate that asks for it',
    remedy: 'Set another code at the device or in its integration; codes belong in secrets.yaml or the device itself.',
  },
  'api-key': {
    title: 'API key',
    opens: 'the service that issued it, with the rights of its account',
    remedy: 'Make a new key where it was issued, put it where this one is used, then delete this one there.',
  },
  'access-token': {
    title: 'Access token',
    opens: 'the service that issued it, as its owner',
    remedy: 'Revoke it where it was issued, make a new one and give it by a reference.',
  },
  'refresh-token': {
    title: 'Refresh token',
    opens: 'new access tokens of that account for as long as it lives',
    remedy: 'Remove the link to this home in the account’s settings at the vendor, then connect again.',
  },
  'client-secret': {
    title: 'OAuth client secret',
    opens: 'speaks as the application',
    remedy: 'Add a second client secret at the vendor’s developer page, put it in, then remove this one.',
  },
  'ha-long-lived-token': {
    title: 'Home Assistant token',
    opens: 'the whole home, as the person who made it',
    remedy:
      'Make a new one in your profile under Security, put it where this one is used, then delete this one there (WebSocket: {"type":"auth/delete_refresh_token","refresh_token_id":"…"}, the id is the claim iss of the token).',
  },
  'supervisor-token': {
    title: 'Supervisor token of an add-on',
    opens: 'the Supervisor and through it Home Assistant, with the rights of that add-on, until it restarts',
    remedy: 'Restart the add-on (ha apps restart SLUG; older: ha addons restart SLUG): each start gets a new token.',
  },
  'backup-key': {
    title: 'Encryption key of backups',
    opens: 'every backup made with it: all that Home Assistant knows',
    remedy:
      'Set a new key (Settings, System, Backups; WebSocket backup/config/update with create_backup.password), keep this one for the old backups, or delete those.',
  },
  'webhook-id': {
    title: 'Webhook id',
    opens: 'starts the automation behind it, without any other proof',
    remedy: 'Replace the id by a long random one where the webhook is defined and at whoever calls it, then reload.',
  },
  'signing-key': {
    title: 'Signing key',
    opens: 'whatever trusts its signatures',
    remedy: 'Make a new key, let both be trusted for as long as old signatures live, then remove this one.',
  },
  'shared-secret': {
    title: 'Shared secret',
    opens: 'whatever both sides use it for',
    remedy: 'Replace it on both sides, and give it by a reference.',
  },
  'session-secret': {
    title: 'Secret of sessions',
    opens: 'forged sessions of any user',
    remedy: 'Replace it and restart: everybody signs in again.',
  },
  'pre-shared-key': {
    title: 'Pre-shared key',
    opens: 'the link that it protects',
    remedy: 'Replace it on both sides, and give it by a reference.',
  },
  'private-key': {
    title: 'Private key',
    opens: 'whatever trusts its public key or certificate',
    remedy: 'Make a new key pair, have the new public key trusted, then remove or revoke the old one.',
  },
  'esphome-api-key': {
    title: 'ESPHome API encryption key',
    opens: 'the device: every entity and action, to whoever reaches it on the network',
    remedy:
      'Put a new key (openssl rand -base64 32) into api.encryption.key, run esphome run FILE, and give it to Home Assistant when it asks.',
  },
  'esphome-ota-password': {
    title: 'Password for updates over the air',
    opens: 'new firmware on the device',
    remedy:
      'Put the new password into ota.password and upload with the old one (esphome run FILE); one password per device.',
  },
  'zigbee-network-key': {
    title: 'Zigbee network key',
    opens: 'every message of the Zigbee network, and commands to its devices',
    remedy:
      'It cannot be changed without pairing every device again: set network_key: GENERATE, delete coordinator_backup.json, pair again. Until then keep it out of sight.',
  },
  'zwave-key': {
    title: 'Z-Wave security key',
    opens: 'every device of that security class, locks among them',
    remedy:
      'It cannot be changed in place: set new keys in Z-Wave JS, then exclude and include each device of that class.',
  },
  'thread-network-key': {
    title: 'Thread network key',
    opens: 'the Thread network: its messages, and joining it',
    remedy:
      'Send a pending dataset with a new network key and a delay timer (ot-ctl dataset networkkey …, dataset delay, dataset commit pending): all nodes switch together.',
  },
  'homekit-code': {
    title: 'HomeKit setup code',
    opens: 'pairing with the accessory while it is not paired',
    remedy: 'Change the code in the bridge’s configuration, remove the pairing in the Home app, pair again.',
  },
  'matter-passcode': {
    title: 'Matter setup code',
    opens: 'commissioning the device while its window is open, and after every factory reset',
    remedy:
      'The code on the device stays: remove strangers’ fabrics (RemoveFabric, or “unpair” in the other ecosystem) and share temporary codes only (OpenCommissioningWindow).',
  },
  'local-key': {
    title: 'Local key of a device',
    opens: 'the device on the local network: its state, and commands to it',
    remedy:
      'Remove the device from its app and pair it again: that makes a new key, to be read again into the integration.',
  },
  'hue-key': {
    title: 'Hue application key',
    opens: 'every lamp and scene of the bridge, from the local network',
    remedy:
      'Make a new one (POST /api with the link button pressed); this one can be removed at https://account.meethue.com/apps only, not on the network.',
  },
  'bcrypt-hash': {
    title: 'Password hash',
    opens: 'the account, once the password is guessed offline',
    remedy: 'Change that user’s password.',
  },
  'password-hash': {
    title: 'Password hash',
    opens: 'the account, once the password is guessed offline',
    remedy: 'Change that user’s password.',
  },
  'credential-secret': {
    title: 'Node-RED credential secret',
    opens: 'flows_cred.json: every login of every node',
    remedy:
      'Stop Node-RED, encrypt flows_cred.json again under a new secret, change credentialSecret (to process.env.…), start; then change the logins inside if both files were seen.',
  },
  'tunnel-token': {
    title: 'Tunnel token',
    opens: 'running the tunnel, and so what is behind it',
    remedy: 'Rotate the tunnel’s token at its provider and close its connections, then restart the connector.',
  },
  'url-credential': {
    title: 'Credential inside a URL',
    opens: 'what the address leads to',
    remedy: 'Change it at the host, and take it out of the address.',
  },
  'unknown-secret': {
    title: 'Secret',
    opens: 'whatever asks for it',
    remedy: 'Find out what it opens, replace it there, and put a reference in its place.',
  },
};

/** Systems whose name says more than the general title. */
const titleOf = (system: SystemId | null, title: string): string => {
  if (system === null) return title;
  const name: string = SYSTEMS[system].title;
  return title.startsWith(name) || TITLES_WITH_SYSTEM.test(title) ? title : `${title} in ${name}`;
};

const TITLES_WITH_SYSTEM =
  /^(?:ESPHome|Zigbee|Z-Wave|Thread|HomeKit|Matter|Hue|Node-RED|Home Assistant|Supervisor|Wi-Fi|MQTT)/;

/** What the catalogue knows of a kind in a system, as a family would say it. */
export const aboutKind = (kind: KindId, system: SystemId | null): About => {
  const row = kindOf(kind);
  const words = BY_KIND[kind] ?? {
    title: row.title,
    opens: 'the service that issued it',
    remedy: 'Make a new one where it was issued, then revoke this one there.',
  };
  return {
    ...words,
    rule: `home-${kind}`,
    title: titleOf(system, words.title),
    vendor: system === null ? 'Home' : SYSTEMS[system].title,
    kind,
    tier: tierOf(kind, system),
    rotation: row.rotation,
  };
};
