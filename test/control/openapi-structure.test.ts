import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApi } from '#contract';

/**
 * The structure of an OpenAPI 3.1 document as far as ours uses it, field by field as the specification's section 4.8
 * has it: what is required there is required here, and nothing else may stand in an object. A field that ours begins
 * to use has to be added here first.
 */
const text = { type: 'string', minLength: 1 };
const schemaObject = { type: 'object' };
const closed = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});
const mapOf = (key: string, value: object) => ({
  type: 'object',
  minProperties: 1,
  patternProperties: { [key]: value },
  additionalProperties: false,
});
const media = mapOf('^[a-z]+/[a-z0-9.+-]+$', closed(['schema'], { schema: schemaObject }));
const header = closed(['schema'], { description: text, schema: schemaObject });
const response = closed(['description'], { description: text, headers: mapOf('^[A-Za-z-]+$', header), content: media });
const parameter = {
  ...closed(['name', 'in', 'required', 'schema'], {
    name: text,
    in: { enum: ['path', 'query', 'header'] },
    required: { type: 'boolean' },
    description: text,
    schema: schemaObject,
  }),
  // 4.8.12.2.1: a parameter in the path is required.
  if: { properties: { in: { const: 'path' } } },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { properties: { required: { const: true } } },
};
const operation = closed(['operationId', 'summary', 'responses', 'security'], {
  operationId: { type: 'string', pattern: '^[a-z-]+\\.[a-z-]+$' },
  summary: text,
  tags: { type: 'array', items: text, minItems: 1 },
  security: { type: 'array', items: mapOf('^\\w+$', { type: 'array', items: text }) },
  parameters: { type: 'array', items: parameter },
  requestBody: closed(['content'], { required: { type: 'boolean' }, content: media }),
  responses: mapOf('^(?:default|[1-5]\\d\\d)$', response),
});
const STRUCTURE = closed(['openapi', 'info', 'paths', 'components'], {
  openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
  jsonSchemaDialect: { type: 'string', format: 'uri' },
  info: closed(['title', 'version'], { title: text, version: text, description: text }),
  paths: mapOf('^/', {
    ...mapOf('^(?:get|put|post|delete|patch)$', operation),
  }),
  components: closed([], {
    schemas: mapOf('^[A-Za-z0-9._-]+$', schemaObject),
    securitySchemes: mapOf(
      '^[A-Za-z0-9._-]+$',
      closed(['type', 'scheme'], { type: { const: 'http' }, scheme: { const: 'bearer' }, bearerFormat: text }),
    ),
  }),
});

type Operation = {
  operationId: string;
  security: Record<string, unknown>[];
  parameters: { name: string; in: string }[];
};
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
};

const validate = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(STRUCTURE);

/** What is wrong with a document, beyond what a schema can say as well. */
const faultsOf = (document: unknown): string[] => {
  if (!validate(document)) return validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  const { paths, components } = document as Document;
  const faults: string[] = [];
  const ids = new Set<string>();
  for (const [path, methods] of Object.entries(paths)) {
    const inTemplate = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name!);
    if (new Set(inTemplate).size !== inTemplate.length) faults.push(`${path} names a parameter twice`);
    for (const { operationId, parameters, security } of Object.values(methods)) {
      if (ids.has(operationId)) faults.push(`${operationId} is there twice`);
      ids.add(operationId);
      const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      if (inPath.toSorted().join() !== inTemplate.toSorted().join()) faults.push(`${operationId}: ${inPath.join()}`);
      if (new Set(parameters.map((one) => `${one.in} ${one.name}`)).size !== parameters.length)
        faults.push(`${operationId} has a parameter twice`);
      for (const name of security.flatMap((one) => Object.keys(one)))
        if (!Object.hasOwn(components.securitySchemes, name)) faults.push(`${operationId}: no scheme ${name}`);
    }
  }
  // 4.8.8.2: templates that differ only in their names are one path.
  const shapes = Object.keys(paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}'));
  if (new Set(shapes).size !== shapes.length) faults.push('two paths have the same shape');
  for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(reference!)?.[1];
    if (name === undefined || !Object.hasOwn(components.schemas, name)) faults.push(`${reference} leads nowhere`);
  }
  return faults;
};

const fresh = () => JSON.parse(JSON.stringify(openApi('1.2.3'))) as Document & Record<string, unknown>;

test('the document has the structure of OpenAPI 3.1, and every reference in it leads somewhere', () => {
  assert.deepEqual(faultsOf(fresh()), []);
});

test('a document that is broken in one place is refused for it', () => {
  const first = (document: Document): Operation => Object.values(Object.values(document.paths)[0]!)[0]!;
  const breaks: readonly ((document: ReturnType<typeof fresh>) => void)[] = [
    (document) => (document['openapi'] = '3.0.3'),
    (document) => delete document['info'],
    (document) => (document['webhook'] = {}),
    (document) => delete (first(document) as Partial<Operation>).operationId,
    (document) => (first(document).security = [{ cookie: [] }]),
    (document) => first(document).parameters.push({ name: 'id', in: 'path' }),
    (document) => (document.paths['no-slash'] = document.paths['/api/status']!),
    (document) => (document.paths['/api/twice'] = document.paths['/api/status']!),
    (document) => (document.components.schemas['Other'] = { $ref: '#/components/schemas/Nobody' }),
  ];
  for (const [i, change] of breaks.entries()) {
    const document = fresh();
    change(document);
    assert.notDeepEqual(faultsOf(document), [], `break ${i}`);
  }
});
