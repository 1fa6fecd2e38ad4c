import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Client, type Transport, openClient } from '#client';
import { httpTransport } from '#client/node';
import { PROBLEM_TYPE, ROUTES, ROUTE_IDS, type RouteId, documentedPath, openApi } from '#contract';
import { ChatelaineError, Secret, parseJson, utf8Text } from '#kernel';
import { type TestHouse, type TestHouseOptions, type Tokens, openTestHouse } from '../house.ts';

export type ControlHouse = TestHouse & {
  /** A client with the token of a role; every answer it gets was checked against the OpenAPI document. */
  as(role: keyof Tokens): Client;
  with(token: string | undefined): Client;
  /** Through the socket, on one connection, without a token. */
  local(): Client;
};

/** A listening house with our own API, closed when the test ends. */
export const openControlHouse = async (t: TestContext, options: TestHouseOptions = {}): Promise<ControlHouse> => {
  const house = await openTestHouse(options);
  const clients: Client[] = [];
  const keep = (client: Client): Client => {
    clients.push(client);
    return client;
  };
  const over = (place: { url: string } | { socket: string }, token: string | undefined): Client => {
    const transport = checkedTransport(httpTransport({ place, agent: 'test' }));
    return keep(openClient({ transport, token: () => (token === undefined ? undefined : Secret.fromText(token)) }));
  };
  t.after(async () => {
    for (const client of clients) client.close();
    await house.close();
  });
  return {
    ...house,
    as: (role) => over({ url: house.url }, house.tokens[role]),
    with: (token) => over({ url: house.url }, token),
    local: () => over({ socket: house.socket }, undefined),
  };
};

/** Fails the test when an answer is not as the document says. */
export const checkedTransport = (inner: Transport): Transport => ({
  close: () => inner.close(),
  async send(exchange) {
    const answered = await inner.send(exchange);
    const { status, headers } = answered;
    checkAnswer(exchange.method, exchange.target, status, headers['content-type'], utf8Text(answered.body));
    return answered;
  },
});

export const checkAnswer = (
  method: string,
  target: string,
  status: number,
  type: string | undefined,
  body: string,
): void => {
  const id = routeAt(method, target);
  const expected = id === undefined ? undefined : ROUTES[id].status;
  if (status >= 400) {
    assert.equal(type, PROBLEM_TYPE, `${method} ${target} ${status}`);
    assertValid('problem', parseJson(body), `${method} ${target} ${status}`);
  } else if (status === 304) {
    assert.ok(id !== undefined && 'unchanged' in ROUTES[id], `${method} ${target} has nothing to be unchanged`);
    assert.equal(body, '');
  } else {
    assert.equal(status, expected, `${method} ${target}`);
    if (status === 204) assert.equal(body, '');
    else assertValid(id!, JSON.parse(body), `${method} ${target}`);
  }
};

const routeAt = (method: string, target: string): RouteId | undefined => {
  const path = target.split('?', 1)[0]!;
  const matching = ROUTE_IDS.filter((id) => ROUTES[id].method === method && patternOf(ROUTES[id].path).test(path));
  return matching.toSorted(
    (a, b) =>
      Number(ROUTES[a].path.includes('{')) - Number(ROUTES[b].path.includes('{')) ||
      ROUTES[b].path.length - ROUTES[a].path.length,
  )[0];
};

const patternOf = (path: string): RegExp =>
  new RegExp(`^/api${path.replace('{path}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

const document = openApi('0.0.0-test') as unknown as {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  components: { schemas: { Problem: object } };
};
const ajv = new Ajv2020({ strict: true, allErrors: true, validateFormats: false });
const validators = new Map<string, ValidateFunction>();

const validatorFor = (id: RouteId | 'problem'): ValidateFunction => {
  let validate = validators.get(id);
  if (validate === undefined) {
    validate = ajv.compile(id === 'problem' ? document.components.schemas.Problem : schemaOf(id));
    validators.set(id, validate);
  }
  return validate;
};

export const schemaOf = (id: RouteId): object => {
  const route = ROUTES[id];
  const operation = document.paths[`/api${documentedPath(route)}`]![route.method.toLowerCase()]!;
  return operation.responses[String(route.status)]!.content!['application/json']!.schema;
};

const assertValid = (id: RouteId | 'problem', body: unknown, what: string): void => {
  const validate = validatorFor(id);
  assert.ok(validate(JSON.parse(JSON.stringify(body))), `${what}: ${JSON.stringify(validate.errors)}`);
};

/** Runs a call that must be refused, and gives the refusal. */
export const refusal = async (call: Promise<unknown>, code?: string): Promise<ChatelaineError> => {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof ChatelaineError, String(error));
    if (code !== undefined) assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail('It was not refused.');
};

export type Raw = { readonly status: number; readonly headers: Headers; readonly body: string };

/** A request that no client of ours would make; its answer is checked all the same. */
export const raw = async (house: TestHouse, method: string, target: string, init: RequestInit = {}): Promise<Raw> => {
  const response = await fetch(`${house.url}${target}`, { method, ...init });
  const body = await response.text();
  if (target.startsWith('/api/') && response.status >= 400 && routeAt(method, target) !== undefined)
    checkAnswer(method, target, response.status, response.headers.get('content-type') ?? undefined, body);
  return { status: response.status, headers: response.headers, body };
};

export const bearer = (token: string, type: string | null = 'application/json'): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...(type === null ? {} : { 'content-type': type }),
});
