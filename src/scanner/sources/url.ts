import { scannerError } from '../errors.ts';
import type { Source, Yield } from '../unit.ts';
import { Unread, gap, gapOf, interrupted, skipped } from './gap.ts';

/** One request without cookies, credentials or a referrer, following no redirect. Given by the roof, which may use the network. */
export type FetchUrl = (request: { readonly url: string; readonly signal: AbortSignal }) => Promise<{
  readonly status: number;
  /** Value of a header by its lower-case name; null when there is none. */
  readonly header: (name: string) => string | null;
  readonly body: AsyncIterable<Uint8Array>;
}>;

export type UrlLimits = {
  /** Bytes of one answer. */
  readonly bytes: number;
  readonly redirects: number;
  /** Scripts of the page's own origin that are looked through. */
  readonly scripts: number;
  /** For all requests together, in milliseconds. */
  readonly time: number;
};

export const URL_LIMITS: UrlLimits = { bytes: 16 * 1024 * 1024, redirects: 5, scripts: 30, time: 30_000 };

export type UrlOptions = {
  readonly url: string;
  readonly fetchUrl: FetchUrl;
  readonly limits?: Partial<UrlLimits>;
};

/** What a stranger meets at an address. */
export type PageFacts = {
  /** Where it ended, without query. */
  readonly url: string;
  readonly status: number;
  readonly redirects: number;
  /** `text/html`; empty when it was not said. */
  readonly mediaType: string;
  /**
   * `open`: content for anybody. `login`: a page that asks for a password. `refused`: 401, 403, 407. `app`: a page that
   * its scripts fill, which may or may not ask for a login. `absent`: 404, 410. `failed`: everything else.
   */
  readonly access: 'open' | 'login' | 'refused' | 'app' | 'absent' | 'failed';
  /** Why we think so, in one clause. */
  readonly why: string;
};

export type Page = { readonly facts: PageFacts; readonly source: Source };

/**
 * Fetches a page or endpoint as a stranger would, and gives what it shows as a source: the answer, and the scripts of
 * its own origin. Errors: `scanner.url` for what is no address, or one that carries a name or password;
 * `scanner.url_failed` when nothing answers.
 */
export const openPage = async (options: UrlOptions, signal: AbortSignal): Promise<Page> => {
  const limits = { ...URL_LIMITS, ...options.limits };
  const ends = AbortSignal.any([signal, AbortSignal.timeout(limits.time)]);
  const fetched = await followed(parseUrl(options.url), options.fetchUrl, limits, ends);
  const { bytes, cut } = await readBody(fetched.answer.body, limits.bytes);
  const text = Buffer.from(bytes.subarray(0, 1024 * 1024)).toString('utf8');
  const facts = judge(fetched, text);
  const source: Source = async function* (stop) {
    yield* fetched.left;
    yield unit(fetched.url, bytes);
    if (cut)
      yield gap(
        shownUrl(fetched.url),
        'too_large',
        'The answer is larger than is read; the rest was not looked through.',
      );
    const both = AbortSignal.any([ends, stop]);
    for (const script of facts.mediaType === 'text/html' ? scriptsOf(text, fetched.url, limits.scripts) : []) {
      if (both.aborted) break;
      yield* readScript(script, options.fetchUrl, limits, both);
    }
    if (signal.aborted || stop.aborted) yield interrupted(shownUrl(fetched.url));
    else if (ends.aborted)
      yield gap(shownUrl(fetched.url), 'too_large', 'The time was over before all scripts of the page were read.');
  };
  return { facts, source };
};

/** Throws `scanner.url`. */
export const parseUrl = (text: string): URL => {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw scannerError('url', 'That is no address of a page.', {});
  if (url.username !== '' || url.password !== '')
    throw scannerError('url', 'The address holds a name or password; a page is looked at as a stranger sees it.', {});
  return url;
};

/** Queries carry tokens; reports do not. */
const shownUrl = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

const unit = (url: URL, bytes: Uint8Array): Yield => ({
  type: 'unit',
  unit: {
    path: shownUrl(url),
    origin: { type: 'url', url: shownUrl(url) },
    size: bytes.length,
    content: { type: 'bytes', bytes },
  },
});

type Answer = Awaited<ReturnType<FetchUrl>>;
type Followed = {
  readonly url: URL;
  readonly answer: Answer;
  readonly redirects: number;
  readonly left: readonly Yield[];
};

const followed = async (start: URL, fetchUrl: FetchUrl, limits: UrlLimits, signal: AbortSignal): Promise<Followed> => {
  let url = start;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await ask(url, fetchUrl, signal);
    const location = answer.status >= 300 && answer.status < 400 ? answer.header('location') : null;
    const next = location === null ? null : URL.parse(location, url);
    if (location === null) return { url, answer, redirects, left: [] };
    const refusal = whyNot(url, next);
    if (next === null || refusal !== null || redirects >= limits.redirects) {
      const why = refusal ?? 'it leads on more often than is followed';
      return { url, answer, redirects, left: [skipped(shownUrl(url), `a redirect was not followed: ${why}`)] };
    }
    await readBody(answer.body, 64 * 1024);
    url = next;
  }
};

const whyNot = (from: URL, to: URL | null): string | null => {
  if (to === null) return 'its address is broken';
  if (!/^https?:$/.test(to.protocol)) return 'it leads to another kind of address';
  if (from.protocol === 'https:' && to.protocol === 'http:') return 'it leads from https to http';
  return to.username === '' && to.password === '' ? null : 'it carries a name or password';
};

const ask = async (url: URL, fetchUrl: FetchUrl, signal: AbortSignal): Promise<Answer> => {
  try {
    return await fetchUrl({ url: url.href, signal });
  } catch (error) {
    throw scannerError('url_failed', `Nothing answered at ${shownUrl(url)}.`, { url: shownUrl(url) }, error);
  }
};

const readBody = async (
  body: AsyncIterable<Uint8Array>,
  most: number,
): Promise<{ bytes: Uint8Array; cut: boolean }> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  let cut = false;
  try {
    for await (const part of body) {
      parts.push(part.subarray(0, most - size));
      size += parts.at(-1)!.length;
      cut = size >= most;
      if (cut) break;
    }
  } catch {
    cut = true;
  }
  return { bytes: new Uint8Array(Buffer.concat(parts)), cut };
};

const judge = ({ answer, redirects, url }: Followed, text: string): PageFacts => {
  const { status } = answer;
  const mediaType = (answer.header('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const [access, why] = accessOf(status, mediaType, url, text, answer.header('www-authenticate') !== null);
  return { url: shownUrl(url), status, redirects, mediaType, access, why };
};

const accessOf = (
  status: number,
  mediaType: string,
  url: URL,
  text: string,
  asks: boolean,
): readonly [PageFacts['access'], string] => {
  if (status === 401 || status === 403 || status === 407)
    return ['refused', asks ? 'it asks for credentials' : `it answers ${status}`];
  if (status === 404 || status === 410) return ['absent', `it answers ${status}`];
  if (status < 200 || status >= 300) return ['failed', `it answers ${status}`];
  if (mediaType !== 'text/html') return ['open', 'it answers with content and asks for nothing'];
  if (/<input[^>]+type\s*=\s*["']?password/i.test(text)) return ['login', 'the page has a field for a password'];
  if (/\/(login|signin|sign-in|auth(orize)?)\b/i.test(url.pathname))
    return ['login', 'it leads to a page for signing in'];
  const visible = text
    .replaceAll(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, '')
    .replaceAll(/<[^>]*>/g, '')
    .trim();
  return visible.length < 200 && /<script/i.test(text)
    ? ['app', 'its scripts fill the page, so that a login cannot be seen from outside']
    : ['open', 'it answers with content and asks for nothing'];
};

const scriptsOf = (text: string, page: URL, most: number): readonly URL[] => {
  const found = new Map<string, URL>();
  for (const [, quoted, bare] of text.matchAll(
    /<script\b[^>]{0,2000}?\bsrc\s*=\s*(?:["']([^"'<>]{1,2000})["']|([^\s"'<>]{1,2000}))/gi,
  )) {
    const url = URL.parse(quoted ?? bare ?? '', page);
    if (url !== null && url.origin === page.origin) found.set(url.href, url);
  }
  return [...found.values()].slice(0, most);
};

const readScript = async function* (
  url: URL,
  fetchUrl: FetchUrl,
  limits: UrlLimits,
  signal: AbortSignal,
): AsyncGenerator<Yield> {
  try {
    const answer = await fetchUrl({ url: url.href, signal });
    if (answer.status !== 200) throw new Unread('unreadable', `It answers ${answer.status}.`);
    const { bytes, cut } = await readBody(answer.body, limits.bytes);
    yield unit(url, bytes);
    if (cut)
      yield gap(shownUrl(url), 'too_large', 'The script is larger than is read; the rest was not looked through.');
  } catch (error) {
    if (!signal.aborted) yield gapOf(shownUrl(url), error);
  }
};
