import type { JsonObject } from '#kernel';
import { z } from 'zod';
import { PROBLEM_TYPE, problem } from './problem.ts';
import { type Route, takesKey } from './route.ts';
import { ROUTES, ROUTE_IDS } from './routes.ts';

type Schema = { readonly [key: string]: unknown };

/** OpenAPI 3.1 of the whole API. Its schemas are JSON Schema 2020-12, which zod writes as they are. */
export const openApi = (version: string): JsonObject => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const id of ROUTE_IDS) {
    const route: Route = ROUTES[id];
    const at = `/api${documentedPath(route)}`;
    paths[at] = { ...paths[at], [route.method.toLowerCase()]: operation(id, route) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Chatelaine',
      version,
      description:
        "The keeper of the keys of a smart home's software. The name of a credential may hold further slashes; send them as they are, never as %2F.",
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'chtl_' } },
    },
  } as unknown as JsonObject;
};

/** A credential's path is three parameters, of which the last takes the rest of the URL. */
export const documentedPath = ({ path }: Route): string => path.replace('{path}', '{project}/{environment}/{name}');

const operation = (id: string, route: Route): Schema => ({
  operationId: id,
  summary: route.summary,
  tags: [route.tag],
  security: route.auth === 'caller' ? [{ token: [] }] : [],
  parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
  ...(route.body === undefined
    ? {}
    : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } } }),
  responses: {
    [route.status]: {
      description: route.summary,
      ...(route.etag === true ? { headers: { ETag: { schema: { type: 'string' } } } } : {}),
      ...(route.answer === null
        ? {}
        : { content: { 'application/json': { schema: schemaOf(route.answer, 'output') } } }),
    },
    ...(route.unchanged === true
      ? { 304: { description: 'What If-None-Match names is what there is; decided and counted, not an entry' } }
      : {}),
    default: {
      description: 'A problem (RFC 9457)',
      content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
});

const pathParameters = (route: Route): Schema[] => {
  const described = route.params === undefined ? {} : properties(schemaOf(route.params, 'input'));
  return [...documentedPath(route).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: described[name] ?? { type: 'string' },
  }));
};

const queryParameters = (route: Route): Schema[] => {
  if (route.query === undefined) return [];
  const schema = schemaOf(route.query, 'input');
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.entries(properties(schema)).map(([name, field]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: field,
  }));
};

const headerParameters = (route: Route): Schema[] => [
  ...(route.ifMatch === true ? [header('If-Match', 'The ETag that the change is made on; 412 when it moved on')] : []),
  ...(route.unchanged === true
    ? [header('If-None-Match', 'ETags of versions that the caller has; 304 when one of them is what there is')]
    : []),
  ...(takesKey(route)
    ? [header('Idempotency-Key', 'A repeated call with the same key and content gets the first answer, for 24 hours')]
    : []),
];

const header = (name: string, description: string): Schema => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', maxLength: 128 },
});

const properties = (schema: Schema): Readonly<Record<string, Schema>> =>
  (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Schema => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io }) as Schema;
  return rest;
};
