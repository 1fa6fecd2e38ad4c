import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { nearest } from '#kernel';
import { serverError } from './errors.ts';
import { SETTINGS, SETTING_NAMES, type SettingName, type Settings, type Source, isSettingName } from './settings.ts';

const PREFIX = 'CHATELAINE_';
/** Variables with our prefix that are for other parts of the program. */
const NOT_SETTINGS = new Set([
  'CHATELAINE_CONFIG',
  'CHATELAINE_ADDR',
  'CHATELAINE_TOKEN_FILE',
  'CHATELAINE_DEBUG',
  'CHATELAINE_REQUIRE',
  'CHATELAINE_HOMES',
  'CHATELAINE_FUZZ_RUNS',
]);
const LARGEST_FILE = 65_536;

export type Given = {
  readonly flags: Readonly<Record<string, string | boolean>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of a file of settings (YAML or JSON), if there is one. */
  readonly file: string | undefined;
};

/** Reads the settings: flags, then environment, then file. An unknown key is an error that names the nearest known one. */
export const readSettings = ({ flags, environment, file }: Given): Settings => {
  const settings: Partial<Record<SettingName, unknown>> = {};
  const layers: readonly [Source['kind'], Readonly<Record<string, unknown>>, (name: string) => string][] = [
    ['file', file === undefined ? {} : readFile(file), (name) => `${name} in ${file}`],
    ['environment', fromEnvironment(environment), (name) => variableOf(name)],
    ['flag', flags, (name) => `--${name}`],
  ];
  for (const [source, values, spell] of layers)
    for (const [name, value] of Object.entries(values)) {
      if (!isSettingName(name))
        throw serverError('unknown_setting', `There is no setting ${spell(name)}.`, {
          nearest: spell(nearest(name, SETTING_NAMES)),
        });
      if (source === 'flag' && name === 'database-url') refusePassword(String(value));
      settings[name] = check(name, value, spell(name));
    }
  return settings as Settings;
};

/** Arguments are seen by every user of the machine. */
const refusePassword = (url: string): void => {
  if (/^[^/]*:\/\/[^/@]*:[^/@]+@/.test(url) || /[?&](?:password|sslpassword)=/i.test(url))
    throw serverError('bad_setting', '--database-url holds a password, and arguments are seen by everybody here.', {
      source: 'the command line; give it as CHATELAINE_DATABASE_URL or in the settings file',
    });
};

export const variableOf = (name: string): string => PREFIX + name.toUpperCase().replaceAll('-', '_');

const check = (name: SettingName, value: unknown, source: string): unknown => {
  const result = SETTINGS[name].schema.safeParse(typeof value === 'number' ? String(value) : value);
  if (!result.success)
    throw serverError('bad_setting', `${source} ${result.error.issues[0]?.message ?? 'is not valid'}.`, { source });
  return result.data;
};

const fromEnvironment = (environment: Given['environment']): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const [variable, value] of Object.entries(environment))
    if (variable.startsWith(PREFIX) && !NOT_SETTINGS.has(variable) && value !== undefined)
      values[variable.slice(PREFIX.length).toLowerCase().replaceAll('_', '-')] = value;
  return values;
};

const readFile = (file: string): Record<string, unknown> => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw serverError('unreadable_file', `The settings file ${file} cannot be read.`, { place: file }, error);
  }
  if (text.length > LARGEST_FILE)
    throw serverError('bad_setting', `The settings file ${file} is too large.`, { source: file });
  let content: unknown;
  try {
    content = parse(text, { maxAliasCount: 0 });
  } catch {
    throw serverError('bad_setting', `The settings file ${file} is not well-formed YAML.`, { source: file });
  }
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw serverError('bad_setting', `The settings file ${file} is not a table of settings.`, { source: file });
  return content as Record<string, unknown>;
};
