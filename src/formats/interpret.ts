import { Secret } from '#kernel';
import type { Inclusion, Layer, Reference, Scalar } from './reading.ts';
import type { FormatId, Surroundings } from './recognise.ts';
import { baseOf, folderOf, foldersUpwards, joinPath, resolvePath } from './source-file.ts';

/** What a scalar means to the program that reads the file. */
export type Meaning = {
  readonly keyPath: readonly string[];
  readonly lead?: string;
  readonly parts: readonly (string | ReferenceSeed)[];
  readonly fixed?: string;
};

export type ReferenceSeed = Pick<Reference, 'syntax' | 'name' | 'written' | 'resolvesIn' | 'elsewhere' | 'fallback'>;

/** What the whole file says about its scalars. */
export type FileContext = {
  readonly path: string;
  readonly format: FormatId;
  readonly around: Surroundings;
  /** Names under `substitutions:` of an ESPHome file. */
  readonly substitutions: ReadonlySet<string>;
  /** CloudFormation parameters with `NoEcho`. */
  readonly noEcho: ReadonlySet<string>;
};

/** A meaning, a file taken in as a whole, or null for what is neither value nor reference (`!include`, `!input`, …). */
export type Interpretation = Meaning | { readonly includes: string; readonly how: Inclusion['how'] } | null;
type Interpreter = (scalar: Scalar, context: FileContext) => Interpretation;

export const contextOf = (
  path: string,
  format: FormatId,
  around: Surroundings,
  scalars: readonly Scalar[],
): FileContext => ({
  path,
  format,
  around,
  substitutions: new Set(
    scalars
      .filter(({ keyPath }) => keyPath.length === 2 && keyPath[0] === 'substitutions')
      .map(({ keyPath }) => keyPath[1]!),
  ),
  noEcho: new Set(
    scalars
      .filter(
        ({ keyPath, text }) =>
          keyPath.length === 3 &&
          keyPath[0] === 'Parameters' &&
          keyPath[2] === 'NoEcho' &&
          /^(?:true|yes|on)$/i.test(text),
      )
      .map(({ keyPath }) => keyPath[1]!),
  ),
});

export const layerOf = (format: FormatId): Layer => (format === 'compose' ? 'compose' : 'none');

export const interpret = (format: FormatId, scalar: Scalar, context: FileContext): Interpretation =>
  (INTERPRETERS[format] ?? literal)(scalar, context);

const literal: Interpreter = ({ keyPath, text, tag }) =>
  tag === undefined || tag === 'literal'
    ? { keyPath, parts: [text] }
    : { keyPath, parts: [text], fixed: `it has the tag ${tag.slice(0, 40)}` };

const homeAssistant: Interpreter = (scalar, context) => {
  const { keyPath, text, tag } = scalar;
  if (tag === '!secret')
    return {
      keyPath,
      parts: [
        {
          syntax: 'ha-secret',
          name: text.trim(),
          written: `!secret ${text}`,
          resolvesIn: secretsFiles(context),
          elsewhere: null,
          fallback: null,
        },
      ],
    };
  if (tag === '!env_var') {
    const [name = '', ...rest] = text.trim().split(/\s+/);
    return {
      keyPath,
      parts: [
        {
          syntax: 'ha-env-var',
          name,
          written: `!env_var ${text}`,
          resolvesIn: environmentFiles(context.path),
          elsewhere: 'environment',
          fallback: rest.length === 0 ? null : Secret.fromText(rest.join(' ')),
        },
      ],
    };
  }
  if (tag === '!include' && keyPath.at(-1) === '<<')
    return { includes: resolvePath(folderOf(context.path), text) ?? '', how: 'merge' };
  return tag !== undefined && /^!(?:include|input)/.test(tag) ? null : literal(scalar, context);
};

/** Where the program looks for `!secret`, in this order. */
const secretsFiles = ({ path, around, format }: FileContext): readonly string[] =>
  secretsFolders(path, format).map((folder) => {
    const expected = joinPath(folder, 'secrets.yaml');
    return around.standIns.get(expected) ?? expected;
  });

/**
 * Home Assistant walks every folder upwards. ESPHome looks beside the file, then beside the main configuration, which
 * is taken to be the folder named `esphome`, or the one above where there is none.
 */
export const secretsFolders = (path: string, format: FormatId): readonly string[] => {
  const folders = foldersUpwards(folderOf(path));
  if (!format.startsWith('esphome')) return folders;
  const root = folders.findIndex((folder) => baseOf(folder).toLowerCase() === 'esphome');
  return folders.slice(0, root === -1 ? 2 : root + 1);
};

const environmentFiles = (path: string): readonly string[] =>
  foldersUpwards(folderOf(path)).map((folder) => joinPath(folder, '.env'));

/** `${name}` and `$name` of names declared in the same file. */
const esphome: Interpreter = (scalar, context) => {
  const meaning = homeAssistant(scalar, context);
  if (meaning === null || !('parts' in meaning) || scalar.tag !== undefined || context.substitutions.size === 0)
    return meaning;
  const parts = split(scalar.text, /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (match) => {
    const name = match[1] ?? match[2]!;
    return context.substitutions.has(name)
      ? { syntax: 'substitution', name, written: match[0], resolvesIn: [context.path], elsewhere: null, fallback: null }
      : match[0];
  });
  return { ...meaning, parts };
};

/** Zigbee2MQTT resolves `!file key` in these settings only (its settings.ts). */
const Z2M_SETTINGS = new Set([
  'mqtt.server',
  'mqtt.user',
  'mqtt.password',
  'advanced.network_key',
  'frontend.auth_token',
]);

const zigbee2mqtt: Interpreter = (scalar, context) => {
  const { keyPath, text, tag } = scalar;
  const written = tag === undefined ? text : `${tag} ${text}`;
  const match = /^!(\S+)[ ]+(\S.*)$/.exec(written);
  if (match !== null) {
    const file = /\.ya?ml$/.test(match[1]!) ? match[1]! : `${match[1]!}.yaml`;
    const path = resolvePath(folderOf(context.path), file);
    if (path !== null)
      return {
        keyPath,
        parts: [
          { syntax: 'z2m-side-file', name: match[2]!, written, resolvesIn: [path], elsewhere: null, fallback: null },
        ],
      };
  }
  const meaning = literal(scalar, context);
  return meaning !== null && 'parts' in meaning && meaning.fixed === undefined && !Z2M_SETTINGS.has(keyPath.join('.'))
    ? { ...meaning, fixed: 'Zigbee2MQTT does not resolve references in this setting' }
    : meaning;
};

const COMPOSE = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])((?:[^{}$]|\$\{[^{}]*\}|\$)*))?\})/g;

const composeParts = (
  text: string,
  context: FileContext,
  syntax: 'compose-variable' | 'dotenv-variable',
  files: readonly string[],
) =>
  split(text, COMPOSE, (match): string | ReferenceSeed => {
    if (match[1] !== undefined) return syntax === 'compose-variable' ? '$' : match[0];
    const fallback = match[4]?.endsWith('-') === true && match[5] !== '' ? Secret.fromText(match[5] ?? '') : null;
    return {
      syntax,
      name: match[2] ?? match[3]!,
      written: match[0],
      resolvesIn: files,
      elsewhere: 'environment',
      fallback,
    };
  });

const compose: Interpreter = (scalar, context) => {
  const { keyPath, text, tag } = scalar;
  const files = [joinPath(folderOf(context.path), '.env')];
  const listed = keyPath.findLastIndex((key) => key === 'env_file');
  if (listed !== -1)
    return keyPath.at(-1) === 'path' || keyPath.length - listed <= 2
      ? { includes: resolvePath(folderOf(context.path), text) ?? '', how: 'env-file' }
      : null;
  const fixed = tag === undefined ? {} : { fixed: `it has the tag ${tag.slice(0, 40)}` };
  if (/^(?:environment|args|labels)$/.test(keyPath.at(-2) ?? '') && /^\d+$/.test(keyPath.at(-1)!)) {
    const named = /^([\w.-]+)(?:=([^]*))?$/.exec(text);
    const place = [...keyPath.slice(0, -1), named?.[1] ?? keyPath.at(-1)!];
    if (named !== null && named[2] === undefined)
      return keyPath.at(-2) === 'labels'
        ? null
        : {
            keyPath: place,
            parts: [
              {
                syntax: 'compose-variable',
                name: named[1]!,
                written: text,
                resolvesIn: files,
                elsewhere: 'environment',
                fallback: null,
              },
            ],
          };
    if (named !== null)
      return {
        keyPath: place,
        lead: `${named[1]}=`,
        parts: composeParts(named[2]!, context, 'compose-variable', files),
        ...fixed,
      };
  }
  return { keyPath, parts: composeParts(text, context, 'compose-variable', files), ...fixed };
};

const dotenv: Interpreter = ({ keyPath, text, tag }, context) => {
  if (tag === 'literal') return { keyPath, parts: [text] };
  // An escaped dollar is put aside while references are found; NUL cannot occur in a text that was read.
  const parts = composeParts(text.replaceAll('\\$', '\0'), context, 'dotenv-variable', [
    context.path,
    ...environmentFiles(context.path),
  ]);
  return { keyPath, parts: parts.map((part) => (typeof part === 'string' ? part.replaceAll('\0', '$') : part)) };
};

const workflow: Interpreter = ({ keyPath, text, tag }) => ({
  keyPath,
  ...(tag === undefined ? {} : { fixed: `it has the tag ${tag.slice(0, 40)}` }),
  parts: split(text, /\$\{\{[^{}]*?\bsecrets\.([A-Za-z_]\w*)[^{}]*\}\}/g, (match) => ({
    syntax: 'github-secret',
    name: match[1]!,
    written: match[0],
    resolvesIn: [],
    elsewhere: 'github',
    fallback: null,
  })),
});

const serverless: Interpreter = ({ keyPath, text, tag }, context) => ({
  keyPath,
  ...(tag === undefined ? {} : { fixed: `it has the tag ${tag.slice(0, 40)}` }),
  parts: split(text, /\$\{env:([A-Za-z_]\w*)(?:,\s*['"]?([^'"}]*)['"]?)?\}/g, (match) => ({
    syntax: 'serverless-env',
    name: match[1]!,
    written: match[0],
    resolvesIn: environmentFiles(context.path),
    elsewhere: 'environment',
    fallback: match[2] === undefined || match[2] === '' ? null : Secret.fromText(match[2]),
  })),
});

const cloudFormation: Interpreter = (scalar, context) => {
  const { keyPath, text, tag } = scalar;
  if (tag === '!Ref' && context.noEcho.has(text))
    return {
      keyPath,
      parts: [
        {
          syntax: 'cloudformation-parameter',
          name: text,
          written: `!Ref ${text}`,
          resolvesIn: [],
          elsewhere: 'deployment',
          fallback: null,
        },
      ],
    };
  if (tag !== undefined && /^!(?:Ref|Sub|GetAtt|ImportValue|FindInMap|If|Join|Select)$/.test(tag)) return null;
  // A parameter's default is the parameter's value.
  return literal(
    keyPath[0] === 'Parameters' && keyPath[2] === 'Default' ? { ...scalar, keyPath: keyPath.slice(0, 2) } : scalar,
    context,
  );
};

const flows: Interpreter = ({ keyPath, text }, context) => {
  const match = /^\$[{(]([^\s{}()]+)[})]$/.exec(text);
  if (match !== null)
    return {
      keyPath,
      parts: [
        {
          syntax: 'node-red-variable',
          name: match[1]!,
          written: text,
          resolvesIn: nodeRedFiles(context.path),
          elsewhere: 'environment',
          fallback: null,
        },
      ],
    };
  return /^(?:func|initialize|finalize|template|format)$/.test(keyPath.at(-1) ?? '')
    ? { keyPath, parts: [text], fixed: 'Node-RED substitutes whole properties only, not code' }
    : { keyPath, parts: [text] };
};

/** What the process of Node-RED is started with: its own `environment`, or the `.env` of a compose file. */
export const nodeRedFiles = (path: string): readonly string[] => [
  joinPath(folderOf(path), 'environment'),
  ...environmentFiles(path),
];

const platformio: Interpreter = ({ keyPath, text }, context) => ({
  keyPath,
  parts: split(text, /\$\{sysenv\.([A-Za-z_]\w*)\}/g, (match) => ({
    syntax: 'sysenv',
    name: match[1]!,
    written: match[0],
    resolvesIn: environmentFiles(context.path),
    elsewhere: 'environment',
    fallback: null,
  })),
});

const INTERPRETERS: Partial<Readonly<Record<FormatId, Interpreter>>> = {
  'home-assistant-yaml': homeAssistant,
  'home-assistant-shared': homeAssistant,
  'home-assistant-secrets': homeAssistant,
  'other-yaml': homeAssistant,
  'esphome-yaml': esphome,
  'esphome-secrets': homeAssistant,
  'zigbee2mqtt-yaml': zigbee2mqtt,
  compose,
  dotenv,
  'node-red-environment': dotenv,
  'github-workflow': workflow,
  'serverless-yaml': serverless,
  'cloudformation-yaml': cloudFormation,
  'node-red-flows': flows,
  platformio,
};

/** The text cut at every match; neighbouring texts are joined. */
const split = (
  text: string,
  pattern: RegExp,
  part: (match: RegExpMatchArray) => string | ReferenceSeed,
): readonly (string | ReferenceSeed)[] => {
  const parts: (string | ReferenceSeed)[] = [];
  const push = (next: string | ReferenceSeed) => {
    const last = parts.at(-1);
    if (typeof next === 'string' && typeof last === 'string') parts[parts.length - 1] = last + next;
    else if (next !== '') parts.push(next);
  };
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    push(text.slice(at, match.index));
    push(part(match));
    at = match.index + match[0].length;
  }
  push(text.slice(at));
  return parts;
};
