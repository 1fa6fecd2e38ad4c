import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ROUTES, ROUTE_IDS, type Route, documentedPath, openApi } from '#contract';
import { apiDocument } from './api-document.ts';
import { openControlHouse } from './control-house.ts';

type Operation = {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: { 'application/json': { schema: object } } };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
};
const document = openApi('1.2.3') as unknown as { openapi: string; paths: Record<string, Record<string, Operation>> };

test('the document is OpenAPI 3.1 and tells of every route once', () => {
  assert.equal(document.openapi, '3.1.0');
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  assert.deepEqual(operations.map(({ operationId }) => operationId).toSorted(), [...ROUTE_IDS].toSorted());
  for (const id of ROUTE_IDS) {
    const route: Route = ROUTES[id];
    const operation = document.paths[`/api${documentedPath(route)}`]![route.method.toLowerCase()]!;
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    assert.deepEqual(
      inPath,
      [...documentedPath(route).matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      id,
    );
    assert.ok(operation.responses[String(route.status)], id);
    assert.equal(operation.requestBody !== undefined, route.body !== undefined, id);
  }
});

test('every schema is JSON Schema 2020-12, closed, and bounds every text that comes in', () => {
  const ajv = new Ajv2020({ strict: true, validateFormats: false });
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const what = `${method} ${path}`;
      const incoming = operation.parameters.filter((one) => one.in === 'query').map(({ schema }) => schema);
      const body = operation.requestBody?.content['application/json'].schema;
      if (body !== undefined) incoming.push(body);
      const outgoing = Object.entries(operation.responses).flatMap(([status, { content }]) =>
        status === 'default' ? [] : Object.values(content ?? {}).map(({ schema }) => schema),
      );
      for (const schema of [...incoming, ...outgoing]) ajv.compile(schema);
      for (const schema of incoming) assertBounded(schema, what);
    }
});

type Schema = {
  type?: string | string[];
  maxLength?: number;
  maxItems?: number;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  const?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
};

const assertBounded = (schema: Schema, what: string): void => {
  if (schema.type === 'string')
    assert.ok(
      schema.maxLength !== undefined ||
        schema.enum !== undefined ||
        schema.pattern !== undefined ||
        schema.format !== undefined,
      `${what}: ${JSON.stringify(schema)}`,
    );
  if (schema.type === 'array')
    assert.ok(schema.maxItems !== undefined, `${what}: ${JSON.stringify(schema).slice(0, 200)}`);
  if (schema.type === 'object' && schema.properties !== undefined)
    assert.equal(schema.additionalProperties, false, what);
  for (const [name, part] of Object.entries(schema.properties ?? {})) assertBounded(part, `${what}.${name}`);
  if (schema.items !== undefined) assertBounded(schema.items, `${what}[]`);
  for (const part of schema.anyOf ?? []) assertBounded(part, what);
};

test('the server gives the document, to anybody', async (t) => {
  const house = await openControlHouse(t);
  const response = await fetch(`${house.url}/api/openapi.json`);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.deepEqual(await response.json(), JSON.parse(JSON.stringify(openApi('0.0.0-test'))));
});

test('docs/api.md says what the contract says', async () => {
  const page = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  assert.equal(page, apiDocument(), 'Regenerate: node test/control/api-document.ts');
});
