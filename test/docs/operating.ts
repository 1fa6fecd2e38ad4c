import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Places, defaultPlaces } from '../../src/server/places.ts';
import { type Plan, planStart } from '../../src/server/plan.ts';
import { variableOf } from '../../src/server/read-settings.ts';
import { SETTINGS, SETTING_NAMES, type SettingName } from '../../src/server/settings.ts';
import { openTestHouse } from '../house.ts';
import { ROOT, readText } from './repository.ts';

/**
 * The tables of `docs/operating.md`, made from the program so that they cannot say anything else; a test compares.
 *
 *     node test/docs/operating.ts
 */
export const operatingDocument = async (page: string): Promise<string> => {
  const tables = { places: placesTable(), settings: settingsTable(), metrics: await metricsTable() };
  return Object.entries(tables).reduce(
    (text, [name, table]) =>
      text.replace(
        new RegExp(`(<!-- ${name}: .*? -->\n)[^]*?(?=<!-- /${name} -->)`),
        (_all, mark: string) => `${mark}${table}\n`,
      ),
    page,
  );
};

const PLACES: readonly (readonly [keyof Places, string, string])[] = [
  ['data', 'data folder', '`data`'],
  ['keyFile', 'key that unlocks', '`key-file`'],
  ['anchorFile', 'anchor against rollback', '`anchor-file`'],
  ['config', 'settings file', '`CHATELAINE_CONFIG`'],
];

const placesTable = (): string => {
  const at = (platform: NodeJS.Platform) =>
    defaultPlaces({ LOCALAPPDATA: '%LOCALAPPDATA%', APPDATA: '%APPDATA%' }, platform);
  const [linux, mac, windows] = [at('linux'), at('darwin'), at('win32')];
  return table(
    ['what', 'Linux', 'macOS', 'Windows', 'setting'],
    PLACES.map(([name, what, setting]) => [
      what,
      code(short(linux[name])),
      code(short(mac[name])),
      code(short(windows[name]).replaceAll('/', '\\')),
      setting,
    ]),
  );
};

const short = (place: string): string =>
  (place.startsWith(homedir()) ? `~${place.slice(homedir().length)}` : place).replaceAll('\\', '/');

/** What holds when nothing is said, in words where it is no single value. */
const DEFAULTS: Readonly<Record<SettingName, (plan: Plan) => string>> = {
  data: () => 'see [Places](#places)',
  listen: ({ listen: { host, port } }) => code(`${host}:${port}`),
  socket: () => 'in the data folder',
  'database-url': () => 'none: SQLite',
  'key-file': () => 'see [Places](#places)',
  seal: ({ seal }) => `${code(seal)}; under systemd's credentials \`systemd-credential\``,
  'anchor-file': () => 'see [Places](#places)',
  'tls-cert': () => 'none',
  'tls-key': () => 'none',
  'allow-plain-http': () => 'no',
  hosts: ({ http }) => http.hosts.join(', ') || 'none',
  'trusted-proxies': ({ http }) => http.trustedProxies.join(', ') || 'none',
  'body-limit': ({ http }) => String(http.bodyLimit),
  'request-timeout': ({ http }) => String(http.requestTimeout),
  'max-connections': ({ http }) => String(http.maxConnections),
  'log-level': ({ logLevel }) => code(logLevel),
  'backup-folder': () => '`chatelaine-backups` beside the data folder',
  'operator-token-file': ({ operatorTokenFile }) => operatorTokenFile ?? 'none',
  posture: ({ posture }) => code(posture),
};

const settingsTable = (): string => {
  const plan = planStart({}, defaultPlaces({}, 'linux'), {});
  return table(
    ['flag', 'variable', 'default', 'what it is for'],
    SETTING_NAMES.map((name) => [code(`--${name}`), code(variableOf(name)), DEFAULTS[name](plan), SETTINGS[name].says]),
  );
};

const metricsTable = async (): Promise<string> => {
  const house = await openTestHouse();
  try {
    const text = await (await fetch(`${house.url}/metrics`)).text();
    const rows = [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name, says]) => [code(name!), says!]);
    return table(['metric', 'says'], rows);
  } finally {
    await house.close();
  }
};

const code = (text: string): string => `\`${text}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

if (import.meta.main)
  writeFileSync(join(ROOT, 'docs/operating.md'), await operatingDocument(readText('docs/operating.md')));
