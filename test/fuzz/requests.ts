import { ROUTES, ROUTE_IDS, type Route, type RouteId } from '#contract';
import fc from 'fast-check';
import { z } from 'zod';
import { hostileText } from '../hostile.ts';

/** A request as bytes on a wire: the target and the headers are sent exactly as they stand. */
export type FuzzedRequest = {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
};

type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
};

/** Words of this world, so that some of what is made up comes through the first checks. */
const WORDS = [
  'porch',
  'home',
  'prod',
  'mqtt',
  'mqtt/password',
  'ada',
  'owner',
  'self',
  'credential.read',
  '30d',
  'bearer-gold',
];
const ODD_WORDS = [
  '',
  ' ',
  '.',
  '..',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\ud800',
  '\ufeff',
  'Ａ',
  'é',
  'e\u0301',
  '9'.repeat(40),
  'x'.repeat(2_000),
  '2026-13-45T99:99:99Z',
  '-1',
  '0x10',
  '1e9',
  'null',
];

const word: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD_WORDS) },
  { weight: 2, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);

/** JSON text of a number that a careless reader would change, or that is none. */
const numberText = fc.constantFrom(
  '0',
  '-0',
  '1',
  '-1',
  '1.5',
  '1e400',
  '-1e-400',
  '9007199254740993',
  '123456789012345678901234567890',
  '0.1000000000000000055',
  '1E5',
);

const leafText: fc.Arbitrary<string> = fc.oneof(
  word.map((text) => JSON.stringify(text)),
  numberText,
  fc.constantFrom(
    'true',
    'false',
    'null',
    '[]',
    '{}',
    '"\\ud800"',
    '"\\u0000"',
    '{"a":1,"a":2}',
    '{"__proto__":{"x":1}}',
  ),
  fc.integer({ min: 1, max: 200 }).map((depth) => `${'['.repeat(depth)}1${']'.repeat(depth)}`),
  fc.integer({ min: 1, max: 200 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.integer({ min: 100, max: 5_000 }).map((count) => `[${'1,'.repeat(count)}1]`),
);

/** Bodies near the schema: mostly right, with something wrong here and there. */
const bodyFor = (schema: Schema): fc.Arbitrary<string> => {
  const right = valueFor(schema);
  return fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: leafText });
};

const valueFor = (schema: Schema): fc.Arbitrary<string> => {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(bodyFor));
  if (schema.enum !== undefined)
    return fc.oneof(fc.constantFrom(...schema.enum.map((one) => JSON.stringify(one))), leafText);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return schema.properties === undefined ? freeObject : objectFor(schema.properties);
    case 'array':
      return fc.array(bodyFor(schema.items ?? {}), { maxLength: 3 }).map((items) => `[${items.join(',')}]`);
    case 'string':
      return word.map((text) => JSON.stringify(text));
    case 'boolean':
      return fc.boolean().map(String);
    case 'integer':
    case 'number':
      return fc.oneof(fc.nat(5).map(String), numberText);
    default:
      return leafText;
  }
};

const freeObject: fc.Arbitrary<string> = fc
  .array(fc.tuple(word, leafText), { maxLength: 3 })
  .map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`);

const objectFor = (properties: Readonly<Record<string, Schema>>): fc.Arbitrary<string> =>
  fc
    .tuple(
      ...Object.entries(properties).map(([name, part]) =>
        fc.option(
          bodyFor(part).map((value) => `${JSON.stringify(name)}:${value}`),
          { nil: undefined, freq: 8 },
        ),
      ),
      fc.option(
        fc.tuple(word, leafText).map(([name, value]) => `${JSON.stringify(name)}:${value}`),
        { nil: undefined, freq: 1 },
      ),
    )
    .map((fields) => `{${fields.filter((field) => field !== undefined).join(',')}}`);

/** Mutilated text: cut off, doubled, with a byte changed. */
const mutilated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('cut', 'double', 'swap', 'junk'))
    .map(([body, where, how]) => {
      const at = Math.floor(where * body.length);
      if (how === 'cut') return body.slice(0, at);
      if (how === 'double') return body + body;
      if (how === 'junk') return `${body.slice(0, at)}\u0000${body.slice(at)}`;
      return `${body.slice(0, at)}}${body.slice(at + 1)}`;
    });

/** A part of a path: what belongs there, or one of the tricks that make a path mean two things. */
const part = (known: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...known, ...WORDS.slice(0, 5)) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '..',
        '.',
        '',
        '%2f',
        '%2F..%2f',
        '%00',
        '%5c',
        '%20',
        'a%20',
        '%20a',
        '%',
        '%zz',
        '%c0%af',
        '%ff',
        '%e2%80%8b',
        '%2e%2e',
        'PORCH',
        ';x',
        'a:b',
        '*',
        '%3f',
        '%23',
        '\u00e9',
      ),
    },
    { weight: 1, arbitrary: word.map((text) => encodeURIComponent(text.toWellFormed())) },
  );

const queryText: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'version',
        'list',
        'limit',
        'after',
        'project',
        'environment',
        'prefix',
        'own',
        'reason',
        'forget',
        'state',
        'identity',
        'action',
        'path',
        'help',
        '__proto__',
        'x',
      ),
      fc.oneof(word, fc.constantFrom('true', '1', '0', '500', '99999999999999999999', '2026-01-01T00:00:00Z')),
    ),
    { maxLength: 4 },
  )
  .map((pairs) =>
    pairs.length === 0
      ? ''
      : `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')}`,
  );

const oddHeaders: fc.Arbitrary<readonly (readonly [string, string])[]> = fc.array(
  fc.constantFrom<readonly [string, string]>(
    ['If-Match', '"1"'],
    ['If-Match', '*'],
    ['If-Match', 'W/"99"'],
    ['Idempotency-Key', 'again-and-again'],
    ['Idempotency-Key', 'x'.repeat(200)],
    ['X-Vault-Namespace', 'porch'],
    ['X-Vault-Namespace', '../other'],
    ['X-Vault-Wrap-TTL', '60s'],
    ['X-Vault-Wrap-TTL', '99999999999h'],
    ['X-Vault-Request', 'false'],
    ['X-Forwarded-For', '203.0.113.9, junk'],
    ['Accept', 'text/html'],
    ['Accept-Encoding', 'gzip'],
    ['Content-Encoding', 'gzip'],
    ['Expect', '100-continue'],
    ['Range', 'bytes=0-1'],
    ['Origin', 'https://evil.example'],
    ['Authorization', 'Bearer chtl_twice'],
    ['Authorization', 'Basic YTpi'],
    ['X-Vault-Token', 'chtl_other'],
    ['Cookie', 'a=b'],
    ['Upgrade', 'h2c'],
    ['X-HTTP-Method-Override', 'DELETE'],
  ),
  { maxLength: 3 },
);

const contentType = fc.constantFrom(
  'application/json',
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'application/merge-patch+json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
);

const request = (
  method: fc.Arbitrary<string>,
  target: fc.Arbitrary<string>,
  body: fc.Arbitrary<string>,
): fc.Arbitrary<FuzzedRequest> =>
  fc
    .record({
      method,
      target,
      query: fc.option(queryText, { nil: '', freq: 2 }),
      body: fc.oneof({ weight: 6, arbitrary: body }, { weight: 1, arbitrary: mutilated(body) }),
      headers: oddHeaders,
      type: contentType,
    })
    .map(({ query, type, headers, ...rest }) => ({
      ...rest,
      target: rest.target + query,
      headers: type === '' ? headers : [['Content-Type', type] as const, ...headers],
    }));

/** Requests to one route of our API, with ids that exist among those that are tried. */
export const controlRequest = (id: RouteId, known: readonly string[]): fc.Arbitrary<FuzzedRequest> => {
  const route: Route = ROUTES[id];
  const schema = route.body === undefined ? null : (z.toJSONSchema(route.body, { io: 'input' }) as Schema);
  const target = fc.array(part(known), { minLength: 1, maxLength: 5 }).map((parts) => {
    let next = 0;
    const filled = route.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
      name === 'path' ? parts.join('/') : (parts[next++ % parts.length] ?? 'x'),
    );
    return `/api${filled}`;
  });
  return request(fc.constant(route.method), target, schema === null ? fc.constant('') : bodyFor(schema));
};

const VAULT_FIELDS: Schema = {
  type: 'object',
  properties: {
    data: { type: 'object' },
    options: { type: 'object', properties: { cas: { type: 'integer' } } },
    versions: { type: 'array', items: { type: 'integer' } },
    custom_metadata: { type: 'object' },
    max_versions: { type: 'integer' },
    token: { type: 'string' },
    accessor: { type: 'string' },
    paths: { type: 'array', items: { type: 'string' } },
    ttl: { type: 'string' },
    increment: { type: 'string' },
    policies: { type: 'array', items: { type: 'string' } },
    key: { type: 'string' },
  },
};

/** Requests to one path of the Vault face. */
export const vaultRequest = (path: string, known: readonly string[]): fc.Arbitrary<FuzzedRequest> =>
  request(
    fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'LIST', 'OPTIONS', 'TRACE'),
    fc.array(part(known), { maxLength: 6 }).map((parts) => `/v1/${path.replace('*', parts.join('/'))}`),
    bodyFor(VAULT_FIELDS),
  );

/** Those that would end or lock what the fuzz stands on; each has its own tests. */
export const LEFT_OUT: ReadonlySet<RouteId> = new Set<RouteId>([
  'lock.do',
  'unlock.do',
  'rekey.do',
  'sign-in.end',
  'sign-in.kit',
  'kit.create',
  'backup.create',
]);

export const FUZZED = ROUTE_IDS.filter((id) => !LEFT_OUT.has(id));
