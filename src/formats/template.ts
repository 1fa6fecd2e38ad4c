import { Secret } from '#kernel';
import { formatsError } from './errors.ts';
import type { Layer, Style } from './reading.ts';
import { spell } from './spelling.ts';

/** The place of a credential inside a value. */
export type Hole = {
  readonly credential: string;
  /** `percent`: inside a URL, where the value stands percent-encoded (RFC 3986 section 2.1). */
  readonly encoding: 'none' | 'percent';
};

/** What a value is made of: its own text, credentials, and references to leave as they are written. */
export type Piece = { readonly text: string } | Hole | { readonly written: string };

/** One value of a file, with its spelling. */
export type Slot = {
  readonly style: Style;
  readonly layer: Layer;
  readonly indent: string;
  readonly pad: string;
  readonly lead: string;
  readonly pieces: readonly Piece[];
  /** Around an entry that something asks for and that has no value yet: as long as that is so, it is left out whole. */
  readonly awaited?: { readonly before: string; readonly after: string };
};

/** A file with slots in place of its secrets: plain data, and no secret in it but those in its comments. */
export type Template = { readonly path: string; readonly parts: readonly (string | Slot)[] };

/** Finds a credential's current value by its name in the environment. */
export type Values = (credential: string) => Secret | undefined;

/**
 * The file's whole text. Throws `formats.value_missing`, and `formats.unrepresentable` when a value cannot stand where
 * it is needed; then nothing is rendered.
 */
export const render = (template: Template, values: Values): Secret =>
  Secret.fromText(
    template.parts.map((part) => (typeof part === 'string' ? part : renderSlot(part, values, template.path))).join(''),
  );

const renderSlot = (slot: Slot, values: Values, path: string): string => {
  const { awaited, ...plain } = slot;
  if (awaited !== undefined)
    return holesIn(slot).every((name) => values(name) !== undefined)
      ? awaited.before + renderSlot(plain, values, path) + awaited.after
      : '';
  const spelt = spellPieces(slot, (hole) => valueOf(hole, values, path));
  if (spelt !== null) return slot.pad + spelt;
  const credential = slot.pieces.flatMap((piece) => ('credential' in piece ? [piece.credential] : []))[0] ?? '';
  throw formatsError('unrepresentable', `The value of ${credential} cannot be written in ${path}.`, {
    credential,
    path,
  });
};

/** The new spelling of a slot; null when there is none. */
export const spellPieces = (slot: Slot, value: (hole: Hole) => string): string | null => {
  const own = (text: string): string => (slot.layer === 'compose' ? text.replaceAll('$', '$$$$') : text);
  const mixed = slot.pieces.some((piece) => 'written' in piece);
  const texts = slot.pieces.map((piece) =>
    'written' in piece ? piece.written : own('text' in piece ? piece.text : value(piece)),
  );
  if (slot.style === 'dotenv' && mixed) return dotenvMixed(slot.pieces, texts);
  return spell({ style: slot.style, layer: 'none', indent: slot.indent }, own(slot.lead) + texts.join(''));
};

/** References are read inside double quotes only; there our own text may hold no dollar (see docs/formats.md). */
const dotenvMixed = (pieces: readonly Piece[], texts: readonly string[]): string | null => {
  let out = '';
  for (const [index, piece] of pieces.entries()) {
    const text = texts[index]!;
    if ('written' in piece) out += text;
    else if (/[\0\r$`]/.test(text)) return null;
    else out += text.replaceAll(/["\\]/g, '\\$&');
  }
  return `"${out}"`;
};

const valueOf = (hole: Hole, values: Values, path: string): string => {
  const value = values(hole.credential);
  if (value === undefined)
    throw formatsError('value_missing', `${path} needs ${hole.credential}, which has no value.`, {
      credential: hole.credential,
      path,
    });
  return hole.encoding === 'percent' ? encodeURIComponent(value.revealText()) : value.revealText();
};

/**
 * What a person agrees to: the file with each credential's name in double braces, in its spelling where the name can
 * stand in it. Holds no value, and every word that is not one.
 */
export const templateText = ({ parts }: Template): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.pad + slotText(part))).join('');

const slotText = ({ awaited, ...slot }: Slot): string =>
  awaited === undefined ? plainText(slot) : awaited.before + plainText(slot) + awaited.after;

const plainText = (slot: Slot): string =>
  spellPieces(slot, nameOf) ??
  slot.lead +
    slot.pieces
      .map((piece) => ('written' in piece ? piece.written : 'text' in piece ? piece.text : nameOf(piece)))
      .join('');

const nameOf = ({ credential }: Hole): string => `{{${credential}}}`;

/** Credentials named in a template, each once. */
export const credentialsIn = ({ parts }: Template): readonly string[] => [
  ...new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : holesIn(part)))),
];

/** Those of them without which the file can be written: nothing else in it asks for them. */
export const awaitedIn = ({ parts }: Template): readonly string[] => {
  const slots = parts.filter((part) => typeof part !== 'string');
  const needed = new Set(slots.flatMap((slot) => (slot.awaited === undefined ? holesIn(slot) : [])));
  return [...new Set(slots.flatMap(holesIn))].filter((name) => !needed.has(name));
};

const holesIn = ({ pieces }: Slot): readonly string[] =>
  pieces.flatMap((piece) => ('credential' in piece ? [piece.credential] : []));

/**
 * Any text with `{{ name }}` holes; `{{{{` stands for two braces. Names are looked up and nothing is evaluated.
 * Values go in as they are: quoting is the template's own business.
 */
export const renderText = (text: string, values: Values): Secret => {
  const out = text.replaceAll(
    /\{\{\{\{|\{\{([^{}]{0,600})\}\}|\{\{/g,
    (whole, name: string | undefined, at: number) => {
      if (whole === '{{{{') return '{{';
      const credential = name?.trim() ?? '';
      const line = text.slice(0, at).split('\n').length;
      if (credential === '')
        throw formatsError('malformed_template', `Line ${line} opens a hole that names no credential.`, { line });
      const value = values(credential);
      if (value === undefined)
        throw formatsError('value_missing', `Line ${line} needs ${credential}, which has no value.`, {
          credential,
          line,
        });
      return value.revealText();
    },
  );
  return Secret.fromText(out);
};
