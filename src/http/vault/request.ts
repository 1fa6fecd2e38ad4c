import { type JsonObject, isJsonObject, parseJson, utf8Text } from '#kernel';
import type { Caller } from '#identity';
import type { Arrival } from '../arrival.ts';
import { callerOf } from '../caller.ts';
import { httpError } from '../errors.ts';
import type { House } from '../house.ts';
import type { Answer } from './answer.ts';
import type { Target } from './target.ts';

export type Verb = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'LIST';

/** A request as the handlers of this face see it. */
export type VaultRequest = Target & {
  readonly verb: Verb;
  /** Segments behind the fixed part of the route. */
  readonly rest: readonly string[];
  /** The body's fields; none when there was no body. */
  readonly body: JsonObject;
  /** The content type as sent, in lower case and without parameters. */
  readonly contentType: string;
  readonly http: Arrival;
};

export type Handle = (request: VaultRequest) => Answer | Promise<Answer>;

/** One path of the face and what each verb does there. `*` at the end stands for any further segments, or none. */
export type Route = {
  readonly path: string;
  readonly verbs: Readonly<Partial<Record<Verb, Handle>>>;
  /** Answers whoever asks; everything else wants a caller before it says anything. */
  readonly open?: true;
  /** Answers while locked, too. */
  readonly whileLocked?: true;
};

/** A family of routes, made for one house. */
export type Routes = (house: House) => readonly Route[];

export const callerFor = (house: House, { http }: VaultRequest): Promise<Caller> => callerOf(house, http);

/**
 * Reads a body as Vault does: whatever the content type says, JSON, or a form where it says so; no body is no fields.
 * Numbers keep their spelling. Errors: `http.malformed`, `json.malformed`, `json.too_complex`.
 */
export const readBody = (bytes: Uint8Array, contentType: string): JsonObject => {
  if (bytes.length === 0) return EMPTY;
  const text = textOf(bytes);
  if (text.trim() === '') return {};
  if (contentType === 'application/x-www-form-urlencoded' && !/^\s*[{[]/.test(text))
    return Object.fromEntries(new URLSearchParams(text));
  const value = parseJson(text);
  if (value === null) return {};
  if (!isJsonObject(value)) throw httpError('malformed', 'The body is not a JSON object.');
  return value;
};

const EMPTY: JsonObject = {};

const textOf = (bytes: Uint8Array): string => {
  try {
    return utf8Text(bytes);
  } catch {
    throw httpError('malformed', 'The body is not UTF-8.');
  }
};
