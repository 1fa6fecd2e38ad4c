/** Words of homes: one of them in a file of settings is enough to look closer. In lower case. */
const HOME = [
  '!secret',
  '"auth_provider',
  '_credentialsecret',
  'accesstoken',
  'alarm_control_panel',
  'appdaemon',
  'aws_iot',
  'azure-devices',
  'base_topic',
  'credentials_hash',
  'credentialsecret',
  'defaultaclaccess',
  'duckdns',
  'emqx',
  'entity_id',
  'esphome',
  'exampleopcreds',
  'frigate',
  'go2rtc',
  'grafana',
  'ha1"',
  'hashedpassword',
  'hass_',
  'hassio',
  'home-assistant',
  'home_assistant',
  'homeassistant',
  'homebridge',
  'homekit',
  'hueapp',
  'influxdb',
  'jwt_key',
  'local_key',
  'localkey',
  'mariadb',
  'mosquitto',
  'mqtt',
  'nabucasa',
  'network_key',
  'networkkey',
  'nodered',
  'node-red',
  'open-coordinator-backup',
  'rest_command',
  'rootkeypair',
  'rtsp://',
  's0_legacy',
  's2_access',
  'securitykeys',
  'service_account',
  'shell_command',
  'shelly',
  'signsk',
  'sta_pass',
  'tapo',
  'tasmota',
  'telegram',
  'tunnelsecret',
  'tuya',
  'value_template',
  'webhook_id',
  'wifi',
  'wi-fi',
  'wled',
  'zigbee',
  'zigpy',
  'zwave',
] as const;

/** Words that a credential stands under. */
const SECRET = [
  'password',
  'passwd',
  'passphrase',
  '_pass',
  'secret',
  'token',
  'api_key',
  'apikey',
  'api-key',
  '_key',
  'key:',
  'key"',
  'psk',
  'credential',
  'webhook',
  'pin:',
  'pin"',
  'bearer ',
  'jwt_key',
  'local_key',
  'localkey',
  'signsk',
  'ha1"',
  'securitykeys',
  'rootkeypair',
  'exampleopcreds',
] as const;

export const LITERALS: readonly string[] = [
  ...new Set([
    ...HOME,
    ...SECRET,
    'config_',
    'allow_anonymous',
    'sharedaccesskey',
    '-ats.iot.',
    'mqtt.googleapis',
    'wifi.begin',
    '"protected"',
    'private key-----',
  ]),
];

const HOME_WORDS: ReadonlySet<string> = new Set(HOME);
const SECRET_WORDS: ReadonlySet<string> = new Set(SECRET);

/** Files that are a home's by their name, whatever stands in them. */
const NAMED =
  /(?:^|[/!])(?:\.storage\/[^/!]+|\.cloud\/[^/!]+\.json|secrets?\.ya?ml|[\w.-]*secrets[\w.-]*\.ya?ml|coordinator_backup\.json|zigbee\.db|\.?flows[\w.-]*_cred\.json(?:\.backup)?|\.sessions\.json|\.config(?:\.\w+)?\.json(?:\.backup)?|dynamic-security[\w.-]*\.json|dynsec[\w.-]*\.json|mosquitto[\w.-]*\.conf|wsec\.json|(?:accessory|controller)info\.[\w.]+json|homekit\.[\w.]+\.state|\.uix-secrets|chip_\w+(?:\.\w+)*|\.python_hue|\.?phue(?:\.conf)?|tinytuya\.json|tuya[\w.-]*\.json|[\w.-]*emergency[_ -]kit[\w ().-]*\.txt|openhabcloud\/secret|[\w.-]+\.things|platformio\.ini|\.env(?:\.[\w-]+)?|[\w-]+\.env|emqx[\w.-]*\.(?:conf|hocon)|arduino_secrets\.h|user_config_override\.h|[\w.-]*(?:flash_encryption|nvs|hmac)[\w-]*key[\w-]*\.bin|[\w.-]+\.dmp|(?:\w+\.)*(?:certificates\.rootkeypair|fabrics\.fabrics?|root\.commissioning\.\w+|sessions\.resumptionrecords)|[\w.-]*(?:dac|pai|paa)[\w.-]*key[\w.-]*\.(?:pem|der|key)|passwd|pwfile|password_?file|services\/[\w.-]+\.cfg|(?:devices|snapshot|options|ring-[\w.-]+)\.json|supervisor\/(?:addons|auth|docker|homeassistant|services)\.json|emqx\/(?:[^/!]+\/)*[^/!]*(?:api_?key|bootstrap)[^/!]*)$/i;

/** Programs and their texts: most files. Of those above, only these can be called so, and a look for them is cheap. */
const PROGRAM = /\.(?:[cm]?[jt]sx?|map|md|go|py|css|html|rs|java|rb)$/;
const NAMED_AS_PROGRAM = /\.storage\/|emqx\/|chip_|\.env\./i;

const isNamed = (path: string): boolean => (!PROGRAM.test(path) || NAMED_AS_PROGRAM.test(path)) && NAMED.test(path);

/** Settings: their words decide. */
const SETTINGS =
  /\.(?:ya?ml|json|jsonl|ini|cfg|conf|hocon|items|csv|log(?:\.\d+)?|db|txt)$|(?:^|[/!])(?:docker-)?compose[\w.-]*\.ya?ml$/i;
const ENVIRONMENTS =
  /(?:^|[/!])(?:environment|sdkconfig[\w.-]*|settings[\w.-]*\.(?:c?js|mjs)|backup\.json|users\.json|auth\.json|(?:docker-)?compose[\w.-]*\.ya?ml)$/i;
const SOURCE = /\.(?:h|hpp|ino|c|cc|cpp)$/i;
const KEYS = /(?:private\.pem\.key|claim[\w.-]*\.(?:pem|key))$/i;

/** Dependencies' own files: settings of other people, in their thousands. */
const FOREIGN = /(?:^|[/!])(?:node_modules|site-packages|dist-packages)\//;
/** Lists of packages, and descriptions of programs and of services (botocore's models). */
const NO_SETTINGS =
  /(?:^|[/!])(?:package|package-lock|npm-shrinkwrap|tsconfig[\w.-]*|composer|manifest|hacs|strings|openapi|swagger)\.(?:json|ya?ml)$|\.schema\.json$|(?:^|[/!])(?:service-2|paginators-1|waiters-2|examples-1)(?:\.sdk-extras)?\.json$|(?:^|[/!])(?:translations|locales?|i18n)\//i;

/** Whether a file is worth its parsing: by its name, or by what the one pass has seen in it. */
export const wantsFile = (path: string, hits: ReadonlySet<string>): boolean => {
  if (isNamed(path)) return true;
  if (hits.size === 0 || FOREIGN.test(path) || NO_SETTINGS.test(path)) return false;
  if (ENVIRONMENTS.test(path)) return holds(hits, SECRET_WORDS) || hits.has('config_') || hits.has('"protected"');
  // A connection string and a certificate beside its endpoint stand in programs of any language.
  if (hits.has('azure-devices') && hits.has('sharedaccesskey')) return true;
  if ((hits.has('-ats.iot.') || hits.has('mqtt.googleapis')) && hits.has('private key-----')) return true;
  if (hits.has('base_topic') && /\.ya?ml$/i.test(path)) return true;
  if (KEYS.test(path)) return hits.has('private key-----');
  if (SOURCE.test(path))
    return (
      hits.has('wifi.begin') ||
      (holds(hits, SECRET_WORDS) && (hits.has('wifi') || hits.has('mqtt') || hits.has('sta_pass')))
    );
  return SETTINGS.test(path) && holds(hits, HOME_WORDS) && holds(hits, SECRET_WORDS);
};

const holds = (hits: ReadonlySet<string>, words: ReadonlySet<string>): boolean => {
  for (const hit of hits) if (words.has(hit)) return true;
  return false;
};
