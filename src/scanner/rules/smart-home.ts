import { rules } from '../rule.ts';
import { letters, named, UUID } from './parts.ts';
import { vendor } from './vendor.ts';

/**
 * What stands in any text under a telling name: programs, scripts, logs, add-on options. What has a file of its own is
 * read by the families of `home/`.
 */
const one = (name: string, source: string, remedy: string) =>
  vendor({ vendor: name, source, remedy, kind: 'access-token', tier: 'gold', rotation: 'api', evidence: 'reported' });

/** What Frigate takes for the first half of its key: built as a UUID, of any letters. */
const FRIGATE_ID = [8, 4, 4, 4, 12].flatMap((length, index) =>
  index === 0 ? [letters('alnum-lower', length)] : ['-', letters('alnum-lower', length)],
);

export const SMART_HOME = rules(
  one(
    'Home Assistant',
    'https://github.com/home-assistant/supervisor/blob/main/supervisor/addons/addon.py',
    'Restart the add-on (ha apps restart SLUG): each start gets a new token. Take out whatever prints it.',
  )({
    id: 'home-assistant-supervisor-token',
    title: 'Supervisor token of an add-on',
    kind: 'supervisor-token',
    evidence: 'observed',
    rotation: 'restart',
    // supervisor: secrets.token_hex(56)
    shape: [letters('hex-lower', 112)],
    near: named('supervisor token', 'hassio token', 'supervisor key', 'x supervisor token', 'x hassio key'),
    opens: 'the Supervisor and through it Home Assistant, until the add-on restarts',
    examples: [
      'SUPERVISOR_TOKEN=3f6a81bd2de68cca0c1769b6c4e5e6cb8db0d·8ec0fc35635f626dde37f779c072af888c38120ab3b426e415f14bc8256a49b49aaae1c080c',
    ],
  }),
  one(
    'openHAB',
    'https://github.com/openhab/openhab-core/blob/main/bundles/org.openhab.core/src/main/java/org/openhab/core/internal/auth/UserRegistryImpl.java',
    'Delete it on the profile page, or openhab:users rmApiToken USER NAME in the console.',
  )({
    id: 'openhab-api-token',
    title: 'openHAB API token',
    evidence: 'observed',
    // 64 bytes in base64, of which `+`, `/` and `=` are taken out.
    shape: ['oh.', letters('alnum', 1, 60), '.', letters('alnum', 70, 86)],
    opens: 'every item and rule, as that user',
    examples: ['oh.porch.hWfFeLVKJrVCTlsMpdhjLrkivXqR·jZTO6gVZSCUWBWhxfdAei3EG5xMxdHHsE5mCeAXUYRoDX6zIOgAh5y1fT7'],
  }),
  one(
    'Philips Hue',
    'https://developers.meethue.com/develop/hue-api-v2/getting-started/',
    'Make a new one (POST /api with the link button pressed); this one can be removed at https://account.meethue.com/apps only.',
  )({
    id: 'hue-application-key',
    title: 'Hue application key',
    kind: 'hue-key',
    tier: 'silver',
    rotation: 'none',
    shape: [letters('token', 40)],
    near: named(
      'hue application key',
      'hue app key',
      'hue username',
      'hue user name',
      'hue user',
      'hue api key',
      'hue key',
      'hue token',
      'hue bridge user',
      'hue bridge username',
      'hue bridge key',
    ),
    opens: 'every lamp and scene of the bridge, from the local network',
    examples: ['hue-application-key: kAPmBkGGuLzAG·1JXWKvnHSLKi1BxZpJVf39lu1TT'],
  }),
  one(
    'Philips Hue',
    'https://developers.meethue.com/develop/hue-entertainment/hue-entertainment-api/',
    'Make a new application key with generateclientkey; remove the old one at https://account.meethue.com/apps.',
  )({
    id: 'hue-client-key',
    title: 'Hue entertainment key',
    kind: 'pre-shared-key',
    tier: 'bronze',
    rotation: 'none',
    shape: [letters('hex', 32)],
    near: named('hue client key', 'hue clientkey', 'hue entertainment key', 'hue psk'),
    opens: 'streaming to the lamps of the bridge',
    examples: ['HUE_CLIENT_KEY=9D41E07B5A·C2F8643317BE0A95D2C8E6'],
  }),
  one(
    'SmartThings',
    'https://developer.smartthings.com/docs/getting-started/authorization-and-permissions',
    'Delete it at https://account.smartthings.com/tokens; tokens made before 30 December 2024 may live 50 years.',
  )({
    id: 'smartthings-personal-access-token',
    title: 'SmartThings personal access token',
    tier: 'silver',
    shape: [...UUID],
    near: named(
      'smartthings token',
      'smartthings access token',
      'smartthings pat',
      'smartthings api token',
      'smart things token',
      'smartthings personal access token',
      'st access token',
      'smartthings api key',
    ),
    opens: 'the devices, locations and scenes of its scopes',
    examples: ['SMARTTHINGS_TOKEN=b69f90d6-fb8·0-540f-e625-e7d74180af6f'],
  }),
  one(
    'Login with Amazon',
    'https://developer.amazon.com/docs/login-with-amazon/security-profile.html',
    'Make a new secret in the security profile, put it in, then delete this one.',
  )({
    id: 'amazon-client-secret-old',
    title: 'Login with Amazon client secret, older form',
    kind: 'client-secret',
    tier: 'silver',
    shape: [letters('hex-lower', 64)],
    near: named(
      'lwa client secret',
      'lwa secret',
      'alexa client secret',
      'alexa skill client secret',
      'amazon client secret',
    ),
    opens: 'speaks as the skill or application',
    examples: ['LWA_CLIENT_SECRET=ab1db57ddc614ee966aca·c35d958c9392c3a073f3f544f88b67fa020eeb308f1'],
  }),
  one(
    'Z-Wave JS',
    'https://github.com/zwave-js/node-zwave-js/blob/master/docs/getting-started/security-s2.md',
    'It cannot be changed in place: set new keys, then exclude and include each device of that class.',
  )({
    id: 'zwave-security-key-named',
    title: 'Z-Wave security key',
    kind: 'zwave-key',
    rotation: 're-pair',
    shape: [letters('hex', 32)],
    near: named(
      's0 legacy key',
      's0 legacy',
      's2 unauthenticated key',
      's2 authenticated key',
      's2 access control key',
      's2 accesscontrol key',
      's2 access control',
      's2 unauthenticated',
      's2 authenticated',
      'zwave network key',
      'zwave key',
      'z wave network key',
    ),
    opens: 'every device of that security class, locks among them',
    evidence: 'documented',
    examples: ['KEY_S0_LEGACY=2f6b6118f3·fa6bc58067b8b7665fd61a'],
  }),
  one(
    'Frigate',
    'https://github.com/blakeblackshear/frigate/blob/dev/frigate/plus.py',
    'Make a new key on the account page at https://plus.frigate.video and delete this one.',
  )({
    id: 'frigate-plus-api-key',
    title: 'Frigate+ API key',
    kind: 'api-key',
    tier: 'bronze',
    evidence: 'observed',
    shape: [...FRIGATE_ID, ':', letters('alnum-lower', 40)],
    near: named('plus api key', 'frigate plus key', 'frigate plus api key'),
    opens: 'pictures sent to Frigate+, and its models',
    examples: ['PLUS_API_KEY=18a86183-6fee-b01c-b233-8·a706cbf569d:5150e0c0003c74411e4a5be55c285180751dc6cc'],
  }),
  one(
    'Tuya',
    'https://developer.tuya.com/en/docs/iot/device-control-best-practice',
    'At https://iot.tuya.com open the project, Overview, and reset the Access Secret.',
  )({
    id: 'tuya-access-secret',
    title: 'Access secret of a Tuya cloud project',
    kind: 'client-secret',
    tier: 'silver',
    shape: [letters('hex-lower', 32)],
    near: named('tuya access secret', 'tuya secret', 'tuya api secret', 'tuya client secret', 'tuya secret key'),
    opens: 'every device of the accounts linked to the project, and their local keys',
    examples: ['TUYA_SECRET=73ce5c4393·77ed0ac0f796e0a1a4df59'],
  }),
  one(
    'Tuya',
    'https://github.com/iRayanKhan/homebridge-tuya/discussions/413',
    'Remove the device from its app and pair it again: that makes a new key.',
  )({
    id: 'tuya-local-key-named',
    title: 'Local key of a Tuya device',
    kind: 'local-key',
    tier: 'bronze',
    rotation: 're-pair',
    // Any printable characters since 2023; quotes, brackets and commas in it are known from the files of families only.
    shape: [letters('alnum', 16, 16, '!#$%&(*+./:<=>?@[^_{|~-')],
    near: named('tuya local key', 'tuya key', 'tuya device key', 'local key'),
    opens: 'the device on the local network',
    examples: ['tuya_local_key: AUXeJ·ljI7VFoHkmh', '"local_key": "Y6+7>·{IHKhY?xf^Q"', 'local_key=b$7Xw·%2Lq[9Tn{Kc'],
  }),
);
