import { type JsonObject, type JsonValue, stringifyJson } from '#kernel';

/** What a handler gives back. */
export type Answer =
  /** The usual envelope. `top` repeats the fields of `data` beside it, as clients of `sys/*` expect. */
  | {
      readonly kind: 'data';
      readonly data: JsonObject;
      readonly status?: number;
      readonly top?: true;
      readonly warnings?: readonly string[];
      /** Sent as ETag, where the answer goes out as it is. */
      readonly etag?: string;
    }
  /** What the caller has is what there is: 304. */
  | { readonly kind: 'unchanged'; readonly etag: string }
  | { readonly kind: 'auth'; readonly auth: JsonObject; readonly warnings?: readonly string[] }
  | { readonly kind: 'wrapped'; readonly wrapInfo: JsonObject }
  /** A flat document of its own. */
  | { readonly kind: 'document'; readonly body: JsonObject; readonly status?: number }
  /** Bytes that were an answer once. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'nothing' }
  /** Nothing is there: 404 and no text, which is what clients take for "no value". */
  | { readonly kind: 'absent' };

export const NOTHING: Answer = { kind: 'nothing' };
export const ABSENT: Answer = { kind: 'absent' };
export const data = (fields: JsonObject): Answer => ({ kind: 'data', data: fields });

const EMPTY = {
  lease_id: '',
  renewable: false,
  lease_duration: 0,
  data: null,
  wrap_info: null,
  warnings: null,
  auth: null,
} as const;

/** The usual envelope around what a handler gave. */
export const documentOf = (answer: Extract<Answer, { kind: 'data' | 'auth' }>, requestId: string): string => {
  const warnings = warningsOf(answer.warnings);
  if (answer.kind === 'auth') return json({ request_id: requestId, ...EMPTY, auth: answer.auth, warnings });
  const top = answer.top === true ? answer.data : {};
  return json({ ...top, request_id: requestId, ...EMPTY, data: answer.data, warnings });
};

/** The body of an answer; null for none. */
export const bodyOf = (answer: Answer, requestId: string): string | Uint8Array | null => {
  switch (answer.kind) {
    case 'data':
    case 'auth':
      return documentOf(answer, requestId);
    case 'wrapped':
      return json({ request_id: '', ...EMPTY, wrap_info: answer.wrapInfo });
    case 'document':
      return json(answer.body);
    case 'bytes':
      return answer.bytes;
    case 'absent':
      return json({ errors: [] });
    case 'nothing':
    case 'unchanged':
      break;
  }
  return null;
};

const warningsOf = (warnings: readonly string[] | undefined): JsonValue =>
  warnings === undefined || warnings.length === 0 ? null : warnings;

export const statusOf = (answer: Answer): number => {
  switch (answer.kind) {
    case 'data':
    case 'document':
      return answer.status ?? 200;
    case 'absent':
      return 404;
    case 'nothing':
      return 204;
    case 'unchanged':
      return 304;
    case 'auth':
    case 'bytes':
    case 'wrapped':
      break;
  }
  return 200;
};

/** One line of JSON, as this face sends it. */
export const json = (value: JsonObject): string => `${stringifyJson(value)}\n`;
