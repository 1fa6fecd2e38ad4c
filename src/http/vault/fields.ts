import { Duration, type JsonObject, type JsonValue, hasCode, isJsonObject } from '#kernel';
import { httpError } from '../errors.ts';

/** Reads of body and query fields, as leniently as Vault: numbers and booleans may come as text. */

export const textField = (body: JsonObject, name: string): string | undefined => {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongField(name, 'a text');
  return value;
};

/** A whole number, 0 or more. */
export const countField = (body: JsonObject, name: string): number | undefined => {
  const value = body[name];
  return value === undefined || value === null ? undefined : countOf(name, value);
};

export const countOf = (name: string, value: JsonValue): number => {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw wrongField(name, 'a whole number, 0 or more');
  return number;
};

export const flagField = (body: JsonObject, name: string): boolean | undefined => {
  const value = body[name];
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw wrongField(name, 'true or false');
};

export const objectField = (body: JsonObject, name: string): JsonObject | undefined => {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw wrongField(name, 'an object');
  return value;
};

/** A list, or a comma-separated text. */
export const listField = (body: JsonObject, name: string): readonly JsonValue[] | undefined => {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string')
    return value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  if (Array.isArray(value)) return value as readonly JsonValue[];
  if (typeof value === 'number') return [value];
  throw wrongField(name, 'a list');
};

/** Seconds, or a text such as `1h30m`. */
export const durationField = (body: JsonObject, name: string): Duration | undefined => {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') throw wrongField(name, 'a length of time');
  return parseDuration(name, String(value));
};

/** The same where zero means "as usual", as in Vault. */
export const lifeField = (body: JsonObject, name: string): Duration | undefined => {
  const duration = durationField(body, name);
  return duration?.ms === 0 ? undefined : duration;
};

export const parseDuration = (name: string, text: string): Duration => {
  try {
    return Duration.parse(text);
  } catch (error) {
    throw hasCode(error, 'duration.unreadable') ? wrongField(name, 'a length of time such as 3600 or 1h30m') : error;
  }
};

/** As Go prints a duration: `0s`, `1m30s`, `768h0m0s`. */
export const goDuration = (ms: number): string => {
  const seconds = Math.floor(ms / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return `${h}h${m}m${s}s`;
  return m > 0 ? `${m}m${s}s` : `${s}s`;
};

/** RFC 3339; empty for never, as KV has it. */
export const timeText = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());

const wrongField = (name: string, wanted: string) => httpError('malformed', `The field "${name}" is not ${wanted}.`);
