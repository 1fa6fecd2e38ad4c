import type { TestHouse } from '../house.ts';

/**
 * Golden conversations: files that a security reviewer can read, one exchange after another.
 *
 *     # Why this exchange is here.
 *     > GET /v1/sys/health HTTP/1.1
 *     > X-Vault-Token: <owner>
 *     >
 *     > {"a":1}
 *     < HTTP/1.1 200 OK
 *     < content-type: application/json
 *     <
 *     < {"initialized":true, …}
 *
 * Lines of the request are sent as they stand; `Host`, `Connection` and the length are added. `<owner>`, `<developer>`,
 * … stand for tokens, `<$name>` for what an earlier answer gave. In answers `<id>`, `<time>`, `<number>`, `<etag>` and
 * `<token>` stand for what differs from run to run, `<token $name>` also remembers it; every other byte must be the same. Of the
 * headers, all must stand in the file but those that HTTP itself adds (`date`, `connection`, `keep-alive`).
 */
export type Exchange = {
  readonly line: number;
  readonly request: readonly string[];
  readonly answer: readonly string[];
};

export const readExchanges = (text: string): Exchange[] => {
  const exchanges: { line: number; request: string[]; answer: string[] }[] = [];
  let before = '';
  for (const [i, line] of text.split('\n').entries()) {
    const said = line.replace(/^[<>] ?/, '');
    if (line.startsWith('>')) {
      if (before !== '>') exchanges.push({ line: i + 1, request: [], answer: [] });
      exchanges.at(-1)!.request.push(said);
    } else if (line.startsWith('<')) exchanges.at(-1)!.answer.push(said);
    else if (line !== '' && !line.startsWith('#'))
      throw new Error(`Line ${i + 1} is neither comment, request nor answer.`);
    before = line.charAt(0);
  }
  return exchanges;
};

export type Names = Map<string, string>;

/** Names for a house's tokens: `<owner>`, `<developer>`, … */
export const tokenNames = ({ tokens }: TestHouse): Names => new Map(Object.entries(tokens));

/** The bytes of a request, with names filled in. */
export const requestBytes = ({ request }: Exchange, names: Names): Buffer => {
  const lines = request.map((line) => fillIn(line, names));
  const end = lines.indexOf('');
  const head = end < 0 ? lines : lines.slice(0, end);
  const body = Buffer.from(end < 0 ? '' : lines.slice(end + 1).join('\n'));
  const added = [
    'Host: localhost',
    'Connection: close',
    ...(body.length > 0 ? [`Content-Length: ${body.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${[...head, ...added].join('\r\n')}\r\n\r\n`), body]);
};

const fillIn = (line: string, names: Names): string =>
  line.replaceAll(/<(\$?[a-z]+)>/g, (whole, name: string) => names.get(name) ?? whole);

const FORMS: Readonly<Record<string, string>> = {
  id: '[0-9a-f-]{36}|[a-z]{3,4}_[0-9a-z]{24}',
  time: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z',
  number: '\\d+',
  token: 'chtl_[0-9A-Za-z]{49}',
  nonce: '[0-9a-f]{32}',
  etag: 'W/"cred_[0-9a-z]{24}(?:\\.\\d+){3,4}"',
  origin: 'chatelaine/[0-9a-z]{24}',
};

/** Why an answer is not the golden one, or null. Remembers what the file names. */
export const differenceTo = ({ answer }: Exchange, heard: string, names: Names): string | null => {
  const said = normalise(heard);
  const wanted = answer.join('\n');
  const remembered: string[] = [];
  const pattern = wanted
    .split(/(<[a-z]+(?: \$[a-z]+)?>)/)
    .map((part) => {
      const [, form, name] = /^<([a-z]+)(?: \$([a-z]+))?>$/.exec(part) ?? [];
      if (form === undefined || (FORMS[form] === undefined && !names.has(form))) return RegExp.escape(part);
      if (FORMS[form] === undefined) return RegExp.escape(names.get(form)!);
      if (name !== undefined) remembered.push(name);
      return name === undefined ? `(?:${FORMS[form]})` : `(${FORMS[form]})`;
    })
    .join('');
  const match = new RegExp(`^${pattern}$`).exec(said);
  if (match === null) return `wanted\n${wanted}\n\nheard\n${said}`;
  for (const [i, name] of remembered.entries()) names.set(`$${name}`, match[i + 1]!);
  return null;
};

const HTTPS_OWN = /^(?:date|connection|keep-alive|content-length|transfer-encoding):/i;
/** On every answer; shown once, in `headers.txt`. */
const SECURITY =
  /^(?:cache-control: no-store|content-security-policy|cross-origin-resource-policy|referrer-policy|x-content-type-options)/i;

export const normalise = (heard: string, withSecurity = false): string => {
  const [head = '', ...body] = heard.split('\r\n\r\n');
  const lines = head.split('\r\n').filter((line) => !HTTPS_OWN.test(line) && (withSecurity || !SECURITY.test(line)));
  const text = body.join('\r\n\r\n').replace(/\n$/, '');
  return (text === '' ? lines : [...lines, '', text]).join('\n');
};
