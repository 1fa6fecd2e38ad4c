import type { SystemId } from '#catalogue';
import { BOM, baseOf, folderOf, foldersUpwards, joinPath } from './source-file.ts';

/** What a whole folder says about its files; a file alone often does not show whose it is. */
export type Surroundings = {
  /** Folders with a Home Assistant `configuration.yaml` or a `.storage`. */
  readonly homeAssistant: ReadonlySet<string>;
  /** The file name that stands in for `secrets.yaml`, besides those that `*secrets*.yaml` finds. */
  readonly secretsFile: string | null;
  /** Where a folder has no `secrets.yaml`: the path it would have → the file that is read instead. */
  readonly standIns: ReadonlyMap<string, string>;
};

export const NO_SURROUNDINGS: Surroundings = { homeAssistant: new Set(), secretsFile: null, standIns: new Map() };

export type FormatId = keyof typeof FORMATS;

/** Which reader understands a format's text. */
export type Reader = 'yaml' | 'json' | 'dotenv' | 'js' | 'python' | 'c' | 'mosquitto' | 'passwd' | 'ini';

export type FormatRow = {
  readonly title: string;
  readonly system: SystemId | null;
  readonly reader: Reader;
  /** reference: values move out; rendered: the whole file is written by us; known: only listed. See docs/formats.md. */
  readonly custody: 'reference' | 'rendered' | 'known';
};

export const FORMATS = {
  'home-assistant-yaml': {
    title: 'Home Assistant YAML',
    system: 'home-assistant',
    reader: 'yaml',
    custody: 'reference',
  },
  'home-assistant-shared': {
    title: 'Home Assistant blueprint or component',
    system: 'home-assistant',
    reader: 'yaml',
    custody: 'known',
  },
  'home-assistant-secrets': {
    title: 'Home Assistant secrets',
    system: 'home-assistant',
    reader: 'yaml',
    custody: 'rendered',
  },
  'home-assistant-storage': {
    title: 'Home Assistant storage',
    system: 'home-assistant',
    reader: 'json',
    custody: 'known',
  },
  'esphome-yaml': { title: 'ESPHome YAML', system: 'esphome', reader: 'yaml', custody: 'reference' },
  'esphome-secrets': { title: 'ESPHome secrets', system: 'esphome', reader: 'yaml', custody: 'rendered' },
  'zigbee2mqtt-yaml': {
    title: 'Zigbee2MQTT configuration',
    system: 'zigbee2mqtt',
    reader: 'yaml',
    custody: 'reference',
  },
  'zigbee2mqtt-side-file': {
    title: 'Zigbee2MQTT side file',
    system: 'zigbee2mqtt',
    reader: 'yaml',
    custody: 'rendered',
  },
  'zigbee2mqtt-data': { title: 'Zigbee2MQTT data', system: 'zigbee2mqtt', reader: 'json', custody: 'known' },
  'node-red-settings': { title: 'Node-RED settings', system: 'node-red', reader: 'js', custody: 'reference' },
  'node-red-flows': { title: 'Node-RED flows', system: 'node-red', reader: 'json', custody: 'reference' },
  'node-red-credentials': { title: 'Node-RED credentials', system: 'node-red', reader: 'json', custody: 'known' },
  'node-red-environment': { title: 'Node-RED environment', system: 'node-red', reader: 'dotenv', custody: 'rendered' },
  'mosquitto-conf': { title: 'Mosquitto configuration', system: 'mosquitto', reader: 'mosquitto', custody: 'rendered' },
  'mosquitto-passwd': { title: 'Mosquitto password file', system: 'mosquitto', reader: 'passwd', custody: 'known' },
  dotenv: { title: 'Environment file', system: null, reader: 'dotenv', custody: 'rendered' },
  compose: { title: 'Docker Compose', system: 'docker', reader: 'yaml', custody: 'reference' },
  'github-workflow': { title: 'GitHub workflow', system: 'github', reader: 'yaml', custody: 'reference' },
  'cloudformation-yaml': { title: 'AWS SAM or CloudFormation', system: 'aws', reader: 'yaml', custody: 'known' },
  'serverless-yaml': { title: 'Serverless Framework', system: 'aws', reader: 'yaml', custody: 'reference' },
  'c-header': { title: 'C header of secrets', system: 'arduino', reader: 'c', custody: 'rendered' },
  'c-source': { title: 'Arduino, C or C++', system: 'arduino', reader: 'c', custody: 'reference' },
  python: { title: 'Python', system: null, reader: 'python', custody: 'reference' },
  platformio: { title: 'PlatformIO', system: 'platformio', reader: 'ini', custody: 'reference' },
  'json-settings': { title: 'JSON settings', system: null, reader: 'json', custody: 'known' },
  'other-yaml': { title: 'YAML', system: null, reader: 'yaml', custody: 'known' },
} as const satisfies Readonly<Record<string, FormatRow>>;

export const formatRow = (format: FormatId): FormatRow => FORMATS[format];

/** The format of a file, or null when it is none of ours. Looks at the name first, at the text only where names do not tell. */
export const recognise = (path: string, content: string, around: Surroundings): FormatId | null => {
  const text = content.startsWith(BOM) ? content.slice(1) : content;
  const base = baseOf(path).toLowerCase();
  const folders = folderOf(path).toLowerCase().split('/');
  if (folders.includes('.storage')) return /\.(?:bak|tmp|log)$/.test(base) ? null : 'home-assistant-storage';
  if (isDotenv(base)) return 'dotenv';
  if (base === 'environment' && folders.some((folder) => /^\.?node-?red/.test(folder))) return 'node-red-environment';
  if (/^(?:passwd|pwfile|password_?file|passwords?)(?:\.txt)?$/.test(base) && looksHashed(text))
    return 'mosquitto-passwd';
  if (base === 'mosquitto.conf' || (base.endsWith('.conf') && folders.includes('mosquitto'))) return 'mosquitto-conf';
  if (base === 'platformio.ini') return 'platformio';
  if (base === 'settings.js' && /credentialSecret|adminAuth|flowFile|uiPort|httpAdminRoot|httpNodeRoot/.test(text))
    return 'node-red-settings';
  if (
    /^(?:arduino_secrets|secrets?|credentials|user_config_override|wifi_?(?:config|credentials|secrets))\.(?:h|hpp)$/.test(
      base,
    )
  )
    return 'c-header';
  if (/\.(?:ino|h|hpp|c|cc|cpp)$/.test(base)) return 'c-source';
  if (base.endsWith('.py')) return 'python';
  if (base.endsWith('.json')) return json(base, text);
  return /\.ya?ml$/.test(base) ? yaml(path, base, folders, text, around) : null;
};

/** True for `.env`, `.env.local`, `mqtt.env`; not for examples that hold no values. */
const isDotenv = (base: string): boolean =>
  /^\.env(?:\..+)?$|^[^.].*\.env$/.test(base) && !/\.(?:example|sample|template|dist|md|py|js|ts)$/.test(base);

const looksHashed = (text: string): boolean => /^[^:\s]+:\$(?:6|7|argon2id)\$/m.test(text);

const json = (base: string, text: string): FormatId | null => {
  if (/^(?:package|package-lock|tsconfig.*|composer|manifest|hacs)\.json$/.test(base)) return null;
  if (/^flows.*_cred\.json$/.test(base)) return 'node-red-credentials';
  if (/^flows.*\.json$/.test(base) || (/^\s*\[\s*\{/.test(text) && /"wires"\s*:/.test(text))) return 'node-red-flows';
  return base === 'coordinator_backup.json' ? 'zigbee2mqtt-data' : 'json-settings';
};

/** `secrets.yaml`, and what people publish in its place: `travis_secrets.yaml`, `secrets.fake.yaml`. */
const isSecretsFile = (base: string): boolean => /^secrets?\.ya?ml$|(?:^|[._-])secrets(?:[._-]|$)/.test(base);

const yaml = (path: string, base: string, folders: readonly string[], text: string, around: Surroundings): FormatId => {
  if (folders.at(-1) === 'workflows' && folders.at(-2) === '.github') return 'github-workflow';
  if (/^(?:docker-)?compose(?:[.-].*)?\.ya?ml$/.test(base) && /^services[ \t]*:/m.test(text)) return 'compose';
  if (/^serverless.*\.ya?ml$/.test(base)) return 'serverless-yaml';
  if (/^AWSTemplateFormatVersion[ \t]*:|^Transform[ \t]*:[ \t]*['"]?AWS::/m.test(text)) return 'cloudformation-yaml';
  const zigbee = folders.some((folder) => /^(?:zigbee2mqtt|z2m)/.test(folder));
  if (
    base === 'configuration.yaml' &&
    (/^[ \t]+base_topic[ \t]*:/m.test(text) ? /^serial[ \t]*:|^advanced[ \t]*:/m.test(text) || zigbee : zigbee)
  )
    return 'zigbee2mqtt-yaml';
  if (zigbee) return /secret/.test(base) ? 'zigbee2mqtt-side-file' : 'other-yaml';
  const esphome = folders.includes('esphome') && !folders.includes('custom_components');
  if (isSecretsFile(base) || base === around.secretsFile?.toLowerCase())
    return esphome ? 'esphome-secrets' : 'home-assistant-secrets';
  if (esphome || /^esphome[ \t]*:/m.test(text)) return 'esphome-yaml';
  if (folders.includes('blueprints') || folders.includes('custom_components')) return 'home-assistant-shared';
  if (
    base === 'configuration.yaml' ||
    foldersUpwards(folderOf(path)).some((folder) => around.homeAssistant.has(folder))
  )
    return 'home-assistant-yaml';
  return /(?:^|[\s[{,:-])!(?:secret|include\w*|env_var|input)\s/m.test(text) ? 'home-assistant-yaml' : 'other-yaml';
};

/** What the paths and texts of a folder say about each other. */
export const surroundingsOf = (
  files: readonly { readonly path: string; readonly text: string }[],
  secretsFile: string | null,
): Surroundings => {
  const alone: Surroundings = { ...NO_SURROUNDINGS, secretsFile };
  const homeAssistant = new Set<string>();
  const paths = new Set(files.map((file) => file.path));
  const standIns = new Map<string, string>();
  for (const { path, text } of files) {
    const folder = folderOf(path);
    if (baseOf(path) === 'configuration.yaml' && recognise(path, text, alone) === 'home-assistant-yaml')
      homeAssistant.add(folder);
    if (baseOf(folder) === '.storage') homeAssistant.add(folderOf(folder));
    const expected = joinPath(folder, 'secrets.yaml');
    if (!/secrets|\.ya?ml$/i.test(path) || paths.has(expected)) continue;
    const format = recognise(path, text, alone);
    const named = baseOf(path) === secretsFile;
    if ((format === 'home-assistant-secrets' || format === 'esphome-secrets') && (named || !standIns.has(expected)))
      standIns.set(expected, path);
  }
  return { homeAssistant, secretsFile, standIns };
};
