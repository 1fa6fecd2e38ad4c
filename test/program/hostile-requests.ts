import { ROUTES, ROUTE_IDS, type Route } from '#contract';
import { z } from 'zod';
import type { Plant } from './canary.ts';

/** A request as it goes over the wire; nothing repairs it. */
export type Request = {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Where a canary stands in a request decides where it may be seen again. */
export type Plants = {
  readonly body: Plant;
  /** Of fields, query parameters and namespaces: names are quoted to who sent them, and to nobody else. */
  readonly name: Plant;
  readonly header: Plant;
  readonly path: Plant;
  readonly query: Plant;
  readonly token: Plant;
};

export type RouteShape = {
  readonly method: string;
  readonly path: string;
  /** JSON Schema of the body, where one is known. */
  readonly body: Schema | null;
};

type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};

/** Every route of our API. `{…}` stands for what is filled in. */
export const controlShapes = (): readonly RouteShape[] =>
  ROUTE_IDS.map((id) => {
    const { method, path, body }: Route = ROUTES[id];
    const schema = body === undefined ? null : (z.toJSONSchema(body, { io: 'input' }) as Schema);
    return { method, path: `/api${path}`, body: schema };
  });

/** Everything wrong in one request after another, with a planted text in each wrong place. */
export function* hostileRequests(shape: RouteShape, plants: Plants, token: string): Generator<Request> {
  const { method, path, body } = shape;
  const good = path.replaceAll(/\{\w+\}/g, 'porch').replace(/\/\*$/, '/porch/home/none');
  const at = (text: string) => path.replaceAll(/\{\w+\}|\*$/g, encodeURIComponent(text));
  const auth = { authorization: `Bearer ${token}`, 'x-vault-token': token };
  const typed = { ...auth, 'content-type': 'application/json' };
  const taken = method !== 'GET' && method !== 'HEAD' && method !== 'LIST';

  yield { method, target: at(plants.path.plain()), headers: auth };
  yield { method, target: `${at(plants.path.hostile())}/..%2f${plants.path.plain()}`, headers: auth };
  const query = new URLSearchParams({
    [plants.name.plain()]: plants.query.hostile(),
    version: plants.query.plain(),
    list: plants.query.plain(),
  });
  yield { method, target: `${good}?${query.toString()}`, headers: auth };
  for (const bad of [plants.token.plain(), `chtl_${plants.token.plain()}`, plants.token.plain().repeat(20)]) {
    yield { method, target: good, headers: { authorization: `Bearer ${bad}` } };
    yield { method, target: good, headers: { 'x-vault-token': bad } };
  }
  yield {
    method,
    target: good,
    headers: { authorization: `Basic ${Buffer.from(`ada:${plants.token.plain()}`).toString('base64')}` },
  };
  yield {
    method,
    target: good,
    headers: {
      ...auth,
      cookie: `session=${plants.header.plain()}`,
      'if-match': plants.header.plain(),
      'idempotency-key': plants.header.plain(),
      'x-vault-namespace': plants.name.plain(),
      'x-vault-wrap-ttl': plants.header.plain(),
      'x-forwarded-for': plants.header.plain(),
      'content-type': `text/${plants.header.plain()}`,
      [`x-${plants.header.plain()}`]: plants.header.plain(),
    },
  };
  if (!taken) return;
  const text = () => plants.body.hostile();
  const name = () => plants.name.plain();
  const texts = { value: text, name: () => plants.name.hostile() };
  const send = (content: string): Request => ({ method, target: good, headers: typed, body: content });
  yield send(`{"value":{"value":${JSON.stringify(text())}`);
  yield send(JSON.stringify(text()));
  yield send(`{"data":${JSON.stringify(text())},"${name()}":1`);
  yield send(
    JSON.stringify({ [name()]: text(), data: text(), options: text(), token: text(), passphrase: text(), key: text() }),
  );
  yield send(JSON.stringify({ data: { value: [text()], [name()]: { deep: text() } }, options: { cas: text() } }));
  yield send(`${'['.repeat(80)}${JSON.stringify(text())}${']'.repeat(80)}`);
  yield { ...send(text()), headers: { ...auth, 'content-type': 'text/plain' } };
  if (body === null) return;
  yield send(JSON.stringify(fill(body, text, 'right', texts)));
  yield send(JSON.stringify(fill(body, text, 'wrong', texts)));
  for (const field of Object.keys(body.properties ?? {}))
    yield send(JSON.stringify({ ...(fill(body, text, 'right', texts) as object), [field]: [{ [name()]: text() }] }));
}

type Texts = { readonly value: () => string; readonly name: () => string };
/** Fields whose text names something; a refusal may quote a name. */
const NAMING: ReadonlySet<string> = new Set([
  'name',
  'identity',
  'project',
  'environment',
  'prefix',
  'path',
  'paths',
  'to',
  'addresses',
]);

/** A body with a planted text in every place: of the right type where a text belongs there, or everywhere. */
const fill = (schema: Schema, text: () => string, how: 'right' | 'wrong', texts: Texts): unknown => {
  if (how === 'wrong' && schema.properties === undefined) return [text()];
  const [first] = schema.anyOf ?? [];
  if (first !== undefined) return fill(first, text, how, texts);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return schema.properties === undefined
        ? { value: text() }
        : Object.fromEntries(
            Object.entries(schema.properties).map(([field, part]) => [
              field,
              fill(part, NAMING.has(field) ? texts.name : texts.value, how, texts),
            ]),
          );
    case 'array':
      return schema.items === undefined ? [] : [fill(schema.items, text, how, texts)];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return false;
    default:
      return text();
  }
};
