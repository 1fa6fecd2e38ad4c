import type { IncomingMessage } from 'node:http';
import { type Route, takesPath } from '#contract';
import { CredentialPath, JSON_LIMITS, parseJson, utf8Text } from '#kernel';
import type { z } from 'zod';
import { httpError } from '../errors.ts';
import { knownTags } from '../if-none-match.ts';
import { controlError } from './errors.ts';

const LONGEST_URL = 4_096;
/** Members of a body beyond the usual size: a chunk of a survey. */
const LARGE_LIMITS = { depth: 32, keys: 200_000 } as const;

/** What a request asks for, every part checked against its route's schema. Errors name fields, never their values. */
export type Asked = {
  readonly path: CredentialPath | null;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: readonly string[];
};

export const readRequest = (
  route: Route,
  url: string,
  headers: IncomingMessage['headers'],
  params: unknown,
  body: Buffer | null,
): Asked => ({
  path: takesPath(route) ? readPath(route, url) : null,
  params: route.params === undefined ? undefined : check('path', route.params, decoded(params)),
  query: readQuery(route, url),
  body: readBody(route, body),
  ifMatch: readIfMatch(route, headers['if-match']),
  ifNoneMatch: route.unchanged === true ? knownTags(headers['if-none-match']) : [],
});

/**
 * The credential's path, from the raw URL: each part is decoded exactly once, here, and `CredentialPath` refuses what
 * is not canonical (the class of CVE-2025-54996, CVE-2026-3605). Errors: `http.bad_target`, `path.malformed`.
 */
const readPath = ({ path }: Route, url: string): CredentialPath => {
  const prefix = `/api${path.slice(0, -'{path}'.length)}`;
  const raw = url.split('?', 1)[0]!;
  if (url.length > LONGEST_URL || !raw.startsWith(prefix))
    throw httpError('bad_target', 'The path is not written in its plain form.');
  return CredentialPath.parse(raw.slice(prefix.length).split('/').map(decodeSegment).join('/'));
};

const decodeSegment = (raw: string): string => {
  if (/%(?:2f|5c|00)/i.test(raw)) throw httpError('bad_target', 'The path holds an encoded slash, backslash or NUL.');
  try {
    return decodeURIComponent(raw);
  } catch {
    throw httpError('bad_target', 'The path is not percent-encoded UTF-8.');
  }
};

/** Fastify has decoded them; a slash in one was an encoded slash. */
const decoded = (params: unknown): unknown => {
  for (const text of Object.values(params as Readonly<Record<string, string>>))
    if (text.includes('/')) throw httpError('bad_target', 'The path holds an encoded slash.');
  return params;
};

const readQuery = (route: Route, url: string): unknown => {
  const at = url.indexOf('?');
  const search = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const given: Record<string, string> = {};
  for (const [name, text] of search) {
    if (Object.hasOwn(given, name)) throw controlError('bad_request', `The query names "${printable(name)}" twice.`);
    Object.defineProperty(given, name, { value: text, enumerable: true });
  }
  if (route.query !== undefined) return check('query', route.query, given);
  const [first] = Object.keys(given);
  if (first !== undefined) throw controlError('bad_request', `The query may not hold "${printable(first)}".`);
  return undefined;
};

const readBody = (route: Route, body: Buffer | null): unknown => {
  if (route.body === undefined) {
    if (body !== null && body.length > 0) throw controlError('body_refused', 'This request takes no body.');
    return undefined;
  }
  if (body === null || body.length === 0) throw controlError('bad_request', 'This request needs a body.');
  return check('body', route.body, parseJson(textOf(body), route.bodyLimit === undefined ? JSON_LIMITS : LARGE_LIMITS));
};

const textOf = (body: Buffer): string => {
  try {
    return utf8Text(body);
  } catch {
    throw controlError('bad_request', 'The body is not UTF-8.');
  }
};

/** One strong tag: a weak one never matches, and `*` and lists name nothing that was seen (RFC 9110, section 13.1.1). */
const readIfMatch = (route: Route, header: string | undefined): string | undefined => {
  if (header === undefined) return undefined;
  if (route.ifMatch !== true) throw controlError('if_match_refused', 'If-Match is not understood here.');
  const tag = /^"([\x21\x23-\x7e]{1,128})"$/.exec(header)?.[1];
  if (tag === undefined) throw controlError('bad_request', 'If-Match must be one ETag as it was given.');
  return tag;
};

const check = (part: string, schema: z.ZodType, given: unknown): unknown => {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = [part, ...(issue?.path ?? [])].map((key) => printable(String(key))).join('.');
  throw controlError('bad_request', `${field}: ${printable(issue?.message ?? 'it is not of the right form', 200)}`, {
    field,
    problem: issue?.code ?? 'invalid',
  });
};

const printable = (text: string, most = 80): string => text.slice(0, most).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '�');
