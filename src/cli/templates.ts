import { LAYERS, STYLES, type Piece, type Slot, type Template } from '#formats';
import { type JsonObject, type JsonValue, isJsonObject, parseJson, parseName } from '#kernel';
import { cliError } from './errors.ts';

/**
 * A template as the server kept it for us. It came back over a wire, and others may have written it: only what a survey
 * could have made is taken, and what it does not know is left behind. Errors: `cli.stuck_data`.
 */
export const readTemplate = (plan: string): Template => {
  const read = parseJson(plan, { depth: 16, keys: 1_000_000 });
  const { path, parts } = fieldsOf(read);
  if (typeof path !== 'string' || !Array.isArray(parts) || !isPlainPath(path)) throw notOurs();
  return {
    path,
    parts: (parts as readonly JsonValue[]).map((part) => (typeof part === 'string' ? part : readSlot(part))),
  };
};

const readSlot = (part: JsonValue): Slot => {
  const { style, layer, indent, pad, lead, pieces, awaited } = fieldsOf(part);
  const knownStyle = STYLES.find((one) => one === style);
  const knownLayer = LAYERS.find((one) => one === layer);
  if (knownStyle === undefined || knownLayer === undefined || typeof lead !== 'string' || !Array.isArray(pieces))
    throw notOurs();
  return {
    style: knownStyle,
    layer: knownLayer,
    indent: readSpace(indent),
    pad: readSpace(pad),
    lead,
    pieces: pieces.map(readPiece),
    ...(awaited === undefined ? {} : { awaited: readAround(awaited) }),
  };
};

/** Indentation repeats in front of every line of a value: nothing else may hide there. */
const readSpace = (text: JsonValue | undefined): string => {
  if (typeof text !== 'string' || !/^[ \t]{0,256}$/.test(text)) throw notOurs();
  return text;
};

const readAround = (around: JsonValue): NonNullable<Slot['awaited']> => {
  const { before, after } = fieldsOf(around);
  if (typeof before !== 'string' || typeof after !== 'string') throw notOurs();
  return { before, after };
};

const readPiece = (piece: JsonValue): Piece => {
  const { text, written, credential, encoding } = fieldsOf(piece);
  if (typeof text === 'string') return { text };
  if (typeof written === 'string') return { written };
  if (typeof credential !== 'string' || (encoding !== 'none' && encoding !== 'percent')) throw notOurs();
  return { credential: parseName(credential), encoding };
};

const fieldsOf = (value: JsonValue): JsonObject => (isJsonObject(value) ? value : {});

const notOurs = () =>
  cliError('stuck_data', 'A template in the store is not one of ours.', {
    instead: 'Adopt the folder again, or give it up: chatelaine render --forget FILE.',
  });

/** What git itself reads may name programs that it starts, so nothing is ever rendered there (the class of CVE-2014-9390). */
const GITS_OWN = /^(?:\.git|git~\d+)$/i;

/** A target stays inside the folder that is rendered: relative, climbing nowhere, and nothing of git's own. */
export const isPlainPath = (path: string): boolean =>
  path !== '' &&
  !/^(?:[A-Za-z]:|[\\/])/.test(path) &&
  !path.includes('\0') &&
  path.split(/[\\/]/).every((part) => part !== '' && part !== '.' && part !== '..' && !GITS_OWN.test(part));
