import { nodeRedFiles, secretsFolders } from './interpret.ts';
import type { Leaf, SyntaxId } from './reading.ts';
import type { FormatId, Surroundings } from './recognise.ts';
import { baseOf, folderOf, foldersUpwards, joinPath } from './source-file.ts';

/** How one format asks for a value that lives elsewhere. */
export type ReferenceRow = {
  readonly syntax: SyntaxId;
  /** whole: stands for the whole scalar; inside: can stand in the middle of a text. */
  readonly extent: 'whole' | 'inside';
  /** What is written; for `whole` it replaces the scalar with its quotes. */
  readonly write: (name: string, holder: Holder) => string;
  /** Where the value goes. */
  readonly holder: (file: string, around: Holders) => Holder;
};

export type Holder =
  | { readonly path: string; readonly format: HolderFormat }
  | { readonly path: null; readonly format: 'github' };
export type HolderFormat =
  | 'home-assistant-secrets'
  | 'esphome-secrets'
  | 'zigbee2mqtt-side-file'
  | 'dotenv'
  | 'node-red-environment'
  | 'c-header';
export type Holders = { readonly exists: (path: string) => boolean; readonly around: Surroundings };

/** The nearest `secrets.yaml` upwards, also where a stand-in shows what belongs in it; else a new one where the program looks last. */
const secretsFile = (file: string, format: FormatId, { exists, around }: Holders, fallback: string): string => {
  const paths = secretsFolders(file, format).map((folder) => joinPath(folder, 'secrets.yaml'));
  return paths.find((path) => around.standIns.has(path) || exists(path)) ?? joinPath(fallback, 'secrets.yaml');
};

const homeAssistantRoot = (file: string, { around }: Holders): string =>
  foldersUpwards(folderOf(file)).find((folder) => around.homeAssistant.has(folder)) ?? folderOf(file);

const besideDotenv = (file: string): Holder => ({ path: joinPath(folderOf(file), '.env'), format: 'dotenv' });

const REFERENCES: Partial<Readonly<Record<FormatId, ReferenceRow>>> = {
  'home-assistant-yaml': {
    syntax: 'ha-secret',
    extent: 'whole',
    write: (name) => `!secret ${name}`,
    holder: (file, holders) => ({
      path: secretsFile(file, 'home-assistant-yaml', holders, homeAssistantRoot(file, holders)),
      format: 'home-assistant-secrets',
    }),
  },
  'esphome-yaml': {
    syntax: 'ha-secret',
    extent: 'whole',
    write: (name) => `!secret ${name}`,
    holder: (file, holders) => ({
      path: secretsFile(file, 'esphome-yaml', holders, folderOf(file)),
      format: 'esphome-secrets',
    }),
  },
  'zigbee2mqtt-yaml': {
    syntax: 'z2m-side-file',
    extent: 'whole',
    write: (name, holder) => `'!${baseOf(holder.path ?? '')} ${name}'`,
    holder: (file) => ({ path: joinPath(folderOf(file), 'secret.yaml'), format: 'zigbee2mqtt-side-file' }),
  },
  'node-red-settings': {
    syntax: 'process-env',
    extent: 'whole',
    write: (name) => `process.env.${name}`,
    holder: (file) => ({ path: nodeRedFiles(file)[0]!, format: 'node-red-environment' }),
  },
  'node-red-flows': {
    syntax: 'node-red-variable',
    extent: 'whole',
    write: (name) => `"\${${name}}"`,
    holder: (file) => ({ path: nodeRedFiles(file)[0]!, format: 'node-red-environment' }),
  },
  compose: { syntax: 'compose-variable', extent: 'inside', write: (name) => `\${${name}}`, holder: besideDotenv },
  'serverless-yaml': {
    syntax: 'serverless-env',
    extent: 'inside',
    write: (name) => `\${env:${name}}`,
    holder: besideDotenv,
  },
  platformio: { syntax: 'sysenv', extent: 'inside', write: (name) => `\${sysenv.${name}}`, holder: besideDotenv },
  'github-workflow': {
    syntax: 'github-secret',
    extent: 'inside',
    write: (name) => `\${{ secrets.${name} }}`,
    holder: () => ({ path: null, format: 'github' }),
  },
  python: { syntax: 'os-environ', extent: 'whole', write: (name) => `os.environ["${name}"]`, holder: besideDotenv },
  'c-source': {
    syntax: 'c-macro',
    extent: 'whole',
    write: (name) => name,
    holder: (file) => ({ path: joinPath(folderOf(file), 'arduino_secrets.h'), format: 'c-header' }),
  },
};

export const referenceRow = (format: FormatId): ReferenceRow | null => REFERENCES[format] ?? null;

/** A name in the manner of the file that holds it: `mqtt_password`, `MQTT_PASSWORD`, `SECRET_MQTT_PASSWORD`. */
export const entryName = (format: HolderFormat | 'github', words: string): string => {
  const plain =
    words
      .replaceAll(/[^A-Za-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 80) || 'value';
  const started = /^\d/.test(plain) ? `n${plain}` : plain;
  if (format === 'c-header') return `SECRET_${started.toUpperCase()}`;
  return format === 'dotenv' || format === 'node-red-environment' || format === 'github'
    ? started.toUpperCase()
    : started.toLowerCase();
};

/** What a program needs at the top of its source before the reference works: the text, and where it goes. */
export const prelude = (
  format: FormatId,
  text: string,
  holder: Holder,
): { readonly at: number; readonly text: string } | null => {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (format === 'c-source' && holder.path !== null) {
    const base = baseOf(holder.path);
    if (new RegExp(`^[ \\t]*#[ \\t]*include[ \\t]*"(?:\\./)?${base.replaceAll('.', '\\.')}"`, 'm').test(text))
      return null;
    return {
      at: lineAfterLast(text, /^[ \t]*#[ \t]*(?:include|pragma once)\b.*$/gm),
      text: `#include "${base}"${eol}`,
    };
  }
  if (format === 'python' && !/^import[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*os(?:[ \t]*(?:,|#|;|\r?$))/m.test(text))
    return { at: importPlace(text), text: `import os${eol}` };
  return null;
};

const lineAfterLast = (text: string, pattern: RegExp): number => {
  const last = [...text.matchAll(pattern)].at(-1);
  if (last === undefined) return text.startsWith('\uFEFF') ? 1 : 0;
  const end = text.indexOf('\n', last.index);
  return end === -1 ? text.length : end + 1;
};

/** Behind `from __future__`, which must come first; else in front of the first import; else behind the heading comments and docstring. */
const importPlace = (text: string): number => {
  const future = /^from[ \t]+__future__[ \t].*$/gm;
  if (future.test(text)) return lineAfterLast(text, new RegExp(future.source, 'gm'));
  const first = /^(?:import|from)[ \t]/m.exec(text);
  if (first !== null) return first.index;
  return /^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n)*(?:[rRuU]?(?:"""[^]*?"""|'''[^]*?''')[ \t]*\r?\n)?/.exec(text)![0].length;
};

/** The style of a value in the file that holds it. */
export const holderStyle = (format: HolderFormat, leaf: Leaf): Leaf['style'] => {
  if (format === 'dotenv' || format === 'node-red-environment') return 'dotenv';
  if (format === 'c-header') return 'c-string';
  return leaf.style === 'yaml-typed' || leaf.style === 'yaml-list' ? leaf.style : 'yaml-double';
};

/** A new line of that file around the value. */
export const holderLine = (format: HolderFormat, name: string): { readonly before: string; readonly after: string } =>
  format === 'dotenv' || format === 'node-red-environment'
    ? { before: `${name}=`, after: '\n' }
    : format === 'c-header'
      ? { before: `#define ${name} `, after: '\n' }
      : { before: `${name}: `, after: '\n' };

/** How a file begins that did not exist before. */
export const holderHeading = (format: HolderFormat): string => (format === 'c-header' ? '#pragma once\n\n' : '');
