import type { SystemId } from '#catalogue';
import type { Secret } from '#kernel';
import type { FormatId } from './recognise.ts';
import type { Problem, Span } from './source-file.ts';

/**
 * How a scalar is spelt in its file, and so how a new value is spelt in its place. See `spelling.ts`. `code-single` is
 * JavaScript's or Python's, in single quotes.
 */
export const STYLES = [
  'yaml-plain',
  'yaml-flow-plain',
  'yaml-typed',
  'yaml-single',
  'yaml-double',
  'yaml-literal',
  'yaml-folded',
  'yaml-list',
  'json-string',
  'json-number',
  'json-list',
  'dotenv',
  'js-string',
  'python-string',
  'code-single',
  'c-string',
  'bare',
] as const;
export type Style = (typeof STYLES)[number];

/** What a text goes through before its program sees it, on top of the file's own quoting. */
export const LAYERS = ['none', 'compose'] as const;
export type Layer = (typeof LAYERS)[number];

/** A scalar as a reader of one syntax sees it, before anyone asks what it means. */
export type Scalar = {
  readonly keyPath: readonly string[];
  readonly span: Span;
  readonly style: Style;
  /** Decoded. */
  readonly text: string;
  /** A YAML tag such as `!secret`. */
  readonly tag?: string;
  /** Spaces that a new spelling needs in front of it. */
  readonly pad?: string;
  /** Indentation of a YAML literal block's lines. */
  readonly indent?: string;
  /** Why the span must not be replaced, in a person's words. */
  readonly fixed?: string;
};

export type SyntaxId =
  | 'ha-secret'
  | 'ha-env-var'
  | 'substitution'
  | 'z2m-side-file'
  | 'compose-variable'
  | 'github-secret'
  | 'serverless-env'
  | 'cloudformation-parameter'
  | 'node-red-variable'
  | 'process-env'
  | 'os-environ'
  | 'c-macro'
  | 'sysenv'
  | 'dotenv-variable';

/** A use of a value that lives in another place. */
export type Reference = {
  readonly syntax: SyntaxId;
  readonly name: string;
  /** As written, for example `${MQTT_PASSWORD}`. */
  readonly written: string;
  readonly file: string;
  readonly line: number;
  readonly keyPath: readonly string[];
  /** Files that may hold the name, the one that wins first. */
  readonly resolvesIn: readonly string[];
  /** Who holds it when none of the files does; null when it must be in one of them. */
  readonly elsewhere: 'environment' | 'github' | 'deployment' | null;
  /** What is used when nobody holds it. */
  readonly fallback: Secret | null;
};

/** One scalar of a file with what it means: literal text, references, or both mixed. */
export type Leaf = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly keyPath: readonly string[];
  readonly span: Span;
  readonly style: Style;
  readonly layer: Layer;
  readonly pad: string;
  readonly indent: string;
  /** Decoded text in front of the value that names it: `NAME=` in a compose list. */
  readonly lead: string;
  readonly parts: readonly (Secret | Reference)[];
  readonly fixed: string | null;
};

/** A file whose named values another file takes in as a whole. */
export type Inclusion = { readonly path: string; readonly how: 'merge' | 'env-file'; readonly line: number };

export type FileReading = {
  readonly path: string;
  /** The text itself, kept as long as the reading; null when there is none. */
  readonly text: string | null;
  /** Of the bytes. */
  readonly sha256: string;
  readonly format: FormatId | null;
  readonly system: SystemId | null;
  readonly leaves: readonly Leaf[];
  readonly references: readonly Reference[];
  readonly inclusions: readonly Inclusion[];
  readonly problems: readonly Problem[];
};

export const isReference = (part: Secret | Reference): part is Reference => 'syntax' in part;
