import { parseSlug } from '#kernel';
import { httpError } from '../errors.ts';

/** What a URL of the Vault face asks for, read once from its raw bytes; nothing else reads the URL. */
export type Target = {
  /** Decoded segments after `/v1/`, without the namespace and without the empty one that a final slash leaves. */
  readonly segments: readonly string[];
  /** A final slash: how clients ask for a folder. */
  readonly folder: boolean;
  /** A project, given as `X-Vault-Namespace` or in front of the path. */
  readonly namespace: string | null;
  readonly query: URLSearchParams;
};

/** First segments that are not a namespace. */
const ROOTS: ReadonlySet<string> = new Set(['sys', 'auth', 'secret', 'cubbyhole', 'identity']);
const MOST_SEGMENTS = 32;
const LONGEST_URL = 4_096;

/**
 * Reads a raw URL such as `/v1/secret/data/porch/home/mqtt%20bridge?version=2`. Every segment is decoded exactly once;
 * what could be read in two ways is refused rather than repaired: encoded slashes, empty parts, `.` and `..`, control
 * characters, broken UTF-8 (the class of CVE-2025-54996, CVE-2026-3605). Errors: `http.bad_target`.
 */
export const readTarget = (url: string, namespaceHeader: string | undefined): Target => {
  if (url.length > LONGEST_URL) throw refused(`is longer than ${LONGEST_URL} characters`);
  const [path = '', ...query] = url.split('?');
  if (path.includes('#')) throw refused('has a fragment');
  const raw = path.slice('/v1/'.length).split('/');
  const folder = raw.length > 1 && raw.at(-1) === '';
  const segments = (folder ? raw.slice(0, -1) : raw).map(decodeSegment);
  if (segments.length > MOST_SEGMENTS) throw refused(`has more than ${MOST_SEGMENTS} parts`);
  return { ...withoutNamespace(segments, namespaceHeader), folder, query: new URLSearchParams(query.join('?')) };
};

/** Most segments: nothing in them to decode or to refuse. */
const PLAIN = /^[0-9A-Za-z_-][0-9A-Za-z_.-]*$/;

const decodeSegment = (raw: string): string => {
  if (PLAIN.test(raw)) return raw;
  if (raw === '') throw refused('has an empty part (a slash too many?)');
  if (/%(?:2f|5c|00)/i.test(raw)) throw refused('holds an encoded slash, backslash or NUL');
  let text: string;
  try {
    text = decodeURIComponent(raw);
  } catch {
    throw refused('is not percent-encoded UTF-8');
  }
  if (text === '.' || text === '..') throw refused('climbs through folders');
  if (/[\p{Cc}\p{Cs}]/u.test(text)) throw refused('holds a control character');
  return text;
};

const withoutNamespace = (
  segments: readonly string[],
  header: string | undefined,
): Pick<Target, 'segments' | 'namespace'> => {
  const given = header?.replaceAll(/^\/+|\/+$/g, '') ?? '';
  const [first = '', second] = segments;
  const prefixed = !ROOTS.has(first) && second !== undefined && ROOTS.has(second);
  if (!prefixed) return { segments, namespace: given === '' || given === 'root' ? null : parseSlug('project', given) };
  if (given !== '') throw refused('names a namespace, and so does the header X-Vault-Namespace');
  return { segments: segments.slice(1), namespace: parseSlug('project', first) };
};

const refused = (why: string) => httpError('bad_target', `The path ${why}.`);

/** True for the texts that Go's strconv.ParseBool reads as true, as Vault does. */
export const isTrue = (text: string | null): boolean => text !== null && /^(?:1|t|T|TRUE|true|True)$/.test(text);
