import { type SystemId, classifyLeaf, isSystemId } from '#catalogue';
import {
  type JsonObject,
  type JsonValue,
  Secret,
  isJsonObject,
  isRawNumber,
  parseJson,
  stringifyJson,
  utf8,
} from '#kernel';
import { secretsError } from './errors.ts';

/** Largest value, in bytes of JSON. */
export const MAX_VALUE_BYTES = 524_288;
/** Shorter leaves are too few to be told apart: a four-digit PIN says nothing by being equal. */
export const MIN_FINGERPRINTED = 8;

/** A leaf of a value: where it stands and what it says. */
export type Leaf = { readonly path: readonly string[]; readonly text: string };

/** Names of `custom_metadata` by which people mark leaves; each holds leaf paths joined by commas. */
export const MARK_SECRET = 'chatelaine-secret';
export const MARK_PLAIN = 'chatelaine-plain';

/** Reads a value at the edge: an object of at most `MAX_VALUE_BYTES`, numbers kept as written. */
export const parseValue = (json: Secret): JsonObject => {
  if (json.size > MAX_VALUE_BYTES) throw malformed('The value is too large.');
  const value = parseJson(json.revealText());
  if (!isJsonObject(value)) throw malformed('The value is not a JSON object.');
  return value;
};

export const sealable = (value: JsonObject): Secret => {
  const bytes = utf8(stringifyJson(value));
  if (bytes.length > MAX_VALUE_BYTES) throw malformed('The value is too large.');
  return Secret.fromBytes(bytes);
};

/** Every leaf that is text or a number, in order. */
export const leavesOf = (value: JsonValue, path: readonly string[] = []): readonly Leaf[] => {
  if (value === null || typeof value === 'boolean') return [];
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'number') return [{ path, text: String(value) }];
  if (isRawNumber(value)) return [{ path, text: value.rawJSON }];
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => leavesOf(item, [...path, String(i)]));
  return Object.entries(value as JsonObject).flatMap(([key, item]) => leavesOf(item, [...path, key]));
};

export type LeafRule = {
  /** `all`: our own face, where a value is a secret by being one. `classify`: by name, shape and marks. */
  readonly leaves: 'all' | 'classify';
  readonly name: string;
  readonly system: string | null;
  readonly customMetadata: JsonObject;
};

/** The leaves that are secret. */
export const secretLeaves = (value: JsonObject, rule: LeafRule): readonly Leaf[] => {
  const marked = marks(rule.customMetadata, MARK_SECRET);
  const plain = marks(rule.customMetadata, MARK_PLAIN);
  const system: SystemId | null = rule.system !== null && isSystemId(rule.system) ? rule.system : null;
  return leavesOf(value).filter(({ path, text }) => {
    const place = path.join('.');
    if (marked.has(place)) return true;
    if (plain.has(place)) return false;
    // A field called "value" says nothing about itself; the credential's own name does.
    const keyPath = path.length === 1 && path[0] === 'value' ? [rule.name] : path;
    return rule.leaves === 'all' || classifyLeaf({ system, file: '', keyPath }, text).secret;
  });
};

const marks = (metadata: JsonObject, name: string): ReadonlySet<string> => {
  const text = metadata[name];
  return new Set(typeof text === 'string' ? text.split(',').map((part) => part.trim()) : []);
};

const malformed = (message: string) => secretsError('malformed_value', message, { limit: MAX_VALUE_BYTES });
