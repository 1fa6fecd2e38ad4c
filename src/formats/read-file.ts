import { Secret } from '#kernel';
import type { SystemId } from '#catalogue';
import { type CodeValue, readCode } from './code.ts';
import { readDotenv } from './dotenv.ts';
import { type ReferenceSeed, contextOf, interpret, layerOf, nodeRedFiles } from './interpret.ts';
import { readJson } from './json.ts';
import { readIni, readMosquitto, readPasswd } from './line-files.ts';
import { type FileReading, type Inclusion, type Leaf, type Reference, type Scalar, isReference } from './reading.ts';
import { type FormatId, NO_SURROUNDINGS, type Reader, type Surroundings, formatRow, recognise } from './recognise.ts';
import {
  type Lines,
  type Problem,
  type SourceFile,
  decodeFile,
  folderOf,
  foldersUpwards,
  joinPath,
  linesOf,
  resolvePath,
  sha256,
} from './source-file.ts';
import { type Fault, type ScalarsOf, readYaml } from './yaml.ts';

/**
 * Reads one file: every value with its exact place, every reference with where it resolves.
 *
 * Never throws on content: what cannot be read becomes a problem with its line and column. A file that is none of ours
 * has `format: null` and nothing else. `around` is what the rest of the folder says (see `surroundingsOf`).
 */
export const readFile = (file: SourceFile, around: Surroundings = NO_SURROUNDINGS): FileReading => {
  const text = decodeFile(file);
  if (typeof text !== 'string') {
    // Pictures and databases are not worth a word; a file whose name is ours is.
    const ours = recognise(file.path, '', around) !== null;
    return { ...nothing(file, null), problems: ours ? [text] : [] };
  }
  const format = recognise(file.path, text, around);
  if (format === null) return nothing(file, text);
  const reader = formatRow(format).reader;
  if (isCode(reader) && text.length > MAX_CODE)
    return {
      ...nothing(file, text),
      problems: [
        {
          file: file.path,
          line: null,
          column: null,
          code: 'too_large',
          message: `Source code of more than ${MAX_CODE} characters is not read.`,
        },
      ],
    };
  const lines = linesOf(text);
  return isCode(reader)
    ? readSource(file, text, format, reader, lines)
    : readData(file, text, format, SCALARS[reader](text), lines, around);
};

/** Longest source code that is read, in UTF-16 units; what is longer was generated. */
const MAX_CODE = 1024 * 1024;

const isCode = (reader: Reader): reader is 'js' | 'python' | 'c' =>
  reader === 'js' || reader === 'python' || reader === 'c';

const SCALARS = {
  yaml: readYaml,
  json: readJson,
  dotenv: readDotenv,
  mosquitto: readMosquitto,
  passwd: readPasswd,
  ini: readIni,
} as const satisfies Record<string, (text: string) => ScalarsOf>;

const nothing = (file: SourceFile, text: string | null): FileReading => ({
  path: file.path,
  text,
  sha256: sha256(file.bytes),
  format: null,
  system: null,
  leaves: [],
  references: [],
  inclusions: [],
  problems: [],
});

const readData = (
  file: SourceFile,
  text: string,
  format: FormatId,
  found: ScalarsOf,
  lines: Lines,
  around: Surroundings,
): FileReading => {
  const context = contextOf(file.path, format, around, found.scalars);
  const layer = layerOf(format);
  const leaves: Leaf[] = [];
  const inclusions: Inclusion[] = [];
  for (const scalar of found.scalars) {
    const meaning = interpret(format, scalar, context);
    const place = lines.at(scalar.span.start);
    if (meaning === null) continue;
    if ('includes' in meaning) inclusions.push({ path: meaning.includes, how: meaning.how, line: place.line });
    else
      leaves.push({
        ...leafAt(file.path, scalar, place),
        keyPath: meaning.keyPath,
        layer,
        lead: meaning.lead ?? '',
        fixed: scalar.fixed ?? meaning.fixed ?? null,
        parts: meaning.parts.map((part) =>
          typeof part === 'string' ? Secret.fromText(part) : referenceAt(file.path, meaning.keyPath, place.line, part),
        ),
      });
  }
  leaves.push(...leaves.flatMap(defaultsOf));
  const encrypted = format === 'node-red-credentials' && leaves.length === 1 && leaves[0]!.keyPath.join() === '$';
  return {
    ...nothing(file, text),
    format,
    system: systemOf(format, file.path, text),
    leaves: encrypted ? [] : leaves,
    references: referencesOf(leaves),
    inclusions,
    problems: [
      ...found.faults.map((fault) => problemAt(file.path, fault, lines)),
      ...(encrypted
        ? [
            {
              file: file.path,
              line: null,
              column: null,
              code: 'encrypted' as const,
              message: 'Encrypted by Node-RED; what is inside is known only with its credentialSecret.',
            },
          ]
        : []),
    ],
  };
};

/** A default is a value in clear too. Its span is empty: it is listed, and replaced by nobody. */
const defaultsOf = (leaf: Leaf): readonly Leaf[] =>
  leaf.parts.filter(isReference).flatMap(({ name, fallback }) =>
    fallback === null
      ? []
      : [
          {
            ...leaf,
            keyPath: [...leaf.keyPath, name],
            span: { start: leaf.span.end, end: leaf.span.end },
            lead: '',
            parts: [fallback],
            fixed: `it is the default of ${name}; remove it once ${name} has a value`,
          },
        ],
  );

const leafAt = (file: string, scalar: Scalar, place: { line: number; column: number }) => ({
  file,
  line: place.line,
  column: place.column,
  span: scalar.span,
  style: scalar.style,
  pad: scalar.pad ?? '',
  indent: scalar.indent ?? '',
});

const referenceAt = (file: string, keyPath: readonly string[], line: number, seed: ReferenceSeed): Reference => ({
  ...seed,
  file,
  line,
  keyPath,
});

const referencesOf = (leaves: readonly Leaf[]): readonly Reference[] =>
  leaves.flatMap((leaf) => leaf.parts.filter(isReference));

const problemAt = (file: string, fault: Fault, lines: Lines): Problem => ({
  file,
  ...lines.at(fault.offset),
  code: fault.code,
  message: fault.message,
});

const STYLES = { js: 'js-string', python: 'python-string', c: 'c-string' } as const;

const readSource = (
  file: SourceFile,
  text: string,
  format: FormatId,
  language: 'js' | 'python' | 'c',
  lines: Lines,
): FileReading => {
  const { values, includes } = readCode(text, language);
  const headers = includes.flatMap((written) => resolvePath(folderOf(file.path), written) ?? []);
  const leaves = values.map((value): Leaf => {
    const place = lines.at(value.span.start);
    return {
      ...leafAt(
        file.path,
        {
          keyPath: value.keyPath,
          span: value.span,
          style: language !== 'c' && text[value.span.start] === "'" ? 'code-single' : STYLES[language],
          text: '',
        },
        place,
      ),
      keyPath: value.keyPath,
      layer: 'none',
      lead: '',
      fixed: value.fixed ?? null,
      parts: [
        'text' in value.value
          ? Secret.fromText(value.value.text)
          : referenceAt(file.path, value.keyPath, place.line, fetched(value, text, file.path, format, headers)),
      ],
    };
  });
  const references = referencesOf(leaves);
  return {
    ...nothing(file, text),
    format,
    system: systemOf(format, file.path, text),
    leaves: [...leaves, ...leaves.flatMap(defaultsOf)],
    references,
  };
};

const fetched = (
  value: CodeValue,
  text: string,
  path: string,
  format: FormatId,
  headers: readonly string[],
): ReferenceSeed => {
  if ('text' in value.value) throw new TypeError('A literal is not a reference.');
  const { name, syntax, fallback } = value.value;
  return {
    syntax,
    name,
    written: text.slice(value.span.start, value.span.end),
    resolvesIn:
      syntax === 'c-macro'
        ? headers
        : format === 'node-red-settings'
          ? nodeRedFiles(path)
          : foldersUpwards(folderOf(path)).map((folder) => joinPath(folder, '.env')),
    elsewhere: syntax === 'c-macro' ? 'deployment' : 'environment',
    fallback: fallback === undefined ? null : Secret.fromText(fallback),
  };
};

/** JSON settings and code do not say by their format whose they are; their content or folder often does. */
const systemOf = (format: FormatId, path: string, text: string): SystemId | null => {
  const { system } = formatRow(format);
  if (system !== null) return system;
  const lower = path.toLowerCase();
  if (format === 'json-settings') {
    if (/"(?:securityKeys|networkKey)"\s*:/.test(text)) return 'zwave-js';
    if (/"bridge"\s*:/.test(text) && /"(?:platforms|accessories)"\s*:/.test(text)) return 'homebridge';
  }
  if (format === 'python' && /\bdef (?:lambda_)?handler\(|\balexa\b/i.test(text))
    return /alexa/i.test(lower + text) ? 'alexa' : 'aws';
  return null;
};
