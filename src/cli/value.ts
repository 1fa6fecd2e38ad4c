import { type JsonObject, type JsonValue, type Secret, isJsonObject, isRawNumber, parseJson } from '#kernel';
import { cliError } from './errors.ts';

/** Largest value in bytes; the server takes no larger one. */
export const MAX_VALUE_BYTES = 524_288;

/** What a value is read from: a text becomes `{"value": text}`, a JSON object stays what it is. */
export const valueFrom = (input: Secret, isJson: boolean): JsonObject => {
  const text = decode(input);
  if (!isJson) return { value: withoutLineEnd(text) };
  const value = parseJson(text);
  if (!isJsonObject(value)) throw cliError('wrong_use', 'The value is not a JSON object.', { command: 'set' });
  return value;
};

const decode = (input: Secret): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input.reveal());
  } catch {
    throw cliError('not_text', 'The value is not text in UTF-8.');
  }
};

/** Editors and echo add one; nobody means it. */
export const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '');

/** A leaf as text: what a file or a variable gets. */
export const leafText = (value: JsonValue): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value !== null && isRawNumber(value) ? value.rawJSON : undefined;
};

/**
 * The one text that stands for a value: its field `value`, or its only field. Undefined where there is no single one.
 */
export const singleText = (value: JsonObject): string | undefined => {
  const fields = Object.keys(value);
  const field = Object.hasOwn(value, 'value') ? 'value' : fields.length === 1 ? fields[0] : undefined;
  return field === undefined ? undefined : leafText(value[field]!);
};

/** The leaves with text, by field names joined by `_`. */
export const textLeaves = (
  value: JsonValue,
  path: readonly string[] = [],
): readonly (readonly [readonly string[], string])[] => {
  const text = value === null ? undefined : leafText(value);
  if (text !== undefined) return [[path, text]];
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, at) => textLeaves(item, [...path, String(at)]));
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, item]) => textLeaves(item, [...path, key])) : [];
};
